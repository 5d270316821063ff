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
#include "snapshot/selector.h"

namespace varve {
namespace {

struct EnvsOptions {
  std::string selector;
  bool names_only = false;
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

absl::StatusOr<std::vector<v1::Environment>> Selected(std::vector<v1::Environment> all,
                                                      const std::string& text) {
  VARVE_ASSIGN_OR_RETURN(const Selector selector, Selector::Parse(text));
  if (text.empty()) return all;
  std::vector<Selectable> selectable;
  for (const v1::Environment& environment : all) {
    selectable.push_back({environment.name(), environment.last().header()});
  }
  VARVE_ASSIGN_OR_RETURN(const std::vector<size_t> taken, Select(selector, selectable));
  std::vector<v1::Environment> selected;
  for (const size_t at : taken) selected.push_back(std::move(all[at]));
  return selected;
}

std::string NamesText(const std::vector<v1::Environment>& environments) {
  std::string text;
  for (const v1::Environment& environment : environments) {
    absl::StrAppend(&text, environment.name(), "\n");
  }
  return text;
}

std::string Text(const std::vector<v1::Environment>& environments, const EnvsOptions& options) {
  if (options.names_only) return NamesText(environments);
  if (options.format == Format::kJson) return JsonText(environments);
  return TableText(environments, options.format, absl::Now());
}

absl::StatusOr<ExitCode> RunEnvs(const EnvsOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(std::vector<v1::Environment> all, client.Environments());
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::Environment> environments,
                         Selected(std::move(all), options.selector));
  VARVE_RETURN_IF_ERROR(WriteData(Text(environments, options)));
  return ExitCode::kDone;
}

}  // namespace

void AddEnvsCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("envs", "List the environments and how each fared last");
  command->footer(
      "examples:\n"
      "  varve envs\n"
      "  varve envs 'prod-*' --format json\n"
      "  varve envs tier=prod,region!=eu --names\n"
      "  varve envs --collector varve.internal:7447 --ca ca.pem\n\n"
      "A SELECTOR has names or globs (prod-*) and labels (tier=prod, region!=eu), with\n"
      "commas between.");
  const auto options = std::make_shared<EnvsOptions>();  // shared with the closure that runs it
  command->add_option("SELECTOR", options->selector, "Which environments; else all");
  command->add_flag("--names", options->names_only, "Their names alone, one a line")
      ->group(kOutputGroup);
  AddFormatFlag(*command, options->format);
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunEnvs(*options); }; });
}

}  // namespace varve
