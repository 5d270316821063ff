// `varve completion`: prints a script that completes what is typed in a shell.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/completion_script.h"
#include "cli/program.h"

namespace varve {
namespace {

constexpr absl::string_view kShells[] = {"bash", "zsh", "fish"};  // as Shell has them

std::string CheckShell(const std::string& word) {
  const bool known = std::find(std::begin(kShells), std::end(kShells), word) != std::end(kShells);
  return known ? "" : absl::StrCat("'", word, "' is none of bash, zsh, fish");
}

}  // namespace

void AddCompletionCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("completion", "Print a script that completes what you type");
  command->footer(
      "examples:\n"
      "  varve completion bash > /etc/bash_completion.d/varve\n"
      "  varve completion zsh >> ~/.zshrc\n"
      "  varve completion fish > ~/.config/fish/completions/varve.fish\n\n"
      "Names of environments are asked of the collector when they are needed.");
  const auto word = std::make_shared<std::string>();  // shared with the closure below
  command->add_option("SHELL", *word, "bash, zsh or fish")->required()->check(CheckShell);
  // The script is made here, where all commands are known; `app` is gone when it is printed.
  command->callback([word, &app, &invocation] {
    const auto at = std::find(std::begin(kShells), std::end(kShells), *word) - std::begin(kShells);
    const std::string script = CompletionScript(app, static_cast<Shell>(at));
    invocation.run = [script]() -> absl::StatusOr<ExitCode> {
      VARVE_RETURN_IF_ERROR(WriteData(script));
      return ExitCode::kDone;
    };
  });
}

}  // namespace varve
