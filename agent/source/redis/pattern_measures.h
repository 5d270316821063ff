// The figures of a pattern beyond how many keys it has: docs/formats.md lists them.
#pragma once

#include "agent/redaction/redaction.h"
#include "agent/source/redis/pattern_counts.h"
#include "agent/source/redis/value_reader.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

// How sizes and times to live spread, the biggest key, and sample keys, masked as names of keys
// are.
void MeasureKeys(const PatternCounts& counts, const Redactor& redactor, const EntityKey& key,
                 SectionBuilder& builder);

// What was counted on the values that were looked at.
void MeasureValues(const PatternValues& values, const EntityKey& key, SectionBuilder& builder);

}  // namespace varve::redis
