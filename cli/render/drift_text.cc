#include "cli/render/drift_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/diff_table.h"
#include "cli/render/drift_words.h"
#include "cli/render/markdown.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

// More lines of one class than these are left to `varve diff`.
constexpr size_t kMostLines = 12;

std::string Arrow(bool utf8) { return utf8 ? " → " : " -> "; }

bool IsWhole(const v1::DriftResult& result) {
  return result.grouping() == v1::DRIFT_GROUPING_WHOLE;
}

bool IsAlike(const v1::DriftUnit& unit) { return unit.classes_size() == 1; }

// A class of a unit, and what it has to tell.
struct ClassText {
  size_t at = 0;
  std::string letter;
  std::string members;
  std::string words;
  DiffReport report;
  std::string command;
};

std::vector<ClassText> TextsOf(const v1::DriftResult& result, size_t unit_at,
                               const std::string& arrow) {
  const v1::DriftUnit& unit = result.units(static_cast<int>(unit_at));
  std::vector<ClassText> texts;
  for (size_t i = 0; i < static_cast<size_t>(unit.classes_size()); ++i) {
    const v1::DriftClass& one = unit.classes(static_cast<int>(i));
    ClassText& text = texts.emplace_back();
    text.at = i;
    text.letter = ClassLetter(i);
    text.members = MemberList(result, one);
    text.report = ReportOf(result, unit_at, i, arrow);
    text.words = ClassWords(one, text.report, SinceWords(result, unit_at, i));
    text.command = DiffCommand(result, unit, i);
  }
  return texts;
}

bool IsListed(const v1::DriftUnit& unit, const ClassText& text) {
  return unit.classes(static_cast<int>(text.at)).differs() && !IsOneThing(text.report);
}

// Cuts a report to so many lines in all; returns how many it had more.
size_t CutTo(size_t most, DiffReport& report) {
  size_t more = 0;
  for (DiffBlock& block : report.blocks) {
    const size_t kept = std::min(most, block.lines.size());
    more += block.lines.size() - kept;
    block.lines.resize(kept);
    most -= kept;
  }
  report.blocks.erase(std::remove_if(report.blocks.begin(), report.blocks.end(),
                                     [](const DiffBlock& block) { return block.lines.empty(); }),
                      report.blocks.end());
  return more;
}

std::string Dots(const std::string& text, bool utf8) {
  return utf8 ? text : absl::StrReplaceAll(text, {{"…", "..."}});
}

std::string UnitTable(const v1::DriftResult& result, size_t unit_at, bool utf8) {
  const v1::DriftUnit& unit = result.units(static_cast<int>(unit_at));
  const std::vector<ClassText> texts = TextsOf(result, unit_at, Arrow(utf8));
  TextTable table({"class", "", "environments",
                   result.has_baseline() ? "from the baseline" : "from the largest class"},
                  {1});
  for (const ClassText& text : texts) {
    const int members = unit.classes(static_cast<int>(text.at)).members_size();
    table.AddRow({text.letter, absl::StrCat(members), Dots(text.members, utf8), text.words});
  }
  std::string all =
      absl::StrCat("\n", IsWhole(result) ? "" : OneLine(UnitName(unit)) + "\n", table.Aligned());
  for (const ClassText& text : texts) {
    if (!IsListed(unit, text)) continue;
    DiffReport report = text.report;
    const size_t more = CutTo(kMostLines, report);
    absl::StrAppend(&all, "\n", text.letter, ": ", OneLine(text.words), " (", text.command, ")\n");
    for (const DiffBlock& block : report.blocks) {
      absl::StrAppend(&all, DiffBlockText(block, utf8).substr(1));
    }
    if (more > 0) absl::StrAppend(&all, "  ", Dots("…", utf8), " ", more, " more\n");
  }
  return all;
}

// Units that are the same in all, in one line.
std::string AlikeLine(const v1::DriftResult& result) {
  std::vector<std::string> names;
  for (const v1::DriftUnit& unit : result.units()) {
    if (IsAlike(unit)) names.push_back(OneLine(UnitName(unit)));
  }
  return names.empty() ? "" : absl::StrCat("\nthe same in all: ", absl::StrJoin(names, ", "), "\n");
}

