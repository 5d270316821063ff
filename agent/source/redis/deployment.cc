#include "agent/source/redis/deployment.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "agent/source/redis/sentinel.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr size_t kThreads = 16;
// Sentinels name the old primary for a while during a failover.
constexpr int kSentinelTries = 5;
constexpr absl::Duration kSentinelPause = absl::Milliseconds(500);

bool IsPrimary(const ServerReading& server) { return server.info.Text("role") != "slave"; }

// Replicas that are online, as their primary's INFO lists them:
// "slave0:ip=…,port=…,state=online,…".
std::vector<Place> ReplicasOf(const Info& info) {
  std::vector<Place> places;
  const int64_t count = std::min<int64_t>(info.Number("connected_slaves").value_or(0), 1000);
  for (int64_t i = 0; i < count; ++i) {
    Place place;
    bool is_online = false;
    for (absl::string_view part : absl::StrSplit(info.Text(absl::StrCat("slave", i)), ',')) {
      if (absl::ConsumePrefix(&part, "ip=")) {
        place.host = std::string(part);
      } else if (absl::ConsumePrefix(&part, "port=")) {
        if (!absl::SimpleAtoi(part, &place.port)) place.port = 0;
      } else {
        is_online |= part == "state=online";
      }
    }
    if (is_online && place.port > 0 && !place.host.empty()) places.push_back(std::move(place));
  }
  return places;
}

// The first of `replicas` that answers, is one, and has its data.
std::optional<Node> OpenReplica(const Endpoint& endpoint, const std::vector<Place>& replicas,
                                const Patience& patience) {
  for (const Place& place : replicas) {
    absl::StatusOr<Node> node = OpenNode(endpoint.At(place), patience);
    if (node.ok() && !IsPrimary(node->server) && node->server.info.WhyIncomplete().empty()) {
      return *std::move(node);
    }
  }
  return std::nullopt;
}

const Deployment::Note kNoReplica = {
    "looking for a replica", "none is up and can be reached: the primary is read",
    "see that a replica runs and can be reached from here, or leave out prefer: replica"};

// The primary that the Sentinels name, or a replica of it; `note` where that was wanted in vain.
absl::StatusOr<Node> OpenWatched(const Endpoint& endpoint, RedisPrefer prefer,
                                 const Patience& patience, Endpoint& tried,
                                 std::vector<Deployment::Note>& notes) {
  const bool wants_replica = prefer == RedisPrefer::kReplica;
  for (int attempt = 1;; ++attempt) {
    VARVE_ASSIGN_OR_RETURN(const Watched watched, AskSentinels(endpoint, wants_replica, patience));
    if (wants_replica) {
      std::optional<Node> replica = OpenReplica(endpoint, watched.replicas, patience);
      if (replica.has_value()) return *std::move(replica);
    }
    tried = endpoint.At(watched.primary);
    absl::StatusOr<Node> node = OpenNode(tried, patience);
    if (node.ok() && IsPrimary(node->server)) {
      if (wants_replica) notes.push_back(kNoReplica);
      return node;
    }
    if (attempt == kSentinelTries || absl::Now() + kSentinelPause >= patience.deadline) {
      if (!node.ok()) return node.status();
      return absl::UnavailableError(absl::StrCat(
          "the server that the Sentinel names as primary is a replica: ", tried.Address()));
    }
    absl::SleepFor(kSentinelPause);
  }
}

// Where to look for a node that the cluster announces: the address may be one of an inner network.
std::vector<Place> PlacesOf(const ClusterNode& node, const Endpoint& asked) {
  std::vector<Place> places;
  const auto add = [&](const std::string& host) {
    const bool is_known = std::any_of(places.begin(), places.end(),
                                      [&](const Place& place) { return place.host == host; });
    if (!host.empty() && !is_known) places.push_back({host, node.port});
  };
  // A certificate is for a name rather than for an address.
  if (asked.tls) add(node.name);
  add(node.host);
  add(node.name);
  add(asked.host);
  return places;
}

// A replica of a cluster redirects all who do not say that they only read.
absl::Status AskForReads(Node& node) {
  VARVE_ASSIGN_OR_RETURN(const Reply reply, node.connection->Command({"READONLY"}));
  if (reply[0].type != ReplyType::kError) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("READONLY: ", RefusalText(reply[0].text)));
}

absl::StatusOr<Node> OpenClusterNode(const ClusterNode& announced, const Endpoint& asked,
                                     const Patience& patience) {
  absl::Status last = absl::UnavailableError("the cluster announces no address of it");
  for (const Place& place : PlacesOf(announced, asked)) {
    absl::StatusOr<Node> node = OpenNode(asked.At(place), patience);
    if (node.ok() && !announced.is_primary) {
      const absl::Status reads = AskForReads(*node);
      if (!reads.ok()) node = reads;
    }
    if (node.ok()) return node;
    last = node.status();
  }
  return last;
}

}  // namespace

