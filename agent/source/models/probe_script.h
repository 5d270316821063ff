// The probe as one Python script, with a request at its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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

// A document that describes models.
struct ModelsDocument {
  std::string kind;    // "json_schema", "openapi"
  std::string place;   // a path, or an address of http or https; may hold a password
  std::string module;  // the first name of its models' identities
};

// How the script fences itself in, where the agent does not start the interpreter itself.
struct ProbeFence {
  int64_t memory_limit_bytes = 0;  // 0: none
  int64_t cpu_seconds = 30;
  int64_t seconds = 60;  // of its life
  std::string filter;    // a seccomp program; empty: none
  std::vector<std::pair<std::string, std::string>> environment;
};

// What the probe is asked for.
struct ProbeRequest {
  enum class Mode {
    kRun,        // import the modules
    kStatic,     // read the source, run nothing
    kDocuments,  // read documents
    kWatch       // say whether `leaned_on` has changed
  };
  Mode mode = Mode::kRun;
  int descriptor = 3;             // where it answers
  std::vector<std::string> also;  // further folders that modules are looked for in
  std::vector<ModelsDocument> documents;
  bool leans = false;     // tell what the read leans on
  std::string leaned_on;  // watch: what an earlier read told
  std::optional<ProbeFence> fence;
  std::vector<std::string> path;     // folders
  std::vector<std::string> modules;  // roots
  std::vector<std::string> skip;     // modules that are not to be imported
  std::vector<std::string> skip_models;
  // Static: the modules to read; all below the roots where it is not set.
  bool has_only = false;
  std::vector<std::string> only;
  int generation = 0;  // static: of Pydantic, where a run has told; 0: not known
  // Static: whether what is installed for the interpreter is what the application has.
  bool is_applications = true;
};

// The script for an interpreter's standard input.
std::string ProbeScript(const ProbeRequest& request);

}  // namespace varve
