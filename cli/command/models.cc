// `varve models map`: which table each model of a snapshot stands for.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/status.h"
#include "base/yaml_config.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/model_map_text.h"

namespace varve {
namespace {

struct ModelsOptions {
  std::string what;
  std::string reference;
  std::string rules_file;
  bool suggest = false;
  Format format = Format::kTable;
  CollectorFlags collector;
};

std::string Text(const ModelTraces& traces, const ModelsOptions& options) {
  if (options.suggest) return ModelMapYaml(traces);
  switch (options.format) {
    case Format::kTable:
      return ModelMapTable(traces);
    case Format::kJson:
      return ModelMapJson(traces);
    case Format::kMarkdown:
      return ModelMapMarkdown(traces);
  }
  return "";
}

absl::StatusOr<ExitCode> RunModels(const ModelsOptions& options) {
  v1::CheckConfig file;
  if (!options.rules_file.empty()) {
    VARVE_RETURN_IF_ERROR(ReadYamlConfig(options.rules_file, file));
  }
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot,
                         LoadSnapshot(options.reference, AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const ModelTraces traces, TraceModels(snapshot, file));
  VARVE_RETURN_IF_ERROR(WriteData(Text(traces, options)));
  return ExitCode::kDone;
}

}  // namespace

void AddModelsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("models", "Say which table each model of a snapshot stands for");
  command->footer(
      "examples:\n"
      "  varve models map prod-eu\n"
      "  varve models map prod-eu --rules-file varve-rules.yaml --format json\n"
      "  varve models map file:audit --suggest");
  const auto options = std::make_shared<ModelsOptions>();  // shared with the closure that runs it
  command->add_option("WHAT", options->what, "map: models with their tables and keys")
      ->required()
      ->check(CLI::IsMember({"map"}));
  command
      ->add_option("SNAPSHOT", options->reference,
                   "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command
      ->add_option("--rules-file", options->rules_file,
                   "What your team says of models and of what Redis holds")
      ->type_name("FILE")
      ->group(kOutputGroup);
  command
      ->add_flag("--suggest", options->suggest,
                 "Print those that only their name tells, to paste into a rules file")
      ->group(kOutputGroup);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunModels(*options); }; });
}

}  // namespace varve