std::string UnsaidText(const v1::DriftResult& result, bool utf8) {
  DiffBlock block = {"not compared", UnsaidLines(result)};
  return block.lines.empty() ? "" : Dots(DiffBlockText(block, utf8), utf8);
}

// What stands for a member in a unit's column.
std::string CellOf(const v1::DriftUnit& unit, uint32_t member, bool utf8) {
  for (int i = 0; i < unit.classes_size(); ++i) {
    const v1::DriftClass& one = unit.classes(i);
    if (!std::binary_search(one.members().begin(), one.members().end(), member)) continue;
    if (one.away_size() != 1 || unit.section().empty()) return ClassLetter(static_cast<size_t>(i));
    switch (one.away(0).standing()) {
      case v1::DRIFT_STANDING_UNAVAILABLE:
        return utf8 ? "?" : "??";
      case v1::DRIFT_STANDING_REMOVED:
        return utf8 ? "✗" : "NO";
      default:
        return utf8 ? "–" : "-";
    }
  }
  return "";
}

}  // namespace

std::string DriftTable(const v1::DriftResult& result, bool utf8) {
  std::string text = absl::StrCat(OneLine(DriftAnswer(result)), "\n");
  for (size_t i = 0; i < static_cast<size_t>(result.units_size()); ++i) {
    if (IsAlike(result.units(static_cast<int>(i)))) continue;
    absl::StrAppend(&text, UnitTable(result, i, utf8));
  }
  if (!IsWhole(result)) absl::StrAppend(&text, AlikeLine(result));
  return absl::StrCat(text, UnsaidText(result, utf8));
}

std::string DriftMatrix(const v1::DriftResult& result, bool utf8) {
  std::vector<const v1::DriftUnit*> units;
  std::vector<std::string> head = {"environment"};
  for (const v1::DriftUnit& unit : result.units()) {
    if (IsAlike(unit)) continue;
    units.push_back(&unit);
    head.push_back(IsWhole(result) ? "class" : UnitName(unit));
  }
  std::string text = absl::StrCat(OneLine(DriftAnswer(result)), "\n");
  if (!units.empty()) {
    TextTable table(head);
    for (uint32_t member = 0; member < static_cast<uint32_t>(result.members_size()); ++member) {
      std::vector<std::string> row = {MemberName(result, member)};
      for (const v1::DriftUnit* const unit : units) row.push_back(CellOf(*unit, member, utf8));
      table.AddRow(std::move(row));
    }
    absl::StrAppend(&text, "\n", table.Aligned());
  }
  if (!IsWhole(result)) absl::StrAppend(&text, AlikeLine(result));
  return absl::StrCat(text, UnsaidText(result, utf8));
}

std::string DriftMarkdown(const v1::DriftResult& result) {
  std::string text = absl::StrCat("## ", MarkdownText(DriftAnswer(result)), "\n");
  for (size_t i = 0; i < static_cast<size_t>(result.units_size()); ++i) {
    const v1::DriftUnit& unit = result.units(static_cast<int>(i));
    if (IsAlike(unit)) continue;
    if (!IsWhole(result)) absl::StrAppend(&text, "\n### ", MarkdownText(UnitName(unit)), "\n");
    MarkdownTable table({"class", "environments", "names", "how it differs"});
    for (const ClassText& one : TextsOf(result, i, Arrow(true))) {
      const std::string command = IsListed(unit, one) ? absl::StrCat(" (`", one.command, "`)") : "";
      table.Add({one.letter, absl::StrCat(unit.classes(static_cast<int>(one.at)).members_size()),
                 MarkdownText(one.members), MarkdownText(one.words) + command});
    }
    absl::StrAppend(&text, table.Text());
  }
  const std::vector<DiffLine> unsaid = UnsaidLines(result);
  if (!unsaid.empty()) absl::StrAppend(&text, "\n### not compared\n\n");
  for (const DiffLine& line : unsaid) {
    absl::StrAppend(&text, "- ", MarkdownText(line.what), ": ", MarkdownText(line.detail), "\n");
  }
  return text;
}

}  // namespace varve
