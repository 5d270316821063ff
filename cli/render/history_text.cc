#include "cli/render/history_text.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/render/diff_json.h"
#include "cli/render/diff_line_text.h"
#include "cli/render/diff_report.h"
#include "cli/render/json_writer.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

constexpr size_t kMostToldInOneLine = 2;

std::string Minute(int64_t time_us) { return FormatMinute(absl::FromUnixMicros(time_us)); }
std::string Utc(int64_t time_us) { return FormatUtc(absl::FromUnixMicros(time_us)); }
absl::string_view Arrow(bool utf8) { return utf8 ? "→" : "->"; }

std::string Plural(int64_t count, absl::string_view one) {
  return absl::StrCat(WithCommas(count), " ", one, count == 1 ? "" : "s");
}

// What some differences say, a line each: "+ column public.orders.total integer". `with_entity`:
// parts are named with the entity that they are of.
template <typename List>
std::vector<std::string> ToldLines(const List& differences, bool with_entity, bool utf8) {
  v1::DiffResult result;
  for (const v1::Difference& difference : differences) *result.add_differences() = difference;
  std::vector<std::string> told;
  for (const DiffBlock& block : ReportOf(result, absl::StrCat(" ", Arrow(utf8), " ")).blocks) {
    std::string entity;
    for (const DiffLine& line : block.lines) {
      if (!line.part) entity = line.what;
      // The line of an entity that changed only heads those of its parts.
      if (!line.part && line.sign == DiffSign::kChanged) continue;
      const std::string what = line.part && with_entity ? NameOfPart(entity, line.what) : line.what;
      const std::string detail = line.detail.empty() ? "" : absl::StrCat("  ", line.detail);
      told.push_back(absl::StrCat(Sign(line.sign, utf8), " ", what, detail));
    }
  }
  return told;
}

// What changed: of a part in words for one line, of an object a line each.
std::vector<std::string> ChangesOf(const v1::ObjectVersion& version, bool of_part, bool utf8) {
  std::vector<std::string> words;
  for (const v1::Difference& change : version.changes()) {
    if (change.op() == v1::Difference::OP_RENAMED) {
      const std::string was =
          change.changes_size() > 0 ? change.changes(0).before() : DisplayName(KeyOf(change.was()));
      words.push_back(absl::StrCat("renamed, was ", was));
    } else if (change.op() == v1::Difference::OP_ADDED) {
      words.emplace_back("added");
    } else if (change.op() == v1::Difference::OP_REMOVED) {
      words.emplace_back("removed");
    } else if (of_part) {
      for (const v1::PropertyChange& property : change.changes()) {
        const bool whole = property.path_size() == version.element_size();
        const std::string word = !whole                 ? property.path(property.path_size() - 1)
                                 : property.has_after() ? "added"
                                                        : "removed";
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
      }
    }
  }
  if (!of_part) {
    std::vector<v1::Difference> changed;
    for (const v1::Difference& change : version.changes()) {
      if (change.op() == v1::Difference::OP_CHANGED) changed.push_back(change);
    }
    for (std::string& line : ToldLines(changed, false, utf8)) words.push_back(std::move(line));
  }
  if (version.since_seq() != 0) words.push_back(absl::StrCat("since @", version.since_seq()));
  if (!of_part || words.empty()) return words;
  return {absl::StrJoin(words, ", ")};
}

std::string HistoryAnswer(const v1::ObjectHistory& history) {
  const int64_t there =
      std::count_if(history.versions().begin(), history.versions().end(),
                    [](const v1::ObjectVersion& version) { return !version.gone(); });
  return absl::StrCat(history.name(), " in ", history.environment(), ", ", history.section(), ": ",
                      there == 0 ? "never seen" : Plural(there, "version"));
}

TextTable HistoryRows(const v1::ObjectHistory& history, bool utf8) {
  TextTable table({"SNAPSHOT", "TIME", "UNTIL", "AS", "CHANGED"});
  for (const v1::ObjectVersion& version : history.versions()) {
    const bool until_now = version.to_seq() == history.last_seq();
    std::vector<std::string> changes = ChangesOf(version, history.element_size() > 0, utf8);
    if (changes.empty()) changes.emplace_back();
    table.AddRow({absl::StrCat("@", version.from_seq()), Minute(version.from_time_us()),
                  until_now ? absl::StrCat("now (@", version.to_seq(), ")")
                            : absl::StrCat("@", version.to_seq()),
                  version.gone() ? "not there" : version.words(), changes[0]});
    for (size_t i = 1; i < changes.size(); ++i) table.AddRow({"", "", "", "", changes[i]});
  }
  return table;
}

