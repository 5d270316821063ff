// The mask key on disk.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "agent/redaction/redaction.h"

namespace varve {

// The key in `folder`/mask.key; where there is none, a new one of 32 random bytes, written so that
// of several processes that begin at once all get the same one. The file is 0600; `folder` must be
// there. Errors: kFailedPrecondition (others may read the file), kDataLoss (it holds no key),
// kPermissionDenied, kNotFound (no such folder), kUnavailable (the disk). The message names the
// file and what to do.
absl::StatusOr<MaskKey> LoadOrCreateMaskKey(const std::string& folder);

// A key of `bytes`, with the id that follows from them: the first 16 digits of a SHA-256 over them.
MaskKey MaskKeyOf(std::string bytes);

}  // namespace varve
