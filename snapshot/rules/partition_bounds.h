// Whether partitions leave something to none of them, by their bounds as PostgreSQL prints them:
// "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')".
#pragma once

#include <string>

#include "absl/types/span.h"

namespace varve {

// How bounds of a key of one column compare: numbers by value; dates and times by their text, of
// years of four digits; unknown not at all.
enum class KeyOrder { kNumbers, kTimes, kUnknown };

// "from 10 up to 20", the first gap between ranges; empty where there is none, where it cannot be
// told, and where a default partition takes what falls into it. What lies below the first range and
// above the last is no gap.
std::string RangeGap(absl::Span<const std::string> bounds, KeyOrder order);

// "1 of 4 remainders"; empty where each remainder has its partition, or a bound is not known.
std::string HashGap(absl::Span<const std::string> bounds);

}  // namespace varve
