// How we behave as one client among others.
#pragma once

#include "absl/status/status.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// Tells the server our name, so that people find us in CLIENT LIST, and that our reading is no use
// of a key, where its version knows how. Refusals leave things as they are: whoever reads values
// must look at `leaves_usage_alone`. CLIENT NO-EVICT stays off: when memory is short, we go first.
struct Manners {
  bool leaves_usage_alone = false;  // CLIENT NO-TOUCH
};
absl::StatusOr<Manners> Introduce(Connection& connection, const ServerReading& server);

// Whether the server's version is that or newer; Valkey's are newer than every Redis before 7.2.4.
bool IsAtLeast(const ServerReading& server, int major, int minor);

}  // namespace varve::redis
