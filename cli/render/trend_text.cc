#include "cli/render/trend_text.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/duration.h"
#include "cli/render/json_writer.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/sparkline.h"
#include "cli/render/text_table.h"
#include "snapshot/trend.h"

namespace varve {
namespace {

constexpr size_t kMostBars = 60;
// More rows than these are left to csv and json.
constexpr size_t kMostRows = 20;

std::string Minute(int64_t time_us) { return FormatMinute(absl::FromUnixMicros(time_us)); }
std::string Utc(int64_t time_us) { return FormatUtc(absl::FromUnixMicros(time_us)); }

std::string At(const v1::TrendPoint& point) { return absl::StrCat("@", point.seq()); }

// "+1,204", "-8.0 KiB"; "0" where nothing moved.
std::string Signed(const v1::TrendResult& result, double change) {
  const double size = std::abs(change);
  const char* const sign = change > 0 ? "+" : change < 0 ? "-" : "";
  const bool is_small = size < 100 && size != std::floor(size);
  if (is_small) return absl::StrFormat("%s%.3g", sign, size);
  // What 64 bits do not hold is no count.
  if (size >= 9e18) return absl::StrFormat("%s%.3g", sign, size);
  return absl::StrCat(sign, FigureText(result.measure(), std::llround(size)));
}

double Between(const v1::TrendPoint& before, const v1::TrendPoint& after) {
  return static_cast<double>(after.value()) - static_cast<double>(before.value());
}

// ", +3.1 % in 30 d"; of a figure that began at zero how much it moved.
std::string Moved(const v1::TrendResult& result, const TrendFigures& figures) {
  if (figures.first == figures.last) return "";
  const absl::Duration span =
      absl::Microseconds(figures.last->time_us()) - absl::Microseconds(figures.first->time_us());
  const double change = Between(*figures.first, *figures.last);
  const std::string in = absl::StrCat(" in ", FormatDurationShort(span));
  if (change == 0) return absl::StrCat(", the same as ", FormatDurationShort(span), " before");
  if (figures.first->value() <= 0) return absl::StrCat(", ", Signed(result, change), in);
  const double percent = 100 * change / static_cast<double>(figures.first->value());
  return absl::StrCat(", ", absl::StrFormat("%+.3g %%", percent), in);
}

// "public.orders rows in prod-eu, orders: 1,204,331 (@940), +3.1 % in 30 d".
std::string Answer(const v1::TrendResult& result) {
  const std::string what = absl::StrCat(result.name(), " ", result.measure(), " in ",
                                        result.environment(), ", ", result.section(), ": ");
  const std::optional<TrendFigures> figures = FiguresOf(result);
  if (!figures.has_value()) return absl::StrCat(what, "not counted");
  return absl::StrCat(what, FigureText(result.measure(), figures->last->value()), " (",
                      At(*figures->last), ")", Moved(result, *figures));
}

// "▁▂█  first 3 (@1), last 9 (@7), minimum 3 (@1), maximum 9 (@7), +1.2 a day".
std::string LineOf(const v1::TrendResult& result, bool utf8) {
  const std::optional<TrendFigures> figures = FiguresOf(result);
  if (!figures.has_value()) return "";
  std::vector<std::optional<int64_t>> values;
  for (const v1::TrendPoint& point : result.points()) {
    values.push_back(point.has_value() ? std::make_optional(point.value()) : std::nullopt);
  }
  const auto told = [&](absl::string_view word, const v1::TrendPoint& point) {
    return absl::StrCat(word, " ", FigureText(result.measure(), point.value()), " (", At(point),
                        ")");
  };
  std::string line =
      absl::StrCat(Sparkline(values, kMostBars, utf8), "  ", told("first", *figures->first), ", ",
                   told("last", *figures->last), ", ", told("minimum", *figures->least), ", ",
                   told("maximum", *figures->most));
  if (figures->change_per_day.has_value()) {
    absl::StrAppend(&line, ", ", Signed(result, *figures->change_per_day), " a day");
  }
  return line + "\n";
}

// Neighbouring snapshots that say the same.
struct Run {
  const v1::TrendPoint* first = nullptr;
  const v1::TrendPoint* last = nullptr;
  std::string change;  // from the value before; empty: there is none
};

std::vector<Run> RunsOf(const v1::TrendResult& result) {
  std::vector<Run> runs;
  const v1::TrendPoint* valued = nullptr;
  for (const v1::TrendPoint& point : result.points()) {
    const bool same = !runs.empty() && runs.back().first->has_value() == point.has_value() &&
                      runs.back().first->value() == point.value() &&
                      runs.back().first->why() == point.why();
    if (same) {
      runs.back().last = &point;
    } else {
      const bool moves = valued != nullptr && point.has_value();
      runs.push_back({&point, &point, moves ? Signed(result, Between(*valued, point)) : ""});
    }
    if (point.has_value()) valued = &point;
  }
  return runs;
}

TextTable Rows(const v1::TrendResult& result, const std::vector<Run>& runs) {
  TextTable table({"SNAPSHOT", "TIME", "VALUE", "CHANGE", ""}, {2, 3});
  for (auto run = runs.end() - static_cast<ptrdiff_t>(std::min(runs.size(), kMostRows));
       run != runs.end(); ++run) {
    const std::string number = run->first == run->last
                                   ? At(*run->first)
                                   : absl::StrCat(At(*run->first), "-", At(*run->last));
    const bool known = run->first->has_value();
    table.AddRow({number, Minute(run->first->time_us()),
                  known ? FigureText(result.measure(), run->first->value()) : "?", run->change,
                  known ? "" : run->first->why()});
  }
  return table;
}

// What the table leaves out; empty: nothing.
std::string LeftOut(const v1::TrendResult& result, const std::vector<Run>& runs) {
  std::vector<std::string> words;
  if (runs.size() > kMostRows) {
    words.push_back(absl::StrCat("the newest ", kMostRows, " of ",
                                 WithCommas(static_cast<int64_t>(runs.size())),
                                 " rows; --format csv has each snapshot"));
  }
  const auto listed = static_cast<uint64_t>(result.points_size());
  if (listed < result.point_count()) {
    words.push_back(absl::StrCat("the newest ", WithCommas(static_cast<int64_t>(listed)), " of ",
                                 WithCommas(static_cast<int64_t>(result.point_count())),
                                 " snapshots (--limit)"));
  }
  return words.empty() ? "" : absl::StrCat(absl::StrJoin(words, "; "), "\n");
}

void WritePoint(JsonWriter& json, absl::string_view key, const v1::TrendPoint* point) {
  if (point == nullptr) return json.Null(key);
  json.BeginObject(key);
  json.Number("seq", point->seq());
  json.Text("time", Utc(point->time_us()));
  json.Number("value", point->value());
  json.EndObject();
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string CsvLine(const std::vector<std::string>& fields) {
  return absl::StrCat(absl::StrJoin(fields, ",",
                                    [](std::string* line, const std::string& field) {
                                      absl::StrAppend(line, CsvField(field));
                                    }),
                      "\r\n");
}

}  // namespace

std::string TrendTable(const v1::TrendResult& result, bool utf8) {
  const std::vector<Run> runs = RunsOf(result);
  const std::string left_out = LeftOut(result, runs);
  return absl::StrCat(OneLine(Answer(result)), "\n", LineOf(result, utf8), "\n",
                      Rows(result, runs).Aligned(), left_out.empty() ? "" : "\n", left_out);
}

std::string TrendMarkdown(const v1::TrendResult& result) {
  const std::vector<Run> runs = RunsOf(result);
  const std::string left_out = LeftOut(result, runs);
  return absl::StrCat("### ", MarkdownText(Answer(result)), "\n\n", LineOf(result, true), "\n",
                      Rows(result, runs).Markdown(), left_out.empty() ? "" : "\n", left_out);
}

std::string TrendJson(const v1::TrendResult& result) {
  const std::optional<TrendFigures> known = FiguresOf(result);
  const TrendFigures figures = known.value_or(TrendFigures());
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.trend.v1");
  json.Text("environment", result.environment());
  json.Text("section", result.section());
  json.Text("object", result.name());
  json.Text("kind", result.identity().kind());
  json.Texts("names", result.identity().names());
  json.Texts("element", result.element());
  json.Text("measure", result.measure());
  json.Texts("measures", result.measures());
  json.Number("last_seq", result.last_seq());
  json.Unsigned("point_count", result.point_count());
  WritePoint(json, "first", figures.first);
  WritePoint(json, "last", figures.last);
  WritePoint(json, "minimum", figures.least);
  WritePoint(json, "maximum", figures.most);
  if (figures.change_per_day.has_value()) {
    json.Json("change_per_day", absl::StrFormat("%.6g", *figures.change_per_day));
  } else {
    json.Null("change_per_day");
  }
  json.BeginArray("points");
  for (const v1::TrendPoint& point : result.points()) {
    json.BeginObject();
    json.Number("seq", point.seq());
    json.Text("time", Utc(point.time_us()));
    json.NumberOrNull("value",
                      point.has_value() ? std::make_optional(point.value()) : std::nullopt);
    json.TextOrNull("why", point.why());
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string TrendCsv(const v1::TrendResult& result) {
  std::string text = CsvLine({"time", "snapshot", "object", "measure", "value", "why"});
  for (const v1::TrendPoint& point : result.points()) {
    absl::StrAppend(&text,
                    CsvLine({Utc(point.time_us()), absl::StrCat(result.environment(), At(point)),
                             result.name(), result.measure(),
                             point.has_value() ? absl::StrCat(point.value()) : "", point.why()}));
  }
  return text;
}

}  // namespace varve
