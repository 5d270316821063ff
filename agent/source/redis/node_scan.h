// Scans one database on all nodes of a deployment, each key once.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/source/redis/deployment.h"
#include "agent/source/redis/name_sketch.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/probes.h"
#include "agent/source/redis/scanner.h"
#include "agent/source/redis/server_load.h"

namespace varve::redis {

// A node's part of a database that was not read whole.
struct PartEnd {
  std::string where;  // "10.0.0.1:7000 (slots 0-5460)"
  // "SELECT" or "SCAN": what `end` speaks of.
  std::string command = "SCAN";
  ScanEnd end;
};

// How reading a database on all nodes ended.
struct NodesEnd {
  ScanEnd end;  // of all together: whole where each part is; else the first that is not
  std::string command = "SCAN";
  std::vector<PartEnd> parts;   // that are missing; of one node alone none: `end` says it
  uint64_t slots_moved = 0;     // of a cluster: they changed their node while they were read
  bool are_moves_open = false;  // and some of their keys may not have been met
  absl::Status follow;          // of a cluster: why it did not say afterwards who serves what
};

// Holds what is kept of each node from one database to the next: its pace, and what it refuses.
// Not thread-safe.
class NodeScans {
 public:
  // All are borrowed; `share` of the keys is probed.
  NodeScans(Deployment& deployment, const RedisConfig& config, double share, absl::Time deadline);
  ~NodeScans();

  // Reads database `number`. Nodes are scanned side by side; `visit` is called by one thread at a
  // time. `keys_said` is about how many keys there are.
  NodesEnd Scan(int number, uint64_t keys_said, KeyVisitor visit);

  // What any node refuses.
  Probes MergedProbes() const;
  // Why no node is of further use; nothing where one is.
  std::optional<absl::Status> over() const;

 private:
  struct State;  // of one node
  struct Round;

  State& StateOf(size_t node);
  void ScanNode(int number, size_t index, Round& round, KeyVisitor visit);
  ScanEnd SelectOn(Node& node, int number) const;
  ScanEnd::Kind EndOf(const Node& node, const absl::Status& failure) const;
  std::vector<size_t> NodesWith(const Round& round) const;
  void PlanNext(Round& round);
  NodesEnd Conclude(const Round& round) const;

  Deployment& deployment_;
  const RedisConfig& config_;
  double share_;
  absl::Time deadline_;
  std::vector<std::unique_ptr<State>> states_;  // by node
};

}  // namespace varve::redis
