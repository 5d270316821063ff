// Reads an application's modules with the probe, in as many runs as it takes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "agent/source/models/probe_lines.h"
#include "agent/source/models/probe_process.h"
#include "agent/source/models/probe_script.h"

namespace varve {

// What to read, and with what.
struct ReadingPlan {
  ProbeCommand
      command;  // interpreter, limits, environment; script and deadlines are filled in per run
  std::string
      any_interpreter;  // reads source where `command.interpreter` cannot; empty: there is none
  bool can_run = true;  // false: `command.interpreter` is not there, or nothing is to be run
  bool is_applications = true;  // whether `command.interpreter` is the application's own
  // A program and its arguments that run the interpreter elsewhere: script on standard input,
  // answers on standard output. Empty: `command.interpreter` is started here.
  std::vector<std::string> elsewhere;
  std::vector<std::pair<std::string, std::string>> environment;  // what it gets there
  std::vector<std::string> path;
  std::vector<std::string> modules;
  std::vector<std::string> also;  // folders that source is looked for in beside `path`
  std::vector<ModelsDocument> documents;
  bool leans = false;       // tell what the read leans on
  absl::Time run_deadline;  // of all runs that import
  absl::Time deadline;      // of everything
};

// How a module was read.
struct ModuleReading {
  enum class By { kNothing, kRun, kSource, kDocument };
  std::string file;  // as seen from the folder of `path` that holds it
  By by = By::kNothing;
  std::string why;  // where it was not by a run: what stopped that; redact before use
};

// A document that could not be read.
struct UnreadDocument {
  std::string kind;  // "json_schema", "openapi"
  std::string module;
  std::string why;
};

// A module or model at which the interpreter ended or was ended.
struct Casualty {
  std::string module;  // empty: not at a module
  std::string model;   // id; empty: while importing
  ProbeExit exit;
};

// What was read. Texts of errors are as they came: not redacted.
struct ModelsReading {
  std::string python;                           // "3.11.2"; empty: no interpreter answered
  std::map<std::string, std::string> versions;  // of Pydantic: "pydantic" → "2.11.1"
  std::map<std::string, ModuleReading> modules;
  std::set<std::string> left_out;     // modules, by their names
  std::optional<ProbeListed> listed;  // absent: there may be modules that no run came to tell
  std::vector<std::string> missing_roots;
  std::vector<ProbeError> errors;
  std::vector<Casualty> casualties;
  std::vector<std::string> lines_not_understood;  // why, at most 10
  std::vector<ProbeModel> models;
  std::vector<ProbeEnum> enums;
  std::vector<UnreadDocument> unread_documents;
  std::vector<absl::Status> troubles;  // with runs as a whole
  std::string leaned_on;               // for IsUnchanged; empty: not known
  int64_t max_rss_bytes = 0;
  absl::Duration took;
  int runs = 0;
};

// Imports what can be imported and reads the source of the rest; no documents. Blocks; uses no
// lock.
ModelsReading ReadModels(const ReadingPlan& plan);

// Adds the models of the plan's documents.
void ReadDocuments(const ReadingPlan& plan, ModelsReading& reading);

// Whether nothing has changed of what an earlier read leaned on; false where that is not to be had.
bool IsUnchanged(const ReadingPlan& plan, const std::string& leaned_on);

// Whether everything was read the way it was wanted, so that reading it again gives the same.
bool IsWhole(const ReadingPlan& plan, const ModelsReading& reading);

}  // namespace varve
