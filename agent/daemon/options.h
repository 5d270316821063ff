// What the agent is told: by flags, by environment variables, by its configuration file; in that
// order.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/source/environment.h"
#include "base/collector_channel.h"
#include "varve/v1/agent_config.pb.h"

namespace varve {

// The command line; what is empty was not given.
struct AgentFlags {
  std::string config;
  std::string environment;
  std::string collector;
  std::string state;
  std::string token_file;
  std::string ca;
  std::string schedule;
};

// Everything settled. `sources` may hold passwords: never print them.
struct AgentOptions {
  std::string environment;
  std::vector<v1::Label> labels;
  CollectorAccess collector;
  std::string state;
  absl::Duration schedule;
  SourceList sources;
};

// Reads the file that `flags` names, if any. Errors: kInvalidArgument and kNotFound, with the
// file's line, the flag or the variable that is wrong, and what to write.
absl::StatusOr<AgentOptions> ResolveOptions(const AgentFlags& flags, const Variables& variables);

}  // namespace varve
