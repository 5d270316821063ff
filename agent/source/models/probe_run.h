// One run of the probe, understood.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/models/probe_lines.h"
#include "agent/source/models/probe_process.h"

namespace varve {

// What a run said, whole or up to where it ended.
struct ProbeRun {
  std::optional<ProbeHello> hello;
  ProbeLibrary library;
  std::map<std::string, std::string> modules;  // name → file
  std::vector<std::string> left_out;
  std::optional<ProbeListed> listed;
  std::vector<std::string> imported;
  std::vector<std::string> parsed;
  std::vector<ProbeError> errors;
  std::vector<ProbeModel> models;
  std::vector<ProbeEnum> enums;
  std::string leaned_on;  // empty: not told
  std::optional<ProbeWatched> watched;
  std::vector<std::string> not_understood;  // why, at most 10
  bool ended = false;                       // its last line came
  // Where it was when it ended without that: a module being imported, or a model being described.
  std::string at_module;
  std::string at_model;
  ProbeExit exit;
};

// Runs it. Errors: as RunProbe.
absl::StatusOr<ProbeRun> RunProbeScript(const ProbeCommand& command);

}  // namespace varve
