// `varve export`: a stored snapshot as the four files, or its database as SQL.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/time/time.h"
#include "base/status.h"
#include "cli/command/command.h"
#include "cli/command/export_sql.h"
#include "cli/command/flags.h"
#include "cli/command/validation.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/files.h"
#include "cli/render/write_file.h"

namespace varve {
namespace {

struct ExportOptions {
  std::string reference;
  std::string base;
  bool is_sql = false;
  SqlFlags sql;
  ValidationFlags validation;
  CollectorFlags collector;
};

absl::StatusOr<ExitCode> RunSqlExport(const ExportOptions& options) {
  if (options.validation.validate) {
    return absl::InvalidArgumentError("--validate is of the four files, not of --format sql");
  }
  VARVE_RETURN_IF_ERROR(CheckSqlOutput(options.sql, options.base));
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot,
                         LoadSnapshot(options.reference, AccessFrom(options.collector)));
  return ExportSql(snapshot, options.sql, options.base);
}

absl::StatusOr<ExitCode> RunExport(const ExportOptions& options) {
  if (options.is_sql) return RunSqlExport(options);
  if (options.sql.AnyGiven()) {
    return absl::InvalidArgumentError(
        "--section, --only, --split, --no-owner, --no-privileges and --with-roles are of --format "
        "sql");
  }
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
  CLI::App* const command = app.add_subcommand(
      "export", "Write the four files of a stored snapshot, or its database as SQL");
  command->footer(
      "examples:\n"
      "  varve export prod-eu@2026-03-01 -o audit --validate\n"
      "  varve export prod-eu@release-1.4 --format sql -o release.sql\n"
      "  varve export prod-eu --format sql --split schema --no-owner\n\n"
      "Writes BASE_schema.json, _redis.json, _models.json and BASE_analysis.md.");
  const auto options = std::make_shared<ExportOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "prod, prod@42, prod~3, prod@2026-01-31, prod@2026-01-31T12:00Z, "
                   "prod@yesterday, prod@TAG or file:BASE")
      ->required();
  command
      ->add_option(
          "-o,--output", options->base,
          "What names begin with, else schema_export_ and the time (UTC); or the SQL file, "
          "else it is printed")
      ->type_name("BASE")
      ->group(kOutputGroup);
  AddWordFlag(*command, "--format", {"files", "sql"}, "The four files, or the database as SQL",
              kOutputGroup, [options](size_t word) { options->is_sql = word == 1; });
  AddValidationFlags(*command, options->validation);
  AddSqlFlags(*command, options->sql);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunExport(*options); }; });
}

}  // namespace varve
