// What nodes of a cluster and Sentinels answer: refused, or told in order, each slot once.
#include <vector>

#include "agent/source/redis/cluster_topology.h"
#include "agent/source/redis/sentinel.h"
#include "tests/fuzz/property.h"

namespace {

using varve::redis::ClusterShard;
using varve::redis::ClusterTopology;
using varve::redis::Place;
using varve::redis::Reply;
using varve::redis::RespReader;
using varve::redis::SlotRange;

void Check(const absl::StatusOr<ClusterTopology>& topology) {
  if (!topology.ok()) {
    VARVE_HOLDS(topology.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  int served = 0;
  int last_first = -1;
  for (const ClusterShard& shard : topology->shards) {
    VARVE_HOLDS(!shard.nodes.empty() && !shard.slots.empty() && !shard.Name().empty());
    VARVE_HOLDS(shard.slots.front().first > last_first);
    last_first = shard.slots.front().first;
    for (const SlotRange& range : shard.slots) {
      VARVE_HOLDS(range.first >= 0 && range.first <= range.last);
      VARVE_HOLDS(range.last < varve::redis::kSlots);
      served += range.last - range.first + 1;
    }
  }
  VARVE_HOLDS(served <= varve::redis::kSlots);
  int told = 0;
  for (const int shard : topology->ShardOfSlots()) told += shard < 0 ? 0 : 1;
  VARVE_HOLDS(told == served);
}

bool IsPlace(const Place& place) {
  return !place.host.empty() && place.port > 0 && place.port <= 65535;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  RespReader reader;
  reader.Feed(varve::testing::AsText(data, size));
  const absl::StatusOr<std::optional<Reply>> next = reader.Next();
  if (!next.ok() || !next->has_value()) return 0;
  const Reply& reply = **next;
  Check(TopologyOfShards(reply, false));
  Check(TopologyOfSlots(reply));
  const absl::StatusOr<std::optional<Place>> primary = varve::redis::PrimaryFrom(reply);
  if (primary.ok() && primary->has_value()) VARVE_HOLDS(IsPlace(**primary));
  const absl::StatusOr<std::vector<Place>> replicas = varve::redis::ReplicasFrom(reply);
  if (replicas.ok()) {
    for (const Place& place : *replicas) VARVE_HOLDS(IsPlace(place));
  }
  return 0;
}
