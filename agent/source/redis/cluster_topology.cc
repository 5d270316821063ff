#include "agent/source/redis/cluster_topology.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr size_t kMostNodes = 100'000;
constexpr size_t kLongestHost = 255;

absl::Status Unexpected(absl::string_view command) {
  return absl::DataLossError(
      absl::StrCat("the server's answer to ", command, " has not the form of one"));
}

bool IsText(const Value& value) {
  return value.type == ReplyType::kBulk || value.type == ReplyType::kStatus;
}

// Walks a reply: the values of an array follow it.
class Cursor {
 public:
  explicit Cursor(const Reply& reply) : reply_(reply) {}

  bool is_at_end() const { return at_ >= reply_.size(); }
  const Value& Peek() const { return reply_[at_]; }
  const Value& Take() { return reply_[at_++]; }

  // Steps over one value, with all that it holds.
  void Skip() {
    size_t left = 1;
    while (left > 0 && !is_at_end()) {
      const Value& value = Take();
      --left;
      if (value.type == ReplyType::kArray) left += static_cast<size_t>(value.number);
    }
  }

  // The number of elements of the array that comes next; -1 where none comes.
  int64_t Array() {
    if (is_at_end() || Peek().type != ReplyType::kArray) return -1;
    return Take().number;
  }

 private:
  Reply reply_;
  size_t at_ = 0;
};

// "?" and "" say that the node does not know its own address.
std::string HostFrom(const Value& value) {
  if (!IsText(value) || value.text.size() > kLongestHost || value.text == "?") return "";
  return std::string(value.text);
}

int PortFrom(const Value& value) {
  const bool is_port =
      value.type == ReplyType::kInteger && value.number > 0 && value.number <= 65535;
  return is_port ? static_cast<int>(value.number) : 0;
}

bool IsSlot(const Value& value) {
  return value.type == ReplyType::kInteger && value.number >= 0 && value.number < kSlots;
}

bool IsNodeBefore(const ClusterNode& a, const ClusterNode& b) {
  if (a.is_primary != b.is_primary) return a.is_primary;
  if (a.host != b.host) return a.host < b.host;
  return a.port < b.port;
}

// Sorts all, joins ranges that touch, leaves out shards without slots and without nodes, and holds
// that no slot is served twice.
absl::Status Settle(absl::string_view command, ClusterTopology& topology) {
  std::vector<ClusterShard>& shards = topology.shards;
  size_t nodes = 0;
  for (ClusterShard& shard : shards) {
    std::sort(shard.nodes.begin(), shard.nodes.end(), IsNodeBefore);
    nodes += shard.nodes.size();
    std::sort(shard.slots.begin(), shard.slots.end(),
              [](const SlotRange& a, const SlotRange& b) { return a.first < b.first; });
    std::vector<SlotRange> joined;
    for (const SlotRange& range : shard.slots) {
      if (!joined.empty() && joined.back().last + 1 == range.first) {
        joined.back().last = range.last;
      } else {
        joined.push_back(range);
      }
    }
    shard.slots = std::move(joined);
  }
  if (nodes > kMostNodes) return Unexpected(command);
  shards.erase(std::remove_if(shards.begin(), shards.end(),
                              [](const ClusterShard& shard) {
                                return shard.slots.empty() || shard.nodes.empty();
                              }),
               shards.end());
  std::sort(shards.begin(), shards.end(), [](const ClusterShard& a, const ClusterShard& b) {
    return a.slots.front().first < b.slots.front().first;
  });
  std::vector<bool> is_served(kSlots);
  for (const ClusterShard& shard : shards) {
    for (const SlotRange& range : shard.slots) {
      for (int slot = range.first; slot <= range.last; ++slot) {
        if (is_served[slot]) return Unexpected(command);
        is_served[slot] = true;
      }
    }
  }
  return absl::OkStatus();
}

// A node of CLUSTER SHARDS: a flat list of names and values, of which some are newer than others.
bool TakeShardNode(Cursor& cursor, bool tls, ClusterNode& node) {
  const int64_t size = cursor.Array();
  if (size < 0 || size % 2 != 0) return false;
  for (int64_t i = 0; i < size / 2; ++i) {
    if (cursor.is_at_end() || !IsText(cursor.Peek())) return false;
    const absl::string_view field = cursor.Take().text;
    if (cursor.is_at_end()) return false;
    const Value& value = cursor.Peek();
    if (field == "ip") node.host = HostFrom(value);
    if (field == "hostname") node.name = HostFrom(value);
    if (field == (tls ? "tls-port" : "port")) node.port = PortFrom(value);
    if (field == "role") node.is_primary = IsText(value) && value.text == "master";
    if (field == "health") node.is_up = IsText(value) && value.text == "online";
    cursor.Skip();
  }
  return true;
}

bool TakeShardSlots(Cursor& cursor, ClusterShard& shard) {
  const int64_t size = cursor.Array();
  if (size < 0 || size % 2 != 0) return false;
  for (int64_t i = 0; i < size / 2; ++i) {
    if (cursor.is_at_end() || !IsSlot(cursor.Peek())) return false;
    const auto first = static_cast<int>(cursor.Take().number);
    if (cursor.is_at_end() || !IsSlot(cursor.Peek())) return false;
    const auto last = static_cast<int>(cursor.Take().number);
    if (last < first) return false;
    shard.slots.push_back({first, last});
  }
  return true;
}

