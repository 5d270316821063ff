// The name that was probably meant.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve {

// Fewest edits (a byte more, a byte less, another byte) that make `b` of `a`.
size_t EditDistance(absl::string_view a, absl::string_view b);

// The one of `names` that is nearest to `name`, the first of equally near ones; empty where there
// is none.
std::string NearestName(absl::string_view name, absl::Span<const std::string> names);

// The same, but only where it is near enough to have been meant: of the longer one's bytes at most
// a third differ, but one always may.
std::string LikelyName(absl::string_view name, absl::Span<const std::string> names);

}  // namespace varve
