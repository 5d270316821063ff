// The demo as a user has it: a PostgreSQL, a Redis and an interpreter with the demo's data and
// models, a collector, an agent's configuration. What the tests of the whole path stand on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/matchers.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"

namespace varve::testing {

// Nobody else knows it: no file may show it.
inline constexpr absl::string_view kRedisPassword = "a-password-of-the-test";

// Everything runs as long as this lives. Not thread-safe.
class World {
 public:
  // Errors: what did not start, with its last words.
  static absl::StatusOr<std::unique_ptr<World>> Start();

  PostgresServer& postgres() { return *postgres_; }
  RedisServer& redis() { return *redis_; }
  std::string Path(const std::string& name) const { return folder_.Path(name); }
  // An interpreter with Pydantic 2, and where the demo's modules are.
  static std::string python();
  static std::string models_path();

  // `varve` with the collector's address and token, in the world's folder.
  Finished Varve(const std::vector<std::string>& arguments) const;
  // `varve snapshot` with the demo's sources as flags.
  Finished Snapshot(const std::vector<std::string>& arguments) const;
  // `varve-agent --once`: one more snapshot of environment "demo".
  Finished Agent() const;

  // Another Redis in the place of one that is gone, and its address in the agent's configuration.
  absl::Status ReplaceRedis();

  // Kills the collector with SIGKILL, or ends it as a service manager does; starts it again on the
  // same address.
  absl::Status StopCollector(int signal);
  absl::Status StartCollector();

 private:
  World() = default;
  absl::Status WriteAgentConfig() const;

  TemporaryFolder folder_;
  std::unique_ptr<PostgresServer> postgres_;
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<Process> collector_;
  std::string address_;  // of the collector
};

}  // namespace varve::testing
