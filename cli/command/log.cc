// `varve log`: the snapshots of an environment that changed something, newest first; or all.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/sections.h"
#include "cli/program.h"
#include "cli/render/history_text.h"
#include "cli/render/json_writer.h"
#include "cli/render/text_table.h"
#include "snapshot/environment_name.h"
#include "snapshot/header_words.h"
#include "snapshot/reference.h"

namespace varve {
namespace {

struct LogOptions {
  std::string environment;
  bool all = false;
  std::string since;
  std::string until;
  uint32_t limit = 0;
  CollectorFlags collector;
  Format format = Format::kTable;
};

// "redis unavailable"; what was complete is not worth a word.
std::string Troubles(const v1::SnapshotHeader& header) {
  std::vector<std::string> troubles;
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.status() == v1::SECTION_STATUS_COMPLETE) continue;
    troubles.push_back(absl::StrCat(section.name(), " ", StatusWord(section.status())));
  }
  return absl::StrJoin(troubles, ", ");
}

std::string TableText(const std::vector<v1::StoredSnapshot>& snapshots, Format format) {
  TextTable table({"SNAPSHOT", "TIME", "STRUCTURE", "OCCASION", "TAGS", "NOT COMPLETE"});
  for (const v1::StoredSnapshot& snapshot : snapshots) {
    const v1::SnapshotHeader& header = snapshot.header();
    table.AddRow({absl::StrCat(header.environment(), "@", snapshot.seq()),
                  FormatMinute(absl::FromUnixMicros(snapshot.time_us())),
                  StructureHash(header).value_or("?"), OccasionWord(header.occasion()),
                  absl::StrJoin(snapshot.tags(), " "), Troubles(header)});
  }
  return format == Format::kTable ? table.Aligned() : table.Markdown();
}

std::string JsonText(const LogOptions& options, const std::vector<v1::StoredSnapshot>& snapshots) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.log.v1");
  json.Text("environment", options.environment);
  json.BeginArray("snapshots");
  for (const v1::StoredSnapshot& snapshot : snapshots) {
    json.BeginObject();
    WriteSnapshotMembers(json, snapshot);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

// Every snapshot, whether it changed something or not.
absl::Status ListAll(const LogOptions& options, const CollectorClient& client) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::StoredSnapshot> snapshots,
                         client.Snapshots(options.environment, options.limit));
  return WriteData(options.format == Format::kJson ? JsonText(options, snapshots)
                                                   : TableText(snapshots, options.format));
}

absl::StatusOr<TimeSpan> SpanOf(absl::string_view flag, const std::string& text, absl::Time now) {
  absl::StatusOr<TimeSpan> span = ParseTimeSpan(text, now);
  if (!span.ok()) return Annotate(span.status(), flag);
  return span;
}

absl::StatusOr<v1::LogRequest> RequestOf(const LogOptions& options, absl::Time now) {
  v1::LogRequest request;
  request.set_environment(options.environment);
  request.set_limit(options.limit);
  if (!options.since.empty()) {
    VARVE_ASSIGN_OR_RETURN(const TimeSpan since, SpanOf("--since", options.since, now));
    request.set_since_us(absl::ToUnixMicros(since.first));
  }
  if (!options.until.empty()) {
    VARVE_ASSIGN_OR_RETURN(const TimeSpan until, SpanOf("--until", options.until, now));
    request.set_until_us(absl::ToUnixMicros(until.last));
  }
  return request;
}

std::string Text(const v1::LogResult& result, Format format) {
  switch (format) {
    case Format::kTable:
      return LogTable(result, LocaleIsUtf8(ProcessVariable));
    case Format::kJson:
      return LogJson(result);
    case Format::kMarkdown:
      return LogMarkdown(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunLog(const LogOptions& options) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(options.environment));
  VARVE_ASSIGN_OR_RETURN(const v1::LogRequest request, RequestOf(options, absl::Now()));
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  if (options.all) {
    VARVE_RETURN_IF_ERROR(ListAll(options, client));
    return ExitCode::kDone;
  }
  VARVE_ASSIGN_OR_RETURN(const v1::LogResult result, client.Log(request));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCode::kDone;
}

}  // namespace

void AddLogCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("log", "Tell which snapshots changed something, newest first");
  command->footer(
      "examples:\n"
      "  varve log prod-eu\n"
      "  varve log prod-eu --since 2026-03-01 --until yesterday\n"
      "  varve log prod-eu --all --limit 20     every snapshot");
  const auto options = std::make_shared<LogOptions>();  // shared with the closure that runs it
  command->add_option("ENVIRONMENT", options->environment, "Its name")->required();
  command->add_flag("--all", options->all, "Every snapshot, whatever it changed")
      ->group(kSelectionGroup);
  CLI::Option* const since =
      command->add_option("--since", options->since, "From this day or time on: 2026-03-01")
          ->type_name("TIME")
          ->group(kSelectionGroup);
  CLI::Option* const until =
      command->add_option("--until", options->until, "Up to this day or time: yesterday")
          ->type_name("TIME")
          ->group(kSelectionGroup);
  command->get_option("--all")->excludes(since)->excludes(until);
  command->add_option("--limit", options->limit, "At most so many; 0: all")
      ->type_name("N")
      ->check([](const std::string& value) {
        uint32_t number = 0;
        return absl::SimpleAtoi(value, &number) ? "" : absl::StrCat("'", value, "' is no number");
      })
      ->group(kOutputGroup);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunLog(*options); }; });
}

}  // namespace varve
