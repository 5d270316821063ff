// `varve check`: what the rules say of a snapshot, stored or in files.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/validation.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/check_text.h"
#include "snapshot/rules/check_proto.h"

namespace varve {
namespace {

enum class CheckFormat { kTable, kJson, kMarkdown, kJunit, kGithub };
// Above every severity there is.
constexpr auto kNever = static_cast<v1::FindingSeverity>(v1::FINDING_SEVERITY_ERROR + 1);

struct CheckOptions {
  std::string reference;
  std::vector<std::string> rules;
  std::string rules_file;
  v1::FindingSeverity fail_on = v1::FINDING_SEVERITY_ERROR;
  bool strict = false;
  CheckFormat format = CheckFormat::kTable;
  CollectorFlags collector;
};

// Stored snapshots are checked beside the store.
absl::StatusOr<v1::CheckResult> CheckNamed(const CheckOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const RulesAsked asked,
                         AskedRules(options.rules, options.rules_file, absl::Now()));
  const CollectorAccess access = AccessFrom(options.collector);
  VARVE_ASSIGN_OR_RETURN(const bool is_files, NamesFiles(options.reference));
  if (!is_files) {
    VARVE_ASSIGN_OR_RETURN(const CollectorClient client, CollectorClient::Open(access));
    return client.Check(options.reference, asked);
  }
  VARVE_ASSIGN_OR_RETURN(const Snapshot snapshot, LoadSnapshot(options.reference, access));
  VARVE_ASSIGN_OR_RETURN(v1::CheckResult result, Checked(snapshot, asked));
  result.set_reference(options.reference);
  return result;
}

ExitCode ExitCodeOf(const v1::CheckResult& result, const CheckOptions& options) {
  for (const v1::Finding& finding : result.findings()) {
    if (finding.severity() >= options.fail_on) return ExitCode::kDifferent;
  }
  const bool unsaid = options.strict && !result.cannot_say().empty();
  return unsaid ? ExitCode::kCannotSay : ExitCode::kDone;
}

std::string Text(const v1::CheckResult& result, const CheckOptions& options) {
  switch (options.format) {
    case CheckFormat::kTable:
      return CheckTable(result);
    case CheckFormat::kJson:
      return CheckJson(result);
    case CheckFormat::kMarkdown:
      return CheckMarkdown(result);
    case CheckFormat::kJunit:
      return CheckJunit(result, options.fail_on);
    case CheckFormat::kGithub:
      return CheckGithub(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunCheck(const CheckOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const v1::CheckResult result, CheckNamed(options));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options)));
  TellNotes(result, options.rules_file);
  return ExitCodeOf(result, options);
}

}  // namespace

void AddCheckCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("check", "Say what the rules find in a snapshot");
  command->footer(
      "examples:\n"
      "  varve check prod-eu\n"
      "  varve check prod-eu@940 --rules pg --fail-on warn\n"
      "  varve check file:audit --format junit\n\n"
      "Exits with 0: no finding at or above --fail-on; 1: one or more; 2: trouble;\n"
      "3: with --strict, a rule could not say.");
  const auto options = std::make_shared<CheckOptions>();  // shared with the closure that runs it
  command
      ->add_option("SNAPSHOT", options->reference,
                   "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command
      ->add_option("--rules", options->rules,
                   "Only these: pg/fk-without-index; pg for its family's defaults, pg/* for all of "
                   "it, * for all")
      ->type_name("RULE")
      ->delimiter(',')
      ->group(kOutputGroup);
  AddRulesFileFlag(*command, options->rules_file);
  AddWordFlag(*command, "--fail-on", {"error", "warn", "info", "never"},
              "Exit with 1 from this severity on; else error", kOutputGroup,
              [options](size_t word) {
                constexpr v1::FindingSeverity kSeverities[] = {v1::FINDING_SEVERITY_ERROR,
                                                               v1::FINDING_SEVERITY_WARNING,
                                                               v1::FINDING_SEVERITY_INFO, kNever};
                options->fail_on = kSeverities[word];
              });
  command->add_flag("--strict", options->strict, "Exit with 3 where a rule could not say")
      ->group(kOutputGroup);
  AddWordFlag(*command, "--format", {"table", "json", "markdown", "junit", "github"},
              "table, json, markdown, junit or github; table where it is not given", kOutputGroup,
              [options](size_t word) { options->format = static_cast<CheckFormat>(word); });
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunCheck(*options); }; });
}

}  // namespace varve
