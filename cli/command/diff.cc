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
#include "snapshot/changes/change_rules.h"
#include "snapshot/changes/diff_filter.h"
#include "snapshot/changes/growth.h"

namespace varve {
namespace {

enum class DiffFormat { kTable, kJson, kMarkdown, kJunit, kGithub };
// Above every class there is.
constexpr auto kNever = static_cast<v1::ChangeClass>(v1::CHANGE_CLASS_BREAKING + 1);

struct DiffOptions {
  std::string before;
  std::string after;
  v1::DiffFilter filter;
  // A difference of this class or a heavier one is a failure; unspecified: any.
  v1::ChangeClass fail_on = v1::CHANGE_CLASS_UNSPECIFIED;
  bool strict = false;
  bool measures = false;
  DiffFormat format = DiffFormat::kTable;
  CollectorFlags collector;
};

// Two stored snapshots are compared beside the store, which also knows what was there before a gap.
absl::StatusOr<v1::DiffResult> Compare(const DiffOptions& options) {
  VARVE_RETURN_IF_ERROR(CheckDiffFilter(options.filter));
  const CollectorAccess access = AccessFrom(options.collector);
  VARVE_ASSIGN_OR_RETURN(const bool before_is_files, NamesFiles(options.before));
  VARVE_ASSIGN_OR_RETURN(const bool after_is_files, NamesFiles(options.after));
  if (!before_is_files && !after_is_files) {
    VARVE_ASSIGN_OR_RETURN(const CollectorClient client, CollectorClient::Open(access));
    v1::DiffRequest request;
    request.set_before(options.before);
    request.set_after(options.after);
    *request.mutable_filter() = options.filter;
    request.set_measures(options.measures);
    return client.Diff(request);
  }
  VARVE_ASSIGN_OR_RETURN(const Snapshot before, LoadSnapshot(options.before, access));
  VARVE_ASSIGN_OR_RETURN(const Snapshot after, LoadSnapshot(options.after, access));
  VARVE_ASSIGN_OR_RETURN(v1::DiffResult result, Diff(before, after, nullptr));
  if (options.measures) AddGrowth(before, after, result);
  FilterDiff(options.filter, before, after, result);
  Classify(result);
  if (before_is_files) result.set_before(options.before);
  if (after_is_files) result.set_after(options.after);
  return result;
}

// What fails is counted; then what could have hidden it.
ExitCode ExitCodeOf(const v1::DiffResult& result, const DiffOptions& options) {
  for (const v1::Difference& difference : result.differences()) {
    // An older collector's answer is not classified: it counts as the heaviest.
    const bool heavy = difference.change_class() == v1::CHANGE_CLASS_UNSPECIFIED ||
                       difference.change_class() >= options.fail_on;
    if (heavy && options.fail_on != kNever) return ExitCode::kDifferent;
  }
  const bool unsaid = result.neither_size() > 0 || result.not_comparable_size() > 0;
  if (options.strict && (unsaid || result.cannot_say_size() > 0)) return ExitCode::kCannotSay;
  if (options.fail_on == kNever) return ExitCode::kDone;
  switch (result.verdict()) {
    case v1::VERDICT_SAME:
      return ExitCode::kDone;
    case v1::VERDICT_DIFFERENT:
      return result.cannot_say_size() > 0 ? ExitCode::kCannotSay : ExitCode::kDone;
    default:  // a newer collector's verdict that we do not know says neither same nor different
      return ExitCode::kCannotSay;
  }
}

std::string Text(const v1::DiffResult& result, const DiffOptions& options) {
  switch (options.format) {
    case DiffFormat::kTable:
      return DiffTable(result, LocaleIsUtf8(ProcessVariable), MayColour(ProcessVariable));
    case DiffFormat::kJson:
      return DiffJson(result);
    case DiffFormat::kMarkdown:
      return DiffMarkdown(result);
    case DiffFormat::kJunit:
      return DiffJunit(result, options.fail_on);
    case DiffFormat::kGithub:
      return DiffGithub(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunDiff(const DiffOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const v1::DiffResult result, Compare(options));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options)));
  return ExitCodeOf(result, options);
}

// Adds a flag whose values go to `list`.
void AddListFlag(CLI::App& command, const std::string& name, const std::string& type,
                 const std::string& help, google::protobuf::RepeatedPtrField<std::string>& list) {
  command
      .add_option_function<std::vector<std::string>>(
          name,
          [&list](const std::vector<std::string>& values) {
            for (const std::string& value : values) *list.Add() = value;
          },
          help)
      ->type_name(type)
      ->delimiter(',')
      ->group(kSelectionGroup);
}

void AddFailureFlags(CLI::App& command, DiffOptions& options) {
  AddWordFlag(command, "--fail-on", {"any", "risky", "breaking", "never"},
              "Exit with 1 where a difference is of this class or a heavier one; else any",
              kOutputGroup, [&options](size_t word) {
                constexpr v1::ChangeClass kClasses[] = {v1::CHANGE_CLASS_UNSPECIFIED,
                                                        v1::CHANGE_CLASS_RISKY,
                                                        v1::CHANGE_CLASS_BREAKING, kNever};
                options.fail_on = kClasses[word];
              });
  command
      .add_flag("--strict", options.strict,
                "Exit with 3 also where neither side could look, or what they saw cannot be "
                "compared")
      ->group(kOutputGroup);
}

}  // namespace

void AddDiffCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("diff", "Show what differs between two snapshots");
  command->footer(
      "examples:\n"
      "  varve diff prod-eu@41 prod-eu@42\n"
      "  varve diff staging prod-eu --fail-on breaking --format junit\n"
      "  varve diff file:before file:after --only 'public.order*'\n\n"
      "Exits with 0: same, or nothing as heavy as --fail-on; 1: different; 3: cannot\n"
      "say, since one side saw what the other could not; 2: trouble.");
  const auto options = std::make_shared<DiffOptions>();  // shared with the closure that runs it
  command
      ->add_option("BEFORE", options->before, "A stored snapshot (prod, prod@42, …) or file:BASE")
      ->required();
  command->add_option("AFTER", options->after, "The same")->required();
  AddListFlag(*command, "--only", "GLOB", "Only what is called so: 'public.order*', 'session:*'",
              *options->filter.mutable_names());
  AddListFlag(*command, "--kind", "KIND", "Only of these kinds: table, function, key_pattern, …",
              *options->filter.mutable_kinds());
  AddListFlag(*command, "--source", "NAME", "Only of these sources",
              *options->filter.mutable_sources());
  AddFailureFlags(*command, *options);
  command->add_flag("--measures", options->measures, "Also how rows, bytes and keys grew")
      ->group(kOutputGroup);
  AddWordFlag(*command, "--format", {"table", "json", "markdown", "junit", "github"},
              "table, json, markdown, junit or github; table where it is not given", kOutputGroup,
              [options](size_t word) { options->format = static_cast<DiffFormat>(word); });
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunDiff(*options); }; });
}

}  // namespace varve
