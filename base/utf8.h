// Text from outside, as UTF-8.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace varve {

// `bytes` as they are where they are valid UTF-8 (without NUL); else each byte that is not part of
// a valid character as \xNN, and each backslash doubled.
std::string ToUtf8(absl::string_view bytes);

// The same with each backslash doubled in valid texts too, so that no two texts become one.
std::string EscapedUtf8(absl::string_view bytes);

// The bytes of which EscapedUtf8 made `text`. A backslash that it did not write stays.
std::string UnescapedUtf8(absl::string_view text);

// Whether `bytes` are valid UTF-8 without NUL.
bool IsUtf8(absl::string_view bytes);

}  // namespace varve
