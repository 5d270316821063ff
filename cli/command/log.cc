// `varve log`: the snapshots of an environment that changed something, newest first; or all.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

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

namespace varve {
namespace {

struct LogOptions {
  std::string environment;
  bool all = false;
  TimeFlags time;
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

std::string TableText(const LogOptions& options, const std::vector<v1::StoredSnapshot>& snapshots) {
  if (snapshots.empty()) {
    return absl::StrCat("no snapshot of ", options.environment, " lies in that time\n");
  }
  TextTable table({"SNAPSHOT", "TIME", "STRUCTURE", "OCCASION", "TAGS", "NOT COMPLETE"});
  for (const v1::StoredSnapshot& snapshot : snapshots) {
    const v1::SnapshotHeader& header = snapshot.header();
    table.AddRow({absl::StrCat(header.environment(), "@", snapshot.seq()),
                  FormatMinute(absl::FromUnixMicros(snapshot.time_us())),
                  StructureHash(header).value_or("?"), OccasionWord(header.occasion()),
                  absl::StrJoin(snapshot.tags(), " "), Troubles(header)});
  }
  return options.format == Format::kTable ? table.Aligned() : table.Markdown();
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

// Every snapshot of the time that is asked for, whether it changed something or not.
absl::Status ListAll(const LogOptions& options, const v1::LogRequest& request,
                     const CollectorClient& client) {
  const bool of_a_time = request.since_us() != 0 || request.until_us() != 0;
  VARVE_ASSIGN_OR_RETURN(std::vector<v1::StoredSnapshot> snapshots,
                         client.Snapshots(options.environment, of_a_time ? 0 : options.limit));
  const auto is_outside = [&](const v1::StoredSnapshot& snapshot) {
    return snapshot.time_us() < request.since_us() ||
           (request.until_us() != 0 && snapshot.time_us() > request.until_us());
  };
  snapshots.erase(std::remove_if(snapshots.begin(), snapshots.end(), is_outside), snapshots.end());
  if (options.limit != 0 && snapshots.size() > options.limit) snapshots.resize(options.limit);
  return WriteData(options.format == Format::kJson ? JsonText(options, snapshots)
                                                   : TableText(options, snapshots));
}

absl::StatusOr<v1::LogRequest> RequestOf(const LogOptions& options, absl::Time now) {
  v1::LogRequest request;
  request.set_environment(options.environment);
  request.set_limit(options.limit);
  VARVE_ASSIGN_OR_RETURN(const TimeRange range, RangeFrom(options.time, now));
  request.set_since_us(range.since_us);
  request.set_until_us(range.until_us);
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
    VARVE_RETURN_IF_ERROR(ListAll(options, request, client));
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
  AddTimeFlags(*command, options->time);
  AddLimitFlag(*command, options->limit);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunLog(*options); }; });
}

}  // namespace varve
