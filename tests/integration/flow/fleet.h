// A small fleet as its people have it: one PostgreSQL with a database for each environment, a
// collector, and an agent's configuration for each.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/matchers.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace varve::testing {

// Everything runs as long as this lives. Not thread-safe.
class FleetWorld {
 public:
  // Errors: what did not start, with its last words.
  static absl::StatusOr<std::unique_ptr<FleetWorld>> Start();

  // A new environment with a database of its own; `labels` in YAML: "tier: prod, region: eu".
  absl::Status Add(const std::string& environment, const std::string& labels);
  // One more source of its agent, a line of YAML: "redis: {name: cache, url: …}".
  void AddSource(const std::string& environment, const std::string& source);
  // Runs `sql` in the database of an environment.
  absl::Status Run(const std::string& environment, const std::string& sql);
  // `varve-agent --once` of an environment: one more snapshot.
  Finished Agent(const std::string& environment, const std::string& more_of_source = "");
  // `varve` with the collector's address and token, in the world's folder.
  Finished Varve(const std::vector<std::string>& arguments) const;
  // A program with those variables too.
  Finished Program(const std::string& program, const std::vector<std::string>& arguments) const;

  PostgresServer& postgres() { return *postgres_; }
  std::string Path(const std::string& name) const { return folder_.Path(name); }
  const std::string& address() const { return address_; }

 private:
  FleetWorld() = default;

  TemporaryFolder folder_;
  std::unique_ptr<PostgresServer> postgres_;
  std::unique_ptr<Process> collector_;
  std::string address_;
  std::map<std::string, std::string> labels_;
  std::map<std::string, std::string> more_sources_;
};

}  // namespace varve::testing
