// What Sentinels say of the server that they watch.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

// From the answer to SENTINEL GET-MASTER-ADDR-BY-NAME; nothing where the Sentinel watches none of
// that name. From that to SENTINEL REPLICAS: those that are up and have their data, by address.
// Pure functions. Errors: kDataLoss (not of their form).
absl::StatusOr<std::optional<Place>> PrimaryFrom(const Reply& reply);
absl::StatusOr<std::vector<Place>> ReplicasFrom(const Reply& reply);

// Where a primary and its replicas are.
struct Watched {
  Place primary;
  std::vector<Place> replicas;  // empty where they were not asked for, or are refused
};

// Asks the Sentinels of `endpoint` in turn, until one tells. Errors: as of the last one's
// connection; kNotFound (none watches a primary of that name).
absl::StatusOr<Watched> AskSentinels(const Endpoint& endpoint, bool with_replicas,
                                     const Patience& patience);

}  // namespace varve::redis
