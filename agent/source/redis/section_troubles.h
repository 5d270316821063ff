// What a section says of what it could not read: errors, warnings, coverage.
#pragma once

#include "agent/source/redis/redis_section.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

inline constexpr absl::string_view kServerKind = "redis_server";
inline constexpr absl::string_view kDatabaseKind = "redis_database";
inline constexpr absl::string_view kPatternKind = "key_pattern";

// Why what the server refused is not seen.
v1::Sight SightOf(Refusal refusal);

// Why the structure of the patterns of a database is not known; captured where it is. One pattern's
// keys may still be out of reach.
v1::Sight PatternSight(const RedisConfig& config, const KeyspaceReading& keyspace,
                       const DatabaseReading& database);

// States the coverage of every kind, and an error or a warning for each thing that is missing. Its
// reasons are the same at every read of the same trouble.
void TellTroubles(const RedisConfig& config, const RedisReading& reading, SectionBuilder& builder);

}  // namespace varve::redis
