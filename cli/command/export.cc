// `varve export`: a stored snapshot as the four files.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/time/time.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/validation.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/files.h"

namespace varve {
namespace {

struct ExportOptions {
  std::string reference;
  std::string base;
  ValidationFlags validation;
  CollectorFlags collector;
};

absl::StatusOr<ExitCode> RunExport(const ExportOptions& options) {
  const absl::Time now = absl::Now();
  const std::string base = options.base.empty() ? DefaultBase(now) : options.base;
  VARVE_RETURN_IF_ERROR(CheckBase(base));
  VARVE_ASSIGN_OR_RETURN(const RulesAsked rules, AskedRules(options.validation, now));
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot,
                         LoadSnapshot(options.reference, AccessFrom(options.collector)));
  RenderOptions render;
  render.ascii = !LocaleIsUtf8(ProcessVariable);
  VARVE_ASSIGN_OR_RETURN(render.validation, Validated(snapshot, options.validation, rules));
  VARVE_ASSIGN_OR_RETURN(const std::vector<WrittenFile> files,
                         WriteFourFiles(snapshot, base, render));
  VARVE_RETURN_IF_ERROR(WriteData(Summary(snapshot, files, render)));
  return ExitCode::kDone;
}

}  // namespace

void AddExportCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("export", "Write the four files of a stored snapshot");
  command->footer(
      "examples:\n"
      "  varve export prod-eu -o audit\n"
      "  varve export prod-eu@2026-03-01 -o audit --validate\n"
      "  varve export prod-eu@release-1.4 -o /srv/audits/release-1.4\n\n"
      "Writes BASE_schema.json, BASE_redis.json, BASE_models.json and BASE_analysis.md.");
  const auto options = std::make_shared<ExportOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "prod, prod@42, prod~3, prod@2026-01-31, prod@2026-01-31T12:00Z, "
                   "prod@yesterday, prod@TAG or file:BASE")
      ->required();
  command
      ->add_option("-o,--output", options->base,
                   "What the files' names begin with; else schema_export_ and the time now (UTC)")
      ->type_name("BASE")
      ->group(kOutputGroup);
  AddValidationFlags(*command, options->validation);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunExport(*options); }; });
}

}  // namespace varve