void Beside(size_t count, const std::function<void(size_t)>& work) {
  if (count == 1) {
    work(0);
    return;
  }
  std::atomic<size_t> next = 0;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(count, kThreads); ++i) {
    threads.emplace_back([&] {
      for (size_t mine = next++; mine < count; mine = next++) work(mine);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

absl::StatusOr<Deployment> Deployment::Open(const Endpoint& endpoint, RedisPrefer prefer,
                                            const Patience& patience, Endpoint& tried) {
  Deployment deployment;
  deployment.endpoint_ = endpoint;
  deployment.prefer_ = prefer;
  deployment.patience_ = patience;
  tried = endpoint;
  if (!endpoint.sentinels.empty()) {
    VARVE_ASSIGN_OR_RETURN(Node node,
                           OpenWatched(endpoint, prefer, patience, tried, deployment.notes_));
    deployment.Start(std::move(node));
    return deployment;
  }
  VARVE_ASSIGN_OR_RETURN(Node node, OpenNode(endpoint, patience));
  deployment.Start(std::move(node));
  if (deployment.server_.mode == "cluster") {
    VARVE_RETURN_IF_ERROR(deployment.FindShards());
  } else if (prefer == RedisPrefer::kReplica) {
    deployment.PreferReplica();
  }
  return deployment;
}

void Deployment::Start(Node node) {
  server_ = node.server;
  password_not_needed_ = node.connection->password_not_needed();
  nodes_.push_back(std::make_unique<Node>(std::move(node)));
}

absl::Status Deployment::FindShards() {
  VARVE_ASSIGN_OR_RETURN(TopologyAnswer answer,
                         AskTopology(*nodes_.front()->connection, endpoint_.tls));
  if (answer.refusal.has_value() || answer.topology.shards.empty()) {
    untold_ = std::move(answer);
    return absl::OkStatus();
  }
  nodes_.clear();
  TakeTopology(std::move(answer.topology));
  return absl::OkStatus();
}

void Deployment::PreferReplica() {
  if (!IsPrimary(server_)) return;
  std::optional<Node> replica = OpenReplica(endpoint_, ReplicasOf(server_.info), patience_);
  if (!replica.has_value()) {
    notes_.push_back(kNoReplica);
    return;
  }
  nodes_.clear();
  Start(*std::move(replica));
}

// The node that is read for the shard already; -1: none, or it is of no further use.
int Deployment::NodeOfShard(const ClusterShard& shard) const {
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i]->is_readable()) continue;
    for (const ClusterNode& node : shard.nodes) {
      const bool is_it =
          node.host == nodes_[i]->announced.host && node.port == nodes_[i]->announced.port;
      // A primary that was made a replica meanwhile redirects who asks it.
      if (is_it && node.is_primary == nodes_[i]->announced.is_primary) return static_cast<int>(i);
    }
  }
  return -1;
}

// Opens the one that is preferred of a shard, else another; without a connection where none
// answers.
std::unique_ptr<Node> Deployment::OpenShard(const ClusterShard& shard) const {
  std::vector<const ClusterNode*> candidates;
  for (const ClusterNode& node : shard.nodes) {
    if (node.is_primary || (prefer_ == RedisPrefer::kReplica && node.is_up)) {
      candidates.push_back(&node);
    }
  }
  if (prefer_ == RedisPrefer::kReplica && candidates.size() > 1) {
    std::rotate(candidates.begin(), candidates.begin() + 1, candidates.end());  // the primary last
  }
  if (candidates.empty()) candidates.push_back(&shard.nodes.front());
  auto opened = std::make_unique<Node>();
  for (const ClusterNode* const candidate : candidates) {
    absl::StatusOr<Node> node = OpenClusterNode(*candidate, endpoint_, patience_);
    if (node.ok()) {
      *opened = *std::move(node);
    } else {
      opened->endpoint = endpoint_.At({candidate->host, candidate->port});
      opened->failure = node.status();
    }
    opened->announced = *candidate;
    if (opened->is_readable()) break;
  }
  opened->slots = shard.Name();
  return opened;
}

void Deployment::TakeTopology(ClusterTopology topology) {
  std::vector<int> node_of_shard;
  std::vector<size_t> wanted;  // shards that need a node
  for (size_t i = 0; i < topology.shards.size(); ++i) {
    node_of_shard.push_back(NodeOfShard(topology.shards[i]));
    if (node_of_shard.back() < 0) wanted.push_back(i);
  }
  std::vector<std::unique_ptr<Node>> opened(wanted.size());
  Beside(wanted.size(), [&](size_t i) { opened[i] = OpenShard(topology.shards[wanted[i]]); });
  for (size_t i = 0; i < wanted.size(); ++i) {
    node_of_shard[wanted[i]] = static_cast<int>(nodes_.size());
    nodes_.push_back(std::move(opened[i]));
  }
  node_of_slot_ = topology.ShardOfSlots();
  for (int& index : node_of_slot_) index = index < 0 ? -1 : node_of_shard[index];
  topology_ = std::move(topology);
}

int Deployment::NodeOfSlot(int slot) const {
  return topology_.has_value() ? node_of_slot_[slot] : 0;
}

Node& Deployment::NodeOfKey(absl::string_view name) const {
  const int index = NodeOfSlot(SlotOf(name));
  return *nodes_[index < 0 ? 0 : index];
}

absl::Status Deployment::Follow() {
  absl::Status last = absl::UnavailableError("no node of the cluster answers");
  for (const std::unique_ptr<Node>& each : nodes_) {
    Node& node = *each;
    if (!node.is_readable()) continue;
    absl::StatusOr<TopologyAnswer> answer = AskTopology(*node.connection, endpoint_.tls);
    if (!answer.ok()) {
      node.failure = answer.status();
      last = answer.status();
    } else if (answer->refusal.has_value()) {
      last = absl::PermissionDeniedError(answer->refusal_text);
    } else if (answer->topology.shards.empty()) {
      last = absl::UnavailableError("no shard serves slots");
    } else {
      TakeTopology(std::move(answer->topology));
      return absl::OkStatus();
    }
  }
  return last;
}

}  // namespace varve::redis
