#include "agent/source/redis/cluster_sums.h"

#include <cstdint>
#include <optional>

namespace varve::redis {
namespace {

constexpr absl::string_view kThatAddUp[] = {"used_memory",
                                            "used_memory_rss",
                                            "maxmemory",
                                            "connected_clients",
                                            "blocked_clients",
                                            "expired_keys",
                                            "evicted_keys",
                                            "keyspace_hits",
                                            "keyspace_misses",
                                            "connected_slaves",
                                            "total_commands_processed",
                                            "instantaneous_ops_per_sec"};

}  // namespace

Info SumOfNodes(const Deployment& deployment) {
  Info sum = deployment.server().info;
  for (const absl::string_view field : kThatAddUp) {
    std::optional<int64_t> total;
    for (const std::unique_ptr<Node>& node : deployment.nodes()) {
      const std::optional<int64_t> number = node->server.info.Number(field);
      // A hostile server's sum may overflow: unsigned it has a value.
      if (number.has_value()) {
        total = static_cast<int64_t>(static_cast<uint64_t>(total.value_or(0)) +
                                     static_cast<uint64_t>(*number));
      }
    }
    if (total.has_value()) sum.Set(field, *total);
  }
  return sum;
}

}  // namespace varve::redis
