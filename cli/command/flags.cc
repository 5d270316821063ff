#include "cli/command/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "cli/program.h"
#include "snapshot/reference.h"

namespace varve {
namespace {

constexpr absl::string_view kDefaultCollector = "127.0.0.1:7447";

std::string FirstOf(const std::string& flag, absl::string_view variable,
                    absl::string_view fallback) {
  if (!flag.empty()) return flag;
  const std::string value = ProcessVariable(variable).value_or("");
  return value.empty() ? std::string(fallback) : value;
}

std::optional<Format> FormatCalled(absl::string_view name) {
  if (name == "table") return Format::kTable;
  if (name == "json") return Format::kJson;
  if (name == "markdown") return Format::kMarkdown;
  return std::nullopt;
}

}  // namespace

void AddCollectorFlags(CLI::App& command, CollectorFlags& flags) {
  command
      .add_option("--collector", flags.collector,
                  "HOST:PORT, [V6]:PORT or unix:PATH; else VARVE_COLLECTOR, else 127.0.0.1:7447")
      ->type_name("ADDRESS")
      ->group(kCollectorGroup);
  command
      .add_option("--token-file", flags.token_file,
                  "File that holds the token; else VARVE_TOKEN_FILE")
      ->type_name("FILE")
      ->group(kCollectorGroup);
  command
      .add_option("--ca", flags.ca,
                  "Certificate authority of the collector, for TLS; else VARVE_CA")
      ->type_name("FILE")
      ->group(kCollectorGroup);
}

CollectorAccess AccessFrom(const CollectorFlags& flags) {
  return {FirstOf(flags.collector, "VARVE_COLLECTOR", kDefaultCollector),
          FirstOf(flags.token_file, "VARVE_TOKEN_FILE", ""), FirstOf(flags.ca, "VARVE_CA", "")};
}

void AddWordFlag(CLI::App& command, const std::string& name, const std::vector<std::string>& words,
                 const std::string& help, const std::string& group,
                 std::function<void(size_t)> take) {
  command
      .add_option_function<std::string>(
          name,
          [words, take = std::move(take)](const std::string& word) {
            const auto at = std::find(words.begin(), words.end(), word);
            if (at != words.end()) take(static_cast<size_t>(at - words.begin()));
          },
          help)
      ->type_name("WORD")
      ->group(group)
      ->check([words](const std::string& word) {
        return std::find(words.begin(), words.end(), word) != words.end()
                   ? std::string()
                   : absl::StrCat("'", word, "' is none of ", absl::StrJoin(words, ", "));
      });
}

void AddFormatFlag(CLI::App& command, Format& format) {
  command
      .add_option_function<std::string>(
          "--format",
          [&format](const std::string& name) { format = FormatCalled(name).value_or(format); },
          "table, json or markdown; table where it is not given")
      ->type_name("FORMAT")
      ->group(kOutputGroup)
      ->check([](const std::string& name) {
        return FormatCalled(name).has_value()
                   ? std::string()
                   : absl::StrCat("'", name, "' is not table, json or markdown");
      });
}

void AddTimeFlags(CLI::App& command, TimeFlags& flags) {
  command
      .add_option("--since", flags.since, "From then on: 2026-03-01, yesterday, 7d (7 days ago)")
      ->type_name("TIME")
      ->group(kSelectionGroup);
  command.add_option("--until", flags.until, "Up to then: a day to its end, or a time")
      ->type_name("TIME")
      ->group(kSelectionGroup);
}

absl::StatusOr<TimeRange> RangeFrom(const TimeFlags& flags, absl::Time now) {
  TimeRange range;
  if (!flags.since.empty()) {
    const absl::StatusOr<TimeSpan> since = ParseTimeSpan(flags.since, now);
    if (!since.ok()) return Annotate(since.status(), "--since");
    range.since_us = absl::ToUnixMicros(since->first);
  }
  if (!flags.until.empty()) {
    const absl::StatusOr<TimeSpan> until = ParseTimeSpan(flags.until, now);
    if (!until.ok()) return Annotate(until.status(), "--until");
    range.until_us = absl::ToUnixMicros(until->last);
  }
  return range;
}

void AddLimitFlag(CLI::App& command, uint32_t& limit) {
  command.add_option("--limit", limit, "At most so many, the newest; 0: all")
      ->type_name("N")
      ->check([](const std::string& value) {
        uint32_t number = 0;
        return absl::SimpleAtoi(value, &number) ? "" : absl::StrCat("'", value, "' is no number");
      })
      ->group(kOutputGroup);
}

}  // namespace varve
