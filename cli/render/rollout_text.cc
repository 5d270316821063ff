#include "cli/render/rollout_text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/duration.h"
#include "cli/render/json_writer.h"
#include "cli/render/markdown.h"
#include "cli/render/render_view.h"
#include "cli/render/text_table.h"
#include "snapshot/diff_text.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

std::string When(const v1::RolloutPoint& point) {
  if (point.time_us() == 0) return absl::StrCat("@", point.seq());
  return FormatMinute(absl::FromUnixMicros(point.time_us()));
}

int64_t Count(const v1::RolloutResult& result, v1::RolloutStanding standing) {
  return std::count_if(result.entries().begin(), result.entries().end(),
                       [&](const v1::RolloutEntry& entry) { return entry.standing() == standing; });
}

std::string ObjectText(const v1::RolloutResult& result) {
  return result.form().empty() ? result.object()
                               : absl::StrCat(result.object(), " as ", result.form());
}

// "public.orders.discount: in 12 of 14 environments, first 2026-03-01 11:02, …".
std::string Answer(const v1::RolloutResult& result) {
  const int64_t has = Count(result, v1::ROLLOUT_STANDING_HAS);
  std::vector<std::string> parts = {
      absl::StrCat("in ", has, " of ", result.entries_size(),
                   result.entries_size() == 1 ? " environment" : " environments")};
  if (has > 0) parts.push_back(absl::StrCat("first ", When(result.entries(0).first())));
  const auto add = [&](v1::RolloutStanding standing, absl::string_view words) {
    const int64_t count = Count(result, standing);
    if (count > 0) parts.push_back(absl::StrCat(words, " in ", count));
  };
  add(v1::ROLLOUT_STANDING_HAD_IT, "gone again");
  add(v1::ROLLOUT_STANDING_LACKS, "still missing");
  add(v1::ROLLOUT_STANDING_CANNOT_SAY, "cannot say");
  return absl::StrCat(ObjectText(result), ": ", absl::StrJoin(parts, ", "));
}

std::string Ago(const v1::RolloutPoint& point, absl::Time now) {
  const absl::Duration age = now - absl::FromUnixMicros(point.time_us());
  return absl::StrCat(FormatDurationShort(std::max(age, absl::ZeroDuration())), " ago");
}

std::vector<std::string> RowOf(const v1::RolloutEntry& entry, const v1::RolloutEntry* before,
                               const std::string& section, absl::Time now) {
  switch (entry.standing()) {
    case v1::ROLLOUT_STANDING_HAS: {
      std::string later;
      if (before != nullptr) {
        const absl::Duration delay = absl::Microseconds(entry.first().time_us()) -
                                     absl::Microseconds(before->first().time_us());
        later = absl::StrCat(FormatDurationShort(delay), " later");
      }
      const absl::string_view or_before = entry.or_before() ? " or before" : "";
      return {entry.environment(), absl::StrCat(When(entry.first()), or_before), later};
    }
    case v1::ROLLOUT_STANDING_HAD_IT:
      return {entry.environment(), "gone again",
              absl::StrCat("from ", When(entry.first()), " to ", When(entry.until()))};
    case v1::ROLLOUT_STANDING_LACKS:
      return {entry.environment(), "not yet", absl::StrCat("seen ", Ago(entry.newest(), now))};
    default: {
      std::string why = absl::StrCat(section, " ", SightName(entry.why()));
      if (entry.since().seq() > 0) absl::StrAppend(&why, " since ", When(entry.since()));
      return {entry.environment(), "cannot say", why};
    }
  }
}

TextTable Rows(const v1::RolloutResult& result, absl::Time now) {
  TextTable table({"ENVIRONMENT", "SINCE", ""});
  const v1::RolloutEntry* before = nullptr;
  for (const v1::RolloutEntry& entry : result.entries()) {
    table.AddRow(RowOf(entry, before, result.section(), now));
    before = entry.standing() == v1::ROLLOUT_STANDING_HAS ? &entry : nullptr;
  }
  return table;
}

void WritePoint(JsonWriter& json, absl::string_view key, const v1::RolloutPoint& point) {
  if (point.seq() == 0) return json.Null(key);
  json.BeginObject(key);
  json.Number("number", point.seq());
  json.TextOrNull("time", point.time_us() == 0 ? "" : TimeText(point.time_us()));
  json.EndObject();
}

}  // namespace

std::string RolloutTable(const v1::RolloutResult& result, absl::Time now) {
  return absl::StrCat(OneLine(Answer(result)), "\n\n", Rows(result, now).Aligned());
}

std::string RolloutMarkdown(const v1::RolloutResult& result, absl::Time now) {
  return absl::StrCat("## ", MarkdownText(Answer(result)), "\n\n", Rows(result, now).Markdown());
}

std::string RolloutJson(const v1::RolloutResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.rollout.v1");
  json.Text("object", result.object());
  json.Text("section", result.section());
  json.TextOrNull("form", result.form());
  json.BeginArray("environments");
  for (const v1::RolloutEntry& entry : result.entries()) {
    json.BeginObject();
    json.Text("name", entry.environment());
    json.Text("standing", EnumText(*v1::RolloutStanding_descriptor(), entry.standing()));
    WritePoint(json, "first", entry.first());
    json.Flag("or_before", entry.or_before());
    WritePoint(json, "until", entry.until());
    WritePoint(json, "newest", entry.newest());
    json.TextOrNull("why", entry.why() == v1::SIGHT_UNSPECIFIED ? "" : SightName(entry.why()));
    WritePoint(json, "since", entry.since());
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
