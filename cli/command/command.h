// The commands of `varve`: one file each. A command adds its flags to the command line, and says
// what to run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/exit_code.h"

namespace CLI {
class App;
}

namespace varve {

// What the command line asked for. `run` is set while it is parsed, by the command that was named.
struct Invocation {
  std::function<absl::StatusOr<ExitCode>()> run;
};

// Each adds one command to `app`. What it keeps lives as long as `app`; `invocation` outlives both.
void AddSnapshotCommand(CLI::App& app, Invocation& invocation);
void AddExportCommand(CLI::App& app, Invocation& invocation);
void AddCheckCommand(CLI::App& app, Invocation& invocation);
void AddCompletionCommand(CLI::App& app, Invocation& invocation);
void AddDepsCommand(CLI::App& app, Invocation& invocation);
void AddDiffCommand(CLI::App& app, Invocation& invocation);
void AddDriftCommand(CLI::App& app, Invocation& invocation);
void AddEnvsCommand(CLI::App& app, Invocation& invocation);
void AddHistoryCommand(CLI::App& app, Invocation& invocation);
void AddBlameCommand(CLI::App& app, Invocation& invocation);
void AddLogCommand(CLI::App& app, Invocation& invocation);
void AddRolloutCommand(CLI::App& app, Invocation& invocation);
void AddShowCommand(CLI::App& app, Invocation& invocation);
void AddTrendCommand(CLI::App& app, Invocation& invocation);
void AddTagCommand(CLI::App& app, Invocation& invocation);
void AddModelsCommand(CLI::App& app, Invocation& invocation);

}  // namespace varve
