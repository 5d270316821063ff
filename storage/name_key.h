// The names of an identity as one column. docs/formats.md has a worked example.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// The names as bytes that no other list of names has, and that sort (byte by byte) as the lists do.
// Each name ends with the bytes 00 01; a byte 00 in it is written 00 FF.
std::string EncodeNames(const std::vector<std::string>& names);

// Errors: kDataLoss (no encoding of names).
absl::StatusOr<std::vector<std::string>> DecodeNames(absl::string_view bytes);

}  // namespace varve
