#include "agent/source/redis/shard_section.h"

#include <algorithm>
#include <utility>

#include "agent/source/redis/remedy.h"
#include "agent/source/redis/section_troubles.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kShardKind = "redis_shard";

void AddShard(const ClusterShard& shard, SectionBuilder& builder) {
  const EntityKey key = {std::string(kShardKind), {shard.Name()}};
  v1::Shape structure;
  structure.mutable_redis_shard()->set_replicas(static_cast<uint32_t>(
      std::count_if(shard.nodes.begin(), shard.nodes.end(),
                    [](const ClusterNode& node) { return !node.is_primary; })));
  builder.Add(key, v1::FACET_STRUCTURE, std::move(structure));
  v1::Shape state;
  for (const ClusterNode& node : shard.nodes) {
    v1::RedisClusterNode& to = *state.mutable_redis_shard_state()->add_nodes();
    to.set_address(ToUtf8(node.Address()));
    to.set_role(node.is_primary ? "master" : "replica");
  }
  builder.Add(key, v1::FACET_STATE, std::move(state));
}

void CoverUntold(v1::Sight sight, absl::string_view why, absl::string_view remedy,
                 SectionBuilder& builder) {
  for (const v1::Facet facet : {v1::FACET_STRUCTURE, v1::FACET_STATE}) {
    builder.Cover(kShardKind, facet, sight, why, remedy);
  }
}

}  // namespace

void WriteShards(const RedisReading& reading, SectionBuilder& builder) {
  if (reading.cluster.has_value()) {
    for (const ClusterShard& shard : reading.cluster->shards) AddShard(shard, builder);
    builder.CoverWhole(kShardKind);
  } else if (!reading.server.is_known()) {
    CoverUntold(SightOf(reading.server.info_refusal.value_or(Refusal::kOther)),
                reading.server.refusal_text, "", builder);
  } else if (reading.untold.has_value() && reading.untold->refusal.has_value()) {
    CoverUntold(SightOf(*reading.untold->refusal), reading.untold->refusal_text,
                RefusalRemedy(reading.endpoint, *reading.untold->refusal, "+cluster"), builder);
  } else {
    builder.CoverWhole(kShardKind);
  }
}

}  // namespace varve::redis
