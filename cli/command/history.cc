// `varve history` and `varve blame`: what snapshots tell of one object.
#include <CLI/CLI.hpp>
#include <memory>

#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "cli/render/history_text.h"
#include "snapshot/object_name.h"

namespace varve {
namespace {

struct HistoryOptions {
  std::string reference;
  std::string object;
  CollectorFlags collector;
  Format format = Format::kTable;
};

std::string Text(const v1::ObjectHistory& history, Format format) {
  switch (format) {
    case Format::kTable:
      return HistoryTable(history, LocaleIsUtf8(ProcessVariable));
    case Format::kJson:
      return HistoryJson(history);
    case Format::kMarkdown:
      return HistoryMarkdown(history);
  }
  return "";
}

std::string Text(const v1::BlameResult& result, Format format) {
  switch (format) {
    case Format::kTable:
      return BlameTable(result, LocaleIsUtf8(ProcessVariable));
    case Format::kJson:
      return BlameJson(result);
    case Format::kMarkdown:
      return BlameMarkdown(result);
  }
  return "";
}

// The collector, once the object's name is one.
absl::StatusOr<CollectorClient> OpenFor(const HistoryOptions& options) {
  VARVE_RETURN_IF_ERROR(ObjectName::Parse(options.object).status());
  return CollectorClient::Open(AccessFrom(options.collector));
}

absl::StatusOr<ExitCode> RunHistory(const HistoryOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client, OpenFor(options));
  VARVE_ASSIGN_OR_RETURN(const v1::ObjectHistory history,
                         client.History(options.reference, options.object));
  VARVE_RETURN_IF_ERROR(WriteData(Text(history, options.format)));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> RunBlame(const HistoryOptions& options) {
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client, OpenFor(options));
  VARVE_ASSIGN_OR_RETURN(const v1::BlameResult result,
                         client.Blame(options.reference, options.object));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCode::kDone;
}

using Run = absl::StatusOr<ExitCode> (*)(const HistoryOptions&);

void AddCommand(CLI::App& command, Invocation& invocation, const char* object, Run run) {
  const auto options = std::make_shared<HistoryOptions>();  // shared with the closure that runs it
  command
      .add_option("ENVIRONMENT", options->reference,
                  "Its name, or the last snapshot to look at (prod@42)")
      ->required();
  command.add_option("OBJECT", options->object, object)->required();
  AddFormatFlag(command, options->format);
  AddCollectorFlags(command, options->collector);
  command.callback(
      [options, &invocation, run] { invocation.run = [options, run] { return run(*options); }; });
}

}  // namespace

void AddHistoryCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("history", "Show every version of an object, or of a part of one");
  command->footer(
      "examples:\n"
      "  varve history prod-eu public.orders.total\n"
      "  varve history prod-eu 'redis:session:*'\n"
      "  varve history prod-eu@40 model:shop.models.Order.total --format json\n\n"
      "An object that is gone is found in a snapshot that still has it (prod-eu@40).");
  AddCommand(*command, invocation,
             "schema.name[.part], redis:PATTERN[.field] or model:module.Name[.field]", RunHistory);
}

void AddBlameCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand(
      "blame", "Show which snapshot brought each part of an object in its present form");
  command->footer(
      "examples:\n"
      "  varve blame prod-eu public.orders\n"
      "  varve blame prod-eu@40 public.orders\n"
      "  varve blame prod-eu model:shop.models.Order --format markdown");
  AddCommand(*command, invocation, "schema.name, redis:PATTERN or model:module.Name", RunBlame);
}

}  // namespace varve
