// A cluster's shards as entities.
#pragma once

#include "agent/source/redis/redis_section.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

// Adds each shard, and says of their kind how it was looked at: a server that is none of a cluster
// has no shards.
void WriteShards(const RedisReading& reading, SectionBuilder& builder);

}  // namespace varve::redis
