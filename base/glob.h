// Glob patterns, as KEYS of Redis takes them.
#pragma once

#include "absl/strings/string_view.h"

namespace varve {

// Whether all of `text` fits `pattern`: * any bytes, ? one byte, [a-z] and [^a-z] one of a class, a
// backslash before a byte takes it as it is. Cost grows with the product of both sizes at most.
bool GlobMatches(absl::string_view pattern, absl::string_view text);

}  // namespace varve
