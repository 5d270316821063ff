// The servers that hold one keyspace: a single one, a primary that Sentinels watch, a cluster.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/redis/node.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

// Not thread-safe; its nodes may be used by a thread each while no method runs.
class Deployment {
 public:
  // Something that people should know of how the servers were found.
  struct Note {
    std::string doing;
    std::string why;
    std::string remedy;
  };

  // Finds and opens all servers to read. `tried` is where it went last, for the remedy of an error.
  // Of a cluster a shard that does not answer is a node without a connection. Errors: as of
  // OpenNode and AskSentinels, where nobody answers at all.
  static absl::StatusOr<Deployment> Open(const Endpoint& endpoint, RedisPrefer prefer,
                                         const Patience& patience, Endpoint& tried);

  // At least one. Pointers stay valid; Follow adds nodes behind.
  const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  // Of the server as a whole: what the node that answered first says.
  const ServerReading& server() const { return server_; }
  bool password_not_needed() const { return password_not_needed_; }
  const std::vector<Note>& notes() const { return notes_; }

  // All of the cluster is read: then its topology is known.
  bool is_whole_cluster() const { return topology_.has_value(); }
  const ClusterTopology& topology() const { return *topology_; }
  // A node of a cluster whose topology the server does not tell: why.
  const std::optional<TopologyAnswer>& untold() const { return untold_; }

  // Which of `nodes` is read for a slot; -1: none serves it. 0 where there is no cluster.
  int NodeOfSlot(int slot) const;
  Node& NodeOfKey(absl::string_view name) const;

  // Asks the cluster again who serves what. A shard whose node is no longer readable, or serves it
  // no more, gets a new node, if one answers. Errors: nobody tells; all stays as it was.
  absl::Status Follow();

 private:
  Deployment() = default;
  void Start(Node node);
  absl::Status FindShards();
  void TakeTopology(ClusterTopology topology);
  void PreferReplica();
  int NodeOfShard(const ClusterShard& shard) const;
  std::unique_ptr<Node> OpenShard(const ClusterShard& shard) const;

  Endpoint endpoint_;  // as configured, or as the Sentinel told
  RedisPrefer prefer_ = RedisPrefer::kPrimary;
  Patience patience_;
  std::vector<std::unique_ptr<Node>> nodes_;
  ServerReading server_;
  bool password_not_needed_ = false;
  std::vector<Note> notes_;
  std::optional<ClusterTopology> topology_;
  std::optional<TopologyAnswer> untold_;
  std::vector<int> node_of_slot_;
};

// Runs `work` for each number from 0 to `count` - 1, on up to 16 threads. `work` must not throw.
void Beside(size_t count, const std::function<void(size_t)>& work);

}  // namespace varve::redis
