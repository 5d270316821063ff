// Bearer tokens: `varve_adm_` + 43 base62 characters (256 random bits) + `_` + 6 base62 characters
// of their CRC-32, so that a scanner finds them without false hits. Known to the collector by their
// SHA-256 alone.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

using TokenHash = std::array<uint8_t, 32>;

// A new token of the role whose prefix is given ("adm"). Errors: kInternal (no random numbers to be
// had).
absl::StatusOr<std::string> MakeToken(absl::string_view role_prefix);

// Whether `token` has the form and its checksum fits; says nothing about whether it is known.
bool IsTokenForm(absl::string_view token);

TokenHash HashToken(absl::string_view token);

// The admin token beside the database: read from `path`, or made and written there (0600) where
// there is no such file. Errors: kPermissionDenied (the file is readable by others, or not by us),
// kInvalidArgument (it holds no token).
absl::StatusOr<std::string> LoadOrMakeAdminToken(const std::string& path);

}  // namespace varve
