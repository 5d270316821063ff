// Figures of all keys from a sample of them, and how far they may be off.
#pragma once

#include <cstdint>

#include "agent/source/redis/pattern_table.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

// The truth lies within `bound` of `value` in 95 of 100 cases.
struct Estimate {
  int64_t value = 0;
  int64_t bound = 0;
};

// Of a sum over `all` keys, of which `sampled` have the sum and the sum of squares that are given.
// Nothing sampled: everything is possible, and the bound is not known (INT64_MAX).
Estimate EstimateSum(uint64_t all, uint64_t sampled, double sum, double sum_of_squares);
// Of how many of `all` keys are of a sort that `found` of `sampled` are of.
Estimate EstimateCount(uint64_t all, uint64_t sampled, uint64_t found);

// Whether `counted` keys agree with what the server said before and after; `let_go` keys expired or
// were evicted meanwhile. Half a percent of difference is other clients' doing.
bool Agrees(uint64_t counted, uint64_t before, uint64_t after, uint64_t let_go);

// Adds the estimates of a pattern of whose keys not all were probed: "memory_bytes_estimate" and,
// beside it, "memory_bytes_bound"; likewise of keys_with_ttl and keys_of_type.
void MeasureEstimates(const EntityKey& key, const PatternCounts& counts, SectionBuilder& builder);

}  // namespace varve::redis
