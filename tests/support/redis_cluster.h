// A real Redis Cluster for a test, on loopback, gone with the object.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/redis_server.h"

namespace varve::testing {

// Not thread-safe.
class RedisCluster {
 public:
  // Returns when each of `primaries` servers, which share the slots evenly, and of `replicas`
  // servers, which replicate the first of them, says that the cluster is well. `options` are those
  // of each.
  static absl::StatusOr<std::unique_ptr<RedisCluster>> Start(const RedisServerOptions& options,
                                                             size_t primaries, size_t replicas);

  // The primaries first.
  RedisServer& node(size_t index) { return *nodes_[index]; }
  size_t size() const { return nodes_.size(); }
  // The primary that serves the slot of a key, as they were started.
  RedisServer& NodeOf(const std::string& key);
  // Runs SET-like commands, whose second word is the key, each on its node.
  absl::Status Commands(const std::vector<std::vector<std::string>>& commands);
  // Moves a slot with its keys from one node to another, as redis-cli does.
  absl::Status MoveSlot(int slot, size_t from, size_t to);

 private:
  RedisCluster() = default;
  absl::Status Join(size_t primaries);

  std::vector<std::unique_ptr<RedisServer>> nodes_;
  std::vector<std::string> ids_;
  size_t primaries_ = 0;
};

// Asks until the answer holds `text`; an answer that never does fails after half a minute.
absl::Status AskUntil(RedisServer& server, const std::vector<std::string>& command,
                      const std::string& text);

}  // namespace varve::testing
