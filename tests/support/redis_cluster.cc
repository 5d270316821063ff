#include "tests/support/redis_cluster.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/source/redis/key_slot.h"
#include "base/status.h"

namespace varve::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);

size_t PrimaryOf(int slot, size_t primaries) { return slot * primaries / redis::kSlots; }

}  // namespace

absl::Status AskUntil(RedisServer& server, const std::vector<std::string>& command,
                      const std::string& text) {
  const absl::Time deadline = absl::Now() + kLimit;
  std::string last;
  while (absl::Now() < deadline) {
    const absl::StatusOr<std::string> answer = server.Command(command);
    last = answer.ok() ? *answer : std::string(answer.status().message());
    if (absl::StrContains(last, text)) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::DeadlineExceededError(absl::StrCat("no '", text, "' in: ", last));
}

absl::StatusOr<std::unique_ptr<RedisCluster>> RedisCluster::Start(const RedisServerOptions& options,
                                                                  size_t primaries,
                                                                  size_t replicas) {
  std::unique_ptr<RedisCluster> cluster(new RedisCluster());
  cluster->primaries_ = primaries;
  RedisServerOptions used = options;
  used.config.emplace_back("cluster-enabled yes");
  used.config.emplace_back("cluster-node-timeout 3000");
  used.config.emplace_back("repl-diskless-sync-delay 0");  // or a replica waits five seconds
  if (options.tls)
    used.config.insert(used.config.end(), {"tls-cluster yes", "tls-replication yes"});
  if (!options.password.empty()) used.config.push_back("masterauth " + options.password);
  for (size_t i = 0; i < primaries + replicas; ++i) {
    VARVE_ASSIGN_OR_RETURN(std::unique_ptr<RedisServer> node, RedisServer::Start(used));
    if (options.tls && i == 0) used.certificates_of = node->folder();
    cluster->nodes_.push_back(std::move(node));
  }
  VARVE_RETURN_IF_ERROR(cluster->Join(primaries));
  return cluster;
}

absl::Status RedisCluster::Join(size_t primaries) {
  for (size_t i = 0; i < nodes_.size(); ++i) {
    VARVE_ASSIGN_OR_RETURN(std::string id, node(i).Command({"CLUSTER", "MYID"}));
    ids_.push_back(std::move(id));
    std::vector<std::string> slots = {"CLUSTER", "ADDSLOTS"};
    for (int slot = 0; slot < redis::kSlots; ++slot) {
      if (PrimaryOf(slot, primaries) == i) slots.push_back(absl::StrCat(slot));
    }
    if (i < primaries) VARVE_RETURN_IF_ERROR(node(i).Command(slots).status());
    // Or all begin at epoch 0, and settle that first.
    VARVE_RETURN_IF_ERROR(
        node(i).Command({"CLUSTER", "SET-CONFIG-EPOCH", absl::StrCat(i + 1)}).status());
  }
  for (size_t i = 1; i < nodes_.size(); ++i) {
    VARVE_RETURN_IF_ERROR(
        node(i).Command({"CLUSTER", "MEET", "127.0.0.1", absl::StrCat(node(0).port())}).status());
  }
  for (size_t i = 0; i < nodes_.size(); ++i) {
    VARVE_RETURN_IF_ERROR(AskUntil(node(i), {"CLUSTER", "INFO"},
                                   absl::StrCat("cluster_known_nodes:", nodes_.size())));
  }
  for (size_t i = primaries; i < nodes_.size(); ++i) {
    VARVE_RETURN_IF_ERROR(AskUntil(node(i), {"CLUSTER", "REPLICATE", ids_[0]}, "OK"));
    VARVE_RETURN_IF_ERROR(AskUntil(node(i), {"INFO", "replication"}, "master_link_status:up"));
  }
  for (size_t i = 0; i < nodes_.size(); ++i) {
    VARVE_RETURN_IF_ERROR(AskUntil(node(i), {"CLUSTER", "INFO"}, "cluster_state:ok"));
    // Each knows who replicates whom.
    for (size_t j = primaries; j < nodes_.size(); ++j) {
      VARVE_RETURN_IF_ERROR(AskUntil(node(i), {"CLUSTER", "SLOTS"}, absl::StrCat(node(j).port())));
    }
  }
  return absl::OkStatus();
}

RedisServer& RedisCluster::NodeOf(const std::string& key) {
  return node(PrimaryOf(redis::SlotOf(key), primaries_));
}

absl::Status RedisCluster::Commands(const std::vector<std::vector<std::string>>& commands) {
  std::vector<std::vector<std::vector<std::string>>> of_nodes(primaries_);
  for (const std::vector<std::string>& command : commands) {
    of_nodes[PrimaryOf(redis::SlotOf(command[1]), primaries_)].push_back(command);
  }
  for (size_t i = 0; i < primaries_; ++i) {
    VARVE_RETURN_IF_ERROR(node(i).Commands(of_nodes[i]));
  }
  return absl::OkStatus();
}

absl::Status RedisCluster::MoveSlot(int slot, size_t from, size_t to) {
  const std::string number = absl::StrCat(slot);
  const std::string port = absl::StrCat(node(to).port());
  VARVE_RETURN_IF_ERROR(
      node(to).Command({"CLUSTER", "SETSLOT", number, "IMPORTING", ids_[from]}).status());
  VARVE_RETURN_IF_ERROR(
      node(from).Command({"CLUSTER", "SETSLOT", number, "MIGRATING", ids_[to]}).status());
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const std::string keys,
                           node(from).Command({"CLUSTER", "GETKEYSINSLOT", number, "100"}));
    if (keys.empty()) break;
    std::vector<std::string> migrate = {"MIGRATE", "127.0.0.1", port, "", "0", "5000", "KEYS"};
    for (const absl::string_view key : absl::StrSplit(keys, '\n')) migrate.emplace_back(key);
    VARVE_RETURN_IF_ERROR(node(from).Command(migrate).status());
  }
  for (const size_t each : {to, from}) {
    VARVE_RETURN_IF_ERROR(
        node(each).Command({"CLUSTER", "SETSLOT", number, "NODE", ids_[to]}).status());
  }
  return absl::OkStatus();
}

}  // namespace varve::testing
