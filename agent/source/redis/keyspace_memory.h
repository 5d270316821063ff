// From read to read: what is known of a keyspace, and what it adds to a read.
#pragma once

#include "absl/time/time.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/known_keyspace.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/value_memory.h"
#include "snapshot/section.h"

namespace varve::redis {

// Generalises `known` as far as `reading` does, forgets patterns and databases of which whole reads
// have found no key for config.keep_empty, and puts those that are left and have no key now into
// `reading`; likewise what keys of a pattern were of late: their types, and whether they expire.
// What was not read whole neither forgets nor gains any. A read counts for the time since the one
// before, a day at most: while nobody looked, keys may have been there.
void TakeWhatIsKnown(const RedisConfig& config, absl::Time now, KnownKeyspace& known,
                     KeyspaceReading& reading);

// Tells `memory` of values that earlier reads saw.
void TellValues(const KnownKeyspace& known, ValueMemory& memory);

// Makes known what `section` says of patterns.
void LearnPatterns(const Section& section, KnownKeyspace& known);

}  // namespace varve::redis
