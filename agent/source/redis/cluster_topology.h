// Which server of a cluster serves which slots, as one of its nodes says.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/key_slot.h"
#include "agent/source/redis/refusal.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

struct SlotRange {
  int first = 0;
  int last = 0;  // of the range too

  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

struct ClusterNode {
  std::string host;  // as the cluster announces it; empty: the address of the node that was asked
  std::string name;  // its host name, where one is announced beside the address
  int port = 0;
  bool is_primary = false;
  bool is_up = true;  // as the node that was asked sees it

  // "10.0.0.1:7000"; "?:7000" where no host is announced.
  std::string Address() const;
  friend bool operator==(const ClusterNode&, const ClusterNode&) = default;
};

// Servers that hold the same slots.
struct ClusterShard {
  std::vector<SlotRange> slots;    // by number
  std::vector<ClusterNode> nodes;  // the primary first, then by address

  // "0-5460", "0-99,5461".
  std::string Name() const;
  friend bool operator==(const ClusterShard&, const ClusterShard&) = default;
};

struct ClusterTopology {
  std::vector<ClusterShard> shards;  // those that have slots, by their first

  // For each slot the index of the shard that serves it; -1: none does.
  std::vector<int> ShardOfSlots() const;
};

// From the answers to CLUSTER SHARDS (7.0 and later) and CLUSTER SLOTS; `tls` says which of a
// node's two ports is wanted. Pure functions. Errors: kDataLoss (not of their form, a slot twice,
// more than 100,000 nodes).
absl::StatusOr<ClusterTopology> TopologyOfShards(const Reply& reply, bool tls);
absl::StatusOr<ClusterTopology> TopologyOfSlots(const Reply& reply);

// What asking gave: a topology, or why the server does not tell.
struct TopologyAnswer {
  ClusterTopology topology;
  std::optional<Refusal> refusal;
  std::string refusal_text;
};

// Asks CLUSTER SHARDS, and CLUSTER SLOTS where the server does not know it, may not say it, or
// names no shard that has slots: after a failover Redis 8 tells them of the node that had them.
// Errors: as of Connection.
absl::StatusOr<TopologyAnswer> AskTopology(Connection& connection, bool tls);

}  // namespace varve::redis
