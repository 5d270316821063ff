// Ports for the servers that tests start.
#pragma once

#include "absl/status/statusor.h"

namespace varve::testing {

// How far above its port a node of a Redis cluster listens to the other nodes.
inline constexpr int kClusterBusOffset = 10'000;

// A TCP port of 127.0.0.1 that nobody listens on, nor on that kClusterBusOffset above it. Both are
// below what systems give to clients (from 32768), so that no connection takes them before the
// server does, nor while it restarts; and no other test is given them while this process lives.
// Thread-safe. Errors: kUnavailable (none is free).
absl::StatusOr<int> FreePort();

}  // namespace varve::testing
