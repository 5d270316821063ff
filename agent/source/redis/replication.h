// Who replicates from whom, by INFO replication.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/source/redis/info.h"

namespace varve::redis {

// A replica as its primary sees it.
struct Replica {
  std::string address;  // "10.0.0.2:6379", "[::1]:6379"
  std::string state;    // "online", "wait_bgsave", …
  std::optional<int64_t> offset;
  std::optional<int64_t> lag_seconds;  // since it was last heard of
};

struct Replication {
  std::string role;               // "master", "slave"; empty where the server says nothing of it
  std::string primary;            // of a replica: its primary's address
  std::vector<Replica> replicas;  // of a primary, by address
};

Replication ReplicationFrom(const Info& info);

}  // namespace varve::redis
