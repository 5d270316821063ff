// What a server says of itself.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/info.h"
#include "agent/source/redis/refusal.h"

namespace varve::redis {

struct ServerReading {
  Info info;  // empty where INFO was refused
  std::optional<Refusal> info_refusal;
  std::string refusal_text;  // in words, where it was
  // From INFO, else from HELLO; empty where both were refused.
  std::string product;  // "redis", "valkey"
  std::string version;
  std::string mode;  // "standalone", "sentinel", "cluster"

  bool is_known() const { return !version.empty(); }
};

// Asks INFO, and HELLO where the server refuses it. Errors: as of Connection; kUnauthenticated (it
// wants a password), kUnavailable (it takes no clients from here: protected mode, or too many).
absl::StatusOr<ServerReading> ReadServer(Connection& connection);

}  // namespace varve::redis
