// The least that any reader of a Redis keyspace can take: what the benchmarks compare with.
#pragma once

#include "absl/status/statusor.h"
#include "agent/source/redis/endpoint.h"

namespace varve::testing {

// SCAN of database 0 in pages of 500, and the gather's four probes of each key where `with_probes`,
// sent together with the next SCAN without a pause; replies are parsed and thrown away. Returns how
// many names there were.
absl::StatusOr<uint64_t> ScanFloor(const redis::Endpoint& endpoint, bool with_probes);

}  // namespace varve::testing
