// `varve trend`: how a figure of an object moved from snapshot to snapshot.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/time/clock.h"
#include "base/status.h"
#include "cli/client.h"
#include "cli/command/command.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "cli/render/trend_text.h"
#include "snapshot/object_name.h"

namespace varve {
namespace {

enum class TrendFormat { kTable, kCsv, kJson, kMarkdown };  // as kFormats has them
constexpr const char* kFormats[] = {"table", "csv", "json", "markdown"};

struct TrendOptions {
  std::string reference;
  std::string object;
  std::string measure;
  TimeFlags time;
  uint32_t limit = 0;
  CollectorFlags collector;
  TrendFormat format = TrendFormat::kTable;
};

std::string Text(const v1::TrendResult& result, TrendFormat format) {
  switch (format) {
    case TrendFormat::kTable:
      return TrendTable(result, LocaleIsUtf8(ProcessVariable));
    case TrendFormat::kCsv:
      return TrendCsv(result);
    case TrendFormat::kJson:
      return TrendJson(result);
    case TrendFormat::kMarkdown:
      return TrendMarkdown(result);
  }
  return "";
}

absl::StatusOr<ExitCode> RunTrend(const TrendOptions& options) {
  VARVE_RETURN_IF_ERROR(ObjectName::Parse(options.object).status());
  VARVE_ASSIGN_OR_RETURN(const TimeRange range, RangeFrom(options.time, absl::Now()));
  v1::TrendRequest request;
  request.set_reference(options.reference);
  request.set_object(options.object);
  request.set_measure(options.measure);
  request.set_since_us(range.since_us);
  request.set_until_us(range.until_us);
  request.set_limit(options.limit);
  VARVE_ASSIGN_OR_RETURN(const CollectorClient client,
                         CollectorClient::Open(AccessFrom(options.collector)));
  VARVE_ASSIGN_OR_RETURN(const v1::TrendResult result, client.Trend(request));
  VARVE_RETURN_IF_ERROR(WriteData(Text(result, options.format)));
  return ExitCode::kDone;
}

}  // namespace

void AddTrendCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("trend", "Show how rows, bytes, keys or another figure moved over time");
  command->footer(
      "examples:\n"
      "  varve trend prod-eu public.orders --measure table_bytes --since 30d\n"
      "  varve trend prod-eu 'redis:session:*' --format csv\n"
      "  varve trend prod-eu database:database --measure database_bytes\n\n"
      "A snapshot that could not see the figure is a gap that says why, never zero.");
  const auto options = std::make_shared<TrendOptions>();  // shared with the closure that runs it
  command
      ->add_option("ENVIRONMENT", options->reference,
                   "Its name, or the last snapshot to look at (prod@42)")
      ->required();
  command
      ->add_option("OBJECT", options->object,
                   "schema.name[.index], redis:PATTERN, model:module.Name or KIND:NAME")
      ->required();
  command
      ->add_option("--measure", options->measure,
                   "Which figure: rows, table_bytes, keys_of_type:hash, …; without it the one that "
                   "tells most. A wrong one is answered with those there are")
      ->type_name("NAME")
      ->group(kSelectionGroup);
  AddTimeFlags(*command, options->time);
  AddLimitFlag(*command, options->limit);
  AddWordFlag(*command, "--format", {std::begin(kFormats), std::end(kFormats)},
              "table, csv, json or markdown; table where it is not given", kOutputGroup,
              [options](size_t at) { options->format = static_cast<TrendFormat>(at); });
  AddCollectorFlags(*command, options->collector);
  command->callback(
      [options, &invocation] { invocation.run = [options] { return RunTrend(*options); }; });
}

}  // namespace varve
