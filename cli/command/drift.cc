// `varve drift`: which environments are alike, and in what the others differ.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "cli/render/drift_text.h"

namespace varve {
namespace {

enum class DriftFormat { kTable, kMatrix, kJson, kMarkdown };

struct DriftOptions {
  std::string selector;
  std::string baseline;
  bool majority = false;
  bool all_facets = false;
  bool strict = false;
  std::optional<v1::DriftGrouping> grouping;
  DriftFormat format = DriftFormat::kTable;
  CollectorFlags collector;
};

ExitCode ExitCodeOf(const v1::DriftResult& result, bool strict) {
  switch (result.verdict()) {
    case v1::VERDICT_DIFFERENT:
      return ExitCode::kDifferent;
    case v1::VERDICT_SAME:
      return strict && result.unsaid_size() > 0 ? ExitCode::kCannotSay : ExitCode::kDone;
    default:  // a newer collector's verdict that we do not know says neither same nor different
      return ExitCode::kCannotSay;
  }
}

std::string Text(const v1::DriftResult& result, DriftFormat format) {
  const bool utf8 = LocaleIsUtf8(ProcessVariable);
  switch (format) {
    case DriftFormat::kTable:
      return DriftTable(result, utf8);
    case DriftFormat::kMatrix:
      return DriftMatrix(result, utf8);
    case DriftFormat::kJson:
      return DriftJson(result);
    case DriftFormat::kMarkdown:
      return DriftMarkdown(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunDrift(const DriftOptions& options) {
  v1::DriftRequest request;
  request.set_selector(options.selector);
  request.set_baseline(options.baseline);
  request.set_all_facets(options.all_facets);
  const bool matrix = options.format == DriftFormat::kMatrix;
  request.set_grouping(
      options.grouping.value_or(matrix ? v1::DRIFT_GROUPING_SCHEMA : v1::DRIFT_GROUPING_WHOLE));
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const v1::DriftResult result, client.Drift(request));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCodeOf(result, options.strict);
}

}  // namespace

void AddDriftCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("drift", "Show which environments are alike, and who differs");
  command->footer(
      "examples:\n"
      "  varve drift\n"
      "  varve drift tier=prod,region!=eu --baseline prod-eu@release-1.4\n"
      "  varve drift 'prod-*' --format matrix\n\n"
      "A SELECTOR has names or globs (prod-*) and labels (tier=prod, region!=eu), with\n"
      "commas between. Exits with 0: all the same; 1: some differ; 3: cannot say, since\n"
      "some could not see what others saw; 2: trouble.");
  const auto options = std::make_shared<DriftOptions>();  // shared with the closure that runs it
  command->add_option("SELECTOR", options->selector, "Which environments; else all");
  CLI::Option* const baseline = command->add_option(
      "--baseline", options->baseline, "Hold them against this stored snapshot (prod, prod@42, …)");
  baseline->type_name("SNAPSHOT")->group(kOutputGroup);
  command
      ->add_flag("--majority", options->majority,
                 "Hold them against the largest class; so it is without --baseline")
      ->excludes(baseline)
      ->group(kOutputGroup);
  command
      ->add_flag("--all", options->all_facets,
                 "Compare access, options, docs and state too, which differ on purpose")
      ->group(kOutputGroup);
  AddWordFlag(*command, "--by", {"whole", "section", "schema", "entity"},
              "Classes of whole environments, or of each section, schema or entity; else whole",
              kOutputGroup, [options](size_t at) {
                options->grouping = static_cast<v1::DriftGrouping>(v1::DRIFT_GROUPING_WHOLE + at);
              });
  command->add_flag("--strict", options->strict, "Exit with 3 also where nobody could look")
      ->group(kOutputGroup);
  AddWordFlag(*command, "--format", {"table", "matrix", "json", "markdown"},
              "table, matrix (environments and schemas), json or markdown; else table",
              kOutputGroup,
              [options](size_t at) { options->format = static_cast<DriftFormat>(at); });
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunDrift(*options); }; });
}

}  // namespace varve
