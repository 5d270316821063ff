// Random bytes written in base64, in a key's name.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace varve::redis {

// No shorter text is taken for base64.
inline constexpr size_t kShortestBase64 = 20;

// The size of the base64 that `text` begins with, of either alphabet, with or without padding; 0
// where it begins with none. 20 characters or more, with a digit inside and letters of both cases
// that alternate as no words do. Plain words that '-', '_' or '/' join to it are left out.
size_t Base64Size(absl::string_view text);

}  // namespace varve::redis
