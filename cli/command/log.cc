// `varve log`: the snapshots of an environment, newest first.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/sections.h"
#include "cli/program.h"
#include "cli/render/json_writer.h"
#include "cli/render/text_table.h"
#include "snapshot/environment_name.h"
#include "snapshot/header_words.h"

namespace varve {
namespace {

struct LogOptions {
  std::string environment;
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

absl::StatusOr<ExitCode> RunLog(const LogOptions& options) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(options.environment));
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::StoredSnapshot> snapshots,
                         client.Snapshots(options.environment, options.limit));
  VARVE_RETURN_IF_ERROR(WriteData(options.format == Format::kJson
                                      ? JsonText(options, snapshots)
                                      : TableText(snapshots, options.format)));
  return ExitCode::kDone;
}

}  // namespace

void AddLogCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("log", "List the snapshots of an environment, newest first");
  command->footer(
      "examples:\n"
      "  varve log prod-eu\n"
      "  varve log prod-eu --limit 20\n"
      "  varve log prod-eu --format json");
  const auto options = std::make_shared<LogOptions>();  // shared with the closure that runs it
  command->add_option("ENVIRONMENT", options->environment, "Its name")->required();
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
