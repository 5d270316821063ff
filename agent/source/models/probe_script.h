// The probe as one Python script, with a request at its end.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve {

// A module of the probe: a file of agent/source/models/probe/, carried in this program.
struct ProbeFile {
  absl::string_view name;  // "wire"
  absl::string_view text;
};

// All of them, each after those it imports.
absl::Span<const ProbeFile> ProbeFiles();

// What the probe is asked for.
struct ProbeRequest {
  bool is_static = false;            // read the source, run nothing
  int descriptor = 3;                // where it answers
  std::vector<std::string> path;     // folders
  std::vector<std::string> modules;  // roots
  std::vector<std::string> skip;     // modules that are not to be imported
  std::vector<std::string> skip_models;
  // Static: the modules to read; all below the roots where it is not set.
  bool has_only = false;
  std::vector<std::string> only;
  int generation = 0;  // static: of Pydantic, where a run has told; 0: not known
};

// The script for an interpreter's standard input.
std::string ProbeScript(const ProbeRequest& request);

}  // namespace varve
