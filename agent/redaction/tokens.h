// Secrets that show what they are by their own form. Hand-written scanners: linear time, no
// backtracking.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace varve {

// Each returns how many bytes at the start of `text` are such a thing; 0 where it is none. The
// caller sees to it that what comes before is no letter or digit.

// eyJ….….…: a JSON Web Token, signed or encrypted.
size_t JwtSize(absl::string_view text);
// An API key of a known vendor: AKIA…, ghp_…, sk_live_…, xoxb-…
size_t VendorTokenSize(absl::string_view text);
// Whether `text` begins as one of these two do: never false where one stands there. Costs the same
// for any text.
bool MayBeginToken(absl::string_view text);
// "-----BEGIN … PRIVATE KEY-----" up to its end line, or to the end of `text` where that is
// missing.
size_t PrivateKeySize(absl::string_view text);

// An e-mail address around the '@' at `at`: [begin, end) in `text`; begin == end where it is none.
// Never looks at what lies before `floor`.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};
Range EmailAround(absl::string_view text, size_t at, size_t floor);

// Whether all of `word` is something opaque: 12 bytes or more of letters, digits, '_', '-' with two
// digits or more.
bool IsOpaque(absl::string_view word);

}  // namespace varve
