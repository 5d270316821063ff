// One server that is read.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "agent/source/redis/client_manners.h"
#include "agent/source/redis/cluster_topology.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// Plain data. Used by one thread at a time.
struct Node {
  Endpoint endpoint;
  std::optional<Connection> connection;  // none: it did not answer, or is of no further use
  absl::Status failure;                  // why
  ServerReading server;
  absl::Time opened_at;  // when `server` was asked
  Manners manners;
  // Of a cluster: as it is announced, and the slots of its shard when it was first met.
  ClusterNode announced;
  std::string slots;

  bool is_readable() const { return connection.has_value() && failure.ok(); }
  // "10.0.0.1:7000", of a cluster "10.0.0.1:7000 (slots 0-5460)".
  std::string Where() const;
};

// Connects, asks the server what it is, and introduces us. Errors: as of Connection and ReadServer.
absl::StatusOr<Node> OpenNode(const Endpoint& endpoint, const Patience& patience);

}  // namespace varve::redis