std::string GapLine(const v1::HistoryGap& gap) {
  const std::string range = gap.from_seq() == gap.to_seq()
                                ? absl::StrCat("@", gap.from_seq())
                                : absl::StrCat("@", gap.from_seq(), "-@", gap.to_seq());
  const std::string facet =
      gap.facet() == v1::FACET_UNSPECIFIED ? "" : absl::StrCat(FacetName(gap.facet()), " ");
  return absl::StrCat(facet, "not seen ", range, ": ", OneLine(gap.why()), "\n");
}

std::string GapLines(const v1::ObjectHistory& history, absl::string_view bullet) {
  std::string text;
  for (const v1::HistoryGap& gap : history.gaps()) absl::StrAppend(&text, bullet, GapLine(gap));
  return text;
}

std::string BlameAnswer(const v1::BlameResult& result) {
  return absl::StrCat(result.name(), " in ", result.environment(), "@", result.last_seq(), ", ",
                      result.section(), ": ", Plural(result.lines_size(), "part"));
}

TextTable BlameRows(const v1::BlameResult& result) {
  TextTable table({"SNAPSHOT", "DAY", "PART", "AS"});
  for (const v1::BlameLine& line : result.lines()) {
    table.AddRow({absl::StrCat("@", line.seq(), line.since_first_seen() ? " or before" : ""),
                  Minute(line.time_us()).substr(0, 10), line.element(line.element_size() - 1),
                  line.words()});
  }
  return table;
}

std::string EntryText(const v1::LogResult& result, const v1::LogEntry& entry, bool utf8) {
  const std::vector<std::string> told = ToldLines(entry.changes(), true, utf8);
  const bool whole = static_cast<int>(entry.change_count()) == entry.changes_size();
  if (whole && told.size() <= kMostToldInOneLine) return absl::StrJoin(told, "; ");
  std::vector<std::string> counts;
  const auto count = [&](uint32_t number, absl::string_view word) {
    if (number > 0) counts.push_back(absl::StrCat(WithCommas(number), " ", word));
  };
  count(entry.added(), "added");
  count(entry.changed(), "changed");
  count(entry.removed(), "removed");
  count(entry.renamed(), "renamed");
  return absl::StrCat(absl::StrJoin(counts, ", "), " (varve diff ", result.environment(), "@",
                      entry.previous_seq(), " ", result.environment(), "@", entry.seq(), ")");
}

TextTable LogRows(const v1::LogResult& result, bool utf8) {
  TextTable table({"SNAPSHOT", "TIME", "CHANGED", "TAGS"});
  for (const v1::LogEntry& entry : result.entries()) {
    table.AddRow({absl::StrCat(result.environment(), "@", entry.seq()), Minute(entry.time_us()),
                  EntryText(result, entry, utf8), absl::StrJoin(entry.tags(), " ")});
  }
  return table;
}

std::string LogAnswer(const v1::LogResult& result) {
  if (result.snapshot_count() == 0) {
    return absl::StrCat("no snapshot of ", result.environment(), " lies in that time; it has ",
                        WithCommas(static_cast<int64_t>(result.kept_count())), ", from ",
                        Minute(result.kept_from_us()), " to ", Minute(result.kept_to_us()), "\n");
  }
  const auto listed = static_cast<uint64_t>(result.entries_size());
  return absl::StrCat(
      WithCommas(static_cast<int64_t>(result.changed_count())), " of ",
      Plural(static_cast<int64_t>(result.snapshot_count()), "snapshot"),
      " changed something since ", Minute(result.first_time_us()),
      listed < result.changed_count() ? absl::StrCat("; the newest ", listed, " are listed") : "",
      "\n");
}

}  // namespace

std::string HistoryTable(const v1::ObjectHistory& history, bool utf8) {
  return absl::StrCat(HistoryAnswer(history), "\n\n", HistoryRows(history, utf8).Aligned(),
                      history.gaps().empty() ? "" : "\n", GapLines(history, ""));
}

