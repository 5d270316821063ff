#include "cli/render/diff_line_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "cli/render/numbers.h"
#include "snapshot/line.h"

namespace varve {
namespace {

// A value longer than this is told by its size; JSON has it whole.
constexpr size_t kLongestValue = 160;

// "column" of "columns", "index" of "indexes".
std::string Singular(absl::string_view list) {
  const std::string words = Words(list);
  absl::string_view word = words;
  if (absl::EndsWith(word, "xes")) return std::string(absl::StripSuffix(word, "es"));
  if (absl::EndsWith(word, "s") && !absl::EndsWith(word, "ss")) word.remove_suffix(1);
  return std::string(word);
}

std::string ValueText(const std::string& value) {
  if (absl::StrContains(value, "\n")) {
    return absl::StrCat("(", std::count(value.begin(), value.end(), '\n') + 1, " lines)");
  }
  return value.size() <= kLongestValue ? value : absl::StrCat("(", value.size(), " characters)");
}

// "type integer → numeric(12,2)"; of a thing that only one side has, what it is.
std::string ValuesText(const std::string& property, const v1::PropertyChange& change,
                       bool came_or_went, const std::string& arrow) {
  std::string values;
  if (came_or_went) {
    values = ValueText(change.has_before() ? change.before() : change.after());
  } else if (change.has_before() || change.has_after()) {
    values = absl::StrCat(change.has_before() ? ValueText(change.before()) : "none", arrow,
                          change.has_after() ? ValueText(change.after()) : "none");
  } else {
    values = "changed";
  }
  return property.empty() ? values : absl::StrCat(property, " ", values);
}

// A path in a value of a key pattern says where it is by itself, and what it is by its types.
bool IsOfValue(const std::vector<std::string>& path) {
  return path.size() >= 4 && path[0] == "values" && path[2] == "paths";
}

// "string, integer" of "types [string, integer]".
std::string TypesText(absl::string_view text) {
  if (absl::ConsumePrefix(&text, "types [")) absl::ConsumeSuffix(&text, "]");
  return std::string(text);
}

}  // namespace

std::string Words(absl::string_view name) { return absl::StrReplaceAll(name, {{"_", " "}}); }

std::string EntityName(const v1::Identity& identity) {
  return absl::StrCat(Words(identity.kind()), " ", DisplayName(KeyOf(identity)));
}

std::string Between(const v1::Difference& difference) {
  if (difference.between_to() == 0) return "";
  return absl::StrCat("  between @", difference.between_from(), " and @", difference.between_to());
}

DiffLine LineOf(v1::PropertyChange change, const std::string& suffix, const std::string& arrow) {
  std::vector<std::string> path(change.path().begin(), change.path().end());
  if (IsOfValue(path)) {
    path.erase(path.begin(), path.begin() + 2);
    if (change.has_before()) change.set_before(TypesText(change.before()));
    if (change.has_after()) change.set_after(TypesText(change.after()));
  }
  const bool named_part = path.size() >= 2;
  // An element that one side lacks has its own path, of the list and its name.
  const bool came_or_went = path.size() == 2 && change.has_before() != change.has_after();
  DiffLine line;
  line.part = true;
  line.sign = !came_or_went         ? DiffSign::kChanged
              : change.has_before() ? DiffSign::kRemoved
                                    : DiffSign::kAdded;
  line.what =
      named_part ? absl::StrCat(Singular(path[0]), " ", path[1]) : Words(absl::StrJoin(path, " "));
  const std::string property =
      named_part ? Words(absl::StrJoin(absl::MakeConstSpan(path).subspan(2), " ")) : "";
  std::string values = ValuesText(property, change, came_or_went, arrow);
  // There is no more to the element than its name.
  if (came_or_went && (path[1] == values || absl::EndsWith(path[1], " " + values))) values.clear();
  line.detail = values + suffix;
  return line;
}

std::string NameOfPart(const std::string& entity, const std::string& part) {
  const std::vector<std::string> of_entity = absl::StrSplit(entity, absl::MaxSplits(' ', 1));
  const std::vector<std::string> of_part = absl::StrSplit(part, absl::MaxSplits(' ', 1));
  if (of_entity.size() < 2 || of_part.size() < 2) return absl::StrCat(entity, " ", part);
  return absl::StrCat(of_part[0], " ", of_entity[1], ".", of_part[1]);
}

absl::string_view Sign(DiffSign sign, bool utf8) {
  switch (sign) {
    case DiffSign::kAdded:
      return "+";
    case DiffSign::kRemoved:
      return "-";
    case DiffSign::kChanged:
      return "~";
    case DiffSign::kRenamed:
      return utf8 ? "→" : ">";
    case DiffSign::kCannotSay:
      return "?";
    case DiffSign::kNone:
      return " ";
  }
  return " ";
}

DiffSign SignOf(v1::Difference::Op op) {
  switch (op) {
    case v1::Difference::OP_ADDED:
      return DiffSign::kAdded;
    case v1::Difference::OP_REMOVED:
      return DiffSign::kRemoved;
    case v1::Difference::OP_RENAMED:
      return DiffSign::kRenamed;
    default:
      return DiffSign::kChanged;
  }
}

std::string GrowthText(const v1::Growth& growth, const std::string& arrow) {
  const auto text = [&](int64_t number) { return FigureText(growth.name(), number); };
  std::string change;
  if (growth.before() > 0) {
    const double percent =
        100.0 * static_cast<double>(growth.after() - growth.before()) / growth.before();
    change = absl::StrFormat(" (%+.3g %%)", percent);
  }
  return absl::StrCat(Words(growth.name()), " ", text(growth.before()), arrow, text(growth.after()),
                      change);
}

}  // namespace varve
