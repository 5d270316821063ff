// `varve envs`: the environments that the collector keeps, and how the newest snapshot of each
// fared.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/command/sections.h"
#include "cli/program.h"
#include "cli/render/json_writer.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

struct EnvsOptions {
  CollectorFlags collector;
  Format format = Format::kTable;
};

std::string LabelsText(const v1::SnapshotHeader& header) {
  return absl::StrJoin(header.labels(), " ", [](std::string* out, const v1::Label& label) {
    absl::StrAppend(out, label.name(), "=", label.value());
  });
}

std::string TableText(const std::vector<v1::Environment>& environments, Format format,
                      absl::Time now) {
  if (environments.empty()) {
    return "no environments: the store is empty, no agent has published yet\n";
  }
  TextTable table(
      {"ENVIRONMENT", "LABELS", "SNAPSHOTS", "LAST", "STRUCTURE", "POSTGRES", "REDIS", "MODELS"},
      {2});
  const SectionMarks marks(LocaleIsUtf8(ProcessVariable) || format == Format::kMarkdown);
  for (const v1::Environment& environment : environments) {
    const v1::SnapshotHeader& header = environment.last().header();
    const absl::Duration age = now - absl::FromUnixMicros(environment.last().time_us());
    table.AddRow({environment.name(), LabelsText(header),
                  WithCommas(static_cast<int64_t>(environment.snapshot_count())),
                  absl::StrCat(FormatDurationShort(std::max(age, absl::ZeroDuration())), " ago"),
                  StructureHash(header).value_or("?"), marks.OfKind(header, "postgres"),
                  marks.OfKind(header, "redis"), marks.OfKind(header, "models")});
  }
  return format == Format::kTable ? table.Aligned() : table.Markdown();
}

std::string JsonText(const std::vector<v1::Environment>& environments) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.envs.v1");
  json.BeginArray("environments");
  for (const v1::Environment& environment : environments) {
    const v1::StoredSnapshot& last = environment.last();
    json.BeginObject();
    json.Text("name", environment.name());
    json.BeginObject("labels");
    for (const v1::Label& label : last.header().labels()) json.Text(label.name(), label.value());
    json.EndObject();
    json.Unsigned("snapshots", environment.snapshot_count());
    json.BeginObject("last");
    WriteSnapshotMembers(json, last);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

absl::StatusOr<ExitCode> RunEnvs(const EnvsOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::Environment> environments, client.Environments());
  VARVE_RETURN_IF_ERROR(WriteData(options.format == Format::kJson
                                      ? JsonText(environments)
                                      : TableText(environments, options.format, absl::Now())));
  return ExitCode::kDone;
}

}  // namespace

void AddEnvsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("envs", "List the environments and how each fared last");
  command->footer(
      "examples:\n"
      "  varve envs\n"
      "  varve envs --format json\n"
      "  varve envs --collector varve.internal:7447 --ca ca.pem");
  const auto options = std::make_shared<EnvsOptions>();  // shared with the closure that runs it
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunEnvs(*options); }; });
}

}  // namespace varve