std::string HistoryMarkdown(const v1::ObjectHistory& history) {
  return absl::StrCat("### ", HistoryAnswer(history), "\n\n", HistoryRows(history, true).Markdown(),
                      history.gaps().empty() ? "" : "\n", GapLines(history, "- "));
}

std::string HistoryJson(const v1::ObjectHistory& history) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.history.v1");
  json.Text("environment", history.environment());
  json.Text("section", history.section());
  json.Text("object", history.name());
  json.Text("kind", history.identity().kind());
  json.Texts("names", history.identity().names());
  json.Texts("element", history.element());
  json.Number("last_seq", history.last_seq());
  json.BeginArray("versions");
  for (const v1::ObjectVersion& version : history.versions()) {
    json.BeginObject();
    json.Number("from_seq", version.from_seq());
    json.Text("from", Utc(version.from_time_us()));
    json.Number("to_seq", version.to_seq());
    json.Text("to", Utc(version.to_time_us()));
    json.NumberOrNull("since_seq", version.since_seq() == 0
                                       ? std::nullopt
                                       : std::make_optional(version.since_seq()));
    json.Flag("gone", version.gone());
    json.Texts("names", version.identity().names());
    json.Texts("element", version.element());
    json.TextOrNull("words", version.words());
    json.BeginArray("changes");
    for (const v1::Difference& change : version.changes()) WriteDifference(json, change);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("gaps");
  for (const v1::HistoryGap& gap : history.gaps()) {
    json.BeginObject();
    json.Number("from_seq", gap.from_seq());
    json.Number("to_seq", gap.to_seq());
    json.TextOrNull("facet", gap.facet() == v1::FACET_UNSPECIFIED ? "" : FacetName(gap.facet()));
    json.Text("why", gap.why());
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string BlameTable(const v1::BlameResult& result, bool) {
  return absl::StrCat(BlameAnswer(result), "\n\n", BlameRows(result).Aligned());
}

std::string BlameMarkdown(const v1::BlameResult& result) {
  return absl::StrCat("### ", BlameAnswer(result), "\n\n", BlameRows(result).Markdown());
}

std::string BlameJson(const v1::BlameResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.blame.v1");
  json.Text("environment", result.environment());
  json.Text("section", result.section());
  json.Text("object", result.name());
  json.Text("kind", result.identity().kind());
  json.Texts("names", result.identity().names());
  json.Number("last_seq", result.last_seq());
  json.BeginArray("parts");
  for (const v1::BlameLine& line : result.lines()) {
    json.BeginObject();
    json.Texts("element", line.element());
    json.TextOrNull("words", line.words());
    json.Number("seq", line.seq());
    json.Text("time", Utc(line.time_us()));
    json.Flag("since_first_seen", line.since_first_seen());
    json.NumberOrNull("since_seq",
                      line.since_seq() == 0 ? std::nullopt : std::make_optional(line.since_seq()));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string LogTable(const v1::LogResult& result, bool utf8) {
  return absl::StrCat(result.entries().empty() ? "" : LogRows(result, utf8).Aligned(),
                      LogAnswer(result));
}

std::string LogMarkdown(const v1::LogResult& result) {
  return absl::StrCat(result.entries().empty() ? "" : LogRows(result, true).Markdown() + "\n",
                      LogAnswer(result));
}

std::string LogJson(const v1::LogResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.changes.v1");
  json.Text("environment", result.environment());
  json.Unsigned("snapshots", result.snapshot_count());
  json.Unsigned("changed", result.changed_count());
  json.BeginArray("entries");
  for (const v1::LogEntry& entry : result.entries()) {
    json.BeginObject();
    json.Number("seq", entry.seq());
    json.NumberOrNull("previous_seq", entry.previous_seq() == 0
                                          ? std::nullopt
                                          : std::make_optional(entry.previous_seq()));
    json.Text("time", Utc(entry.time_us()));
    json.Texts("tags", entry.tags());
    json.Unsigned("added", entry.added());
    json.Unsigned("removed", entry.removed());
    json.Unsigned("changed", entry.changed());
    json.Unsigned("renamed", entry.renamed());
    json.Unsigned("change_count", entry.change_count());
    json.BeginArray("changes");
    for (const v1::Difference& change : entry.changes()) WriteDifference(json, change);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
