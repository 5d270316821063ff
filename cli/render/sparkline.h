// Numbers as a line of little bars.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace varve {

// "▁▂·▅█": from the least to the most of `values`, which is all in the middle where they are equal;
// "·" where nothing is known. At most `most` bars (1 or more): of more values neighbours share one,
// which shows the last of them that is known. Without `utf8` digits 1 to 8, and a dot.
std::string Sparkline(absl::Span<const std::optional<int64_t>> values, size_t most, bool utf8);

}  // namespace varve