bool TakeShard(Cursor& cursor, bool tls, ClusterShard& shard) {
  const int64_t size = cursor.Array();
  if (size < 0 || size % 2 != 0) return false;
  for (int64_t i = 0; i < size / 2; ++i) {
    if (cursor.is_at_end() || !IsText(cursor.Peek())) return false;
    const absl::string_view field = cursor.Take().text;
    if (field == "slots") {
      if (!TakeShardSlots(cursor, shard)) return false;
    } else if (field == "nodes") {
      const int64_t nodes = cursor.Array();
      if (nodes < 0) return false;
      for (int64_t node = 0; node < nodes; ++node) {
        if (!TakeShardNode(cursor, tls, shard.nodes.emplace_back())) return false;
      }
    } else {
      cursor.Skip();
    }
  }
  return true;
}

// A node of CLUSTER SLOTS: address, port, id, and since 7.0 a list of names and values.
bool TakeSlotsNode(Cursor& cursor, ClusterNode& node) {
  const int64_t size = cursor.Array();
  if (size < 2) return false;
  for (int64_t i = 0; i < size; ++i) {
    if (cursor.is_at_end()) return false;
    if (i == 0) node.host = HostFrom(cursor.Peek());
    if (i == 1) node.port = PortFrom(cursor.Peek());
    cursor.Skip();
  }
  return node.port != 0;
}

// One entry of CLUSTER SLOTS: a range and its nodes, the primary first. Ranges of one primary make
// one shard.
bool TakeSlotsEntry(Cursor& cursor, ClusterTopology& topology) {
  const int64_t size = cursor.Array();
  if (size < 3) return false;
  SlotRange range;
  for (int* const edge : {&range.first, &range.last}) {
    if (cursor.is_at_end() || !IsSlot(cursor.Peek())) return false;
    *edge = static_cast<int>(cursor.Take().number);
  }
  if (range.last < range.first) return false;
  ClusterShard shard;
  for (int64_t i = 2; i < size; ++i) {
    ClusterNode& node = shard.nodes.emplace_back();
    if (!TakeSlotsNode(cursor, node)) return false;
    node.is_primary = i == 2;
  }
  for (ClusterShard& known : topology.shards) {
    if (known.nodes.front() == shard.nodes.front()) {
      known.slots.push_back(range);
      return true;
    }
  }
  shard.slots.push_back(range);
  topology.shards.push_back(std::move(shard));
  return true;
}

}  // namespace

std::string ClusterNode::Address() const {
  const bool is_v6 = absl::StrContains(host, ":");
  return absl::StrCat(is_v6 ? "[" : "", host.empty() ? "?" : host, is_v6 ? "]" : "", ":", port);
}

std::string ClusterShard::Name() const {
  return absl::StrJoin(slots, ",", [](std::string* out, const SlotRange& range) {
    absl::StrAppend(out, range.first);
    if (range.last > range.first) absl::StrAppend(out, "-", range.last);
  });
}

std::vector<int> ClusterTopology::ShardOfSlots() const {
  std::vector<int> shard_of(kSlots, -1);
  for (size_t i = 0; i < shards.size(); ++i) {
    for (const SlotRange& range : shards[i].slots) {
      for (int slot = range.first; slot <= range.last; ++slot) shard_of[slot] = static_cast<int>(i);
    }
  }
  return shard_of;
}

absl::StatusOr<ClusterTopology> TopologyOfShards(const Reply& reply, bool tls) {
  Cursor cursor(reply);
  ClusterTopology topology;
  const int64_t shards = cursor.Array();
  if (shards < 0) return Unexpected("CLUSTER SHARDS");
  for (int64_t i = 0; i < shards; ++i) {
    if (!TakeShard(cursor, tls, topology.shards.emplace_back())) {
      return Unexpected("CLUSTER SHARDS");
    }
  }
  VARVE_RETURN_IF_ERROR(Settle("CLUSTER SHARDS", topology));
  return topology;
}

absl::StatusOr<ClusterTopology> TopologyOfSlots(const Reply& reply) {
  Cursor cursor(reply);
  ClusterTopology topology;
  const int64_t entries = cursor.Array();
  if (entries < 0) return Unexpected("CLUSTER SLOTS");
  for (int64_t i = 0; i < entries; ++i) {
    if (!TakeSlotsEntry(cursor, topology)) return Unexpected("CLUSTER SLOTS");
  }
  VARVE_RETURN_IF_ERROR(Settle("CLUSTER SLOTS", topology));
  return topology;
}

absl::StatusOr<TopologyAnswer> AskTopology(Connection& connection, bool tls) {
  TopologyAnswer answer;
  VARVE_ASSIGN_OR_RETURN(const Reply shards, connection.Command({"CLUSTER", "SHARDS"}));
  if (shards[0].type != ReplyType::kError) {
    VARVE_ASSIGN_OR_RETURN(answer.topology, TopologyOfShards(shards, tls));
    if (!answer.topology.shards.empty()) return answer;
  }
  VARVE_ASSIGN_OR_RETURN(const Reply slots, connection.Command({"CLUSTER", "SLOTS"}));
  if (slots[0].type != ReplyType::kError) {
    VARVE_ASSIGN_OR_RETURN(answer.topology, TopologyOfSlots(slots));
    return answer;
  }
  if (shards[0].type != ReplyType::kError) return answer;
  answer.refusal = RefusalOf(slots[0].text);
  answer.refusal_text = RefusalText(slots[0].text);
  return answer;
}

}  // namespace varve::redis
