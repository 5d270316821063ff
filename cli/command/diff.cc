// `varve diff`: what differs between two snapshots, stored or in files.
#include "snapshot/diff.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/load.h"
#include "cli/program.h"
#include "cli/render/diff_table.h"

namespace varve {
namespace {

struct DiffOptions {
  std::string before;
  std::string after;
  bool strict = false;
  Format format = Format::kTable;
  CollectorFlags collector;
};

// Two stored snapshots are compared beside the store, which also knows what was there before a gap.
absl::StatusOr<v1::DiffResult> Compare(const DiffOptions& options) {
  const CollectorAccess access = AccessFrom(options.collector);
  VARVE_ASSIGN_OR_RETURN(const bool before_is_files, NamesFiles(options.before));
  VARVE_ASSIGN_OR_RETURN(const bool after_is_files, NamesFiles(options.after));
  if (!before_is_files && !after_is_files) {
    VARVE_ASSIGN_OR_RETURN(const CollectorClient client, CollectorClient::Open(access));
    return client.Diff(options.before, options.after);
  }
  VARVE_ASSIGN_OR_RETURN(const Snapshot before, LoadSnapshot(options.before, access));
  VARVE_ASSIGN_OR_RETURN(const Snapshot after, LoadSnapshot(options.after, access));
  VARVE_ASSIGN_OR_RETURN(v1::DiffResult result, Diff(before, after, nullptr));
  if (before_is_files) result.set_before(options.before);
  if (after_is_files) result.set_after(options.after);
  return result;
}

ExitCode ExitCodeOf(const v1::DiffResult& result, bool strict) {
  switch (result.verdict()) {
    case v1::VERDICT_DIFFERENT:
      return ExitCode::kDifferent;
    case v1::VERDICT_SAME: {
      const bool unsaid = result.neither_size() > 0 || result.not_comparable_size() > 0;
      return strict && unsaid ? ExitCode::kCannotSay : ExitCode::kDone;
    }
    default:  // a newer collector's verdict that we do not know says neither same nor different
      return ExitCode::kCannotSay;
  }
}

std::string Text(const v1::DiffResult& result, Format format) {
  switch (format) {
    case Format::kTable:
      return DiffTable(result, LocaleIsUtf8(ProcessVariable));
    case Format::kJson:
      return DiffJson(result);
    case Format::kMarkdown:
      return DiffMarkdown(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunDiff(const DiffOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const v1::DiffResult result, Compare(options));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCodeOf(result, options.strict);
}

}  // namespace

void AddDiffCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("diff", "Show what differs between two snapshots");
  command->footer(
      "examples:\n"
      "  varve diff prod-eu@41 prod-eu@42\n"
      "  varve diff prod-eu staging --format json\n"
      "  varve diff file:before file:after\n\n"
      "Exits with 0: same; 1: different; 3: cannot say, since one side saw what\n"
      "the other could not; 2: trouble.");
  const auto options = std::make_shared<DiffOptions>();  // shared with the closure that runs it
  command
      ->add_option("BEFORE", options->before, "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command->add_option("AFTER", options->after, "The same")->required();
  command
      ->add_flag(
          "--strict", options->strict,
          "Exit with 3 also where neither side could look, or what they saw cannot be compared")
      ->group(kOutputGroup);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunDiff(*options); }; });
}

}  // namespace varve
