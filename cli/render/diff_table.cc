#include "cli/render/diff_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/markdown.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

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

absl::string_view Arrow(bool utf8) { return utf8 ? " → " : " -> "; }

// Details of neighbouring lines of one depth stand below each other, up to a width that people
// still follow.
constexpr size_t kWidestLabel = 40;

}  // namespace

std::string DiffBlockText(const DiffBlock& block, bool utf8) {
  size_t width = 0;
  for (const DiffLine& line : block.lines) {
    const size_t label = DisplayWidth(line.what);
    if (line.part && label <= kWidestLabel) width = std::max(width, label);
  }
  std::string text = absl::StrCat("\n", OneLine(block.title), "\n");
  for (const DiffLine& line : block.lines) {
    std::string row =
        absl::StrCat(line.part ? "      " : "  ", Sign(line.sign, utf8), " ", OneLine(line.what));
    if (!line.detail.empty()) {
      const size_t label = DisplayWidth(line.what);
      const size_t gap = line.part && label < width ? width - label : 0;
      absl::StrAppend(&row, std::string(gap + 2, ' '), OneLine(line.detail));
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(row), "\n");
  }
  return text;
}

std::string DiffTable(const v1::DiffResult& result, bool utf8) {
  const std::string arrow(Arrow(utf8));
  const DiffReport report = ReportOf(result, arrow);
  std::string text = absl::StrCat(OneLine(result.before()), arrow, OneLine(result.after()), ": ",
                                  report.answer, "\n");
  for (const DiffBlock& block : report.blocks) absl::StrAppend(&text, DiffBlockText(block, utf8));
  return text;
}

std::string DiffMarkdown(const v1::DiffResult& result) {
  const std::string arrow(Arrow(true));
  const DiffReport report = ReportOf(result, arrow);
  std::string text = absl::StrCat("## ", MarkdownText(result.before()), arrow,
                                  MarkdownText(result.after()), ": ", report.answer, "\n");
  for (const DiffBlock& block : report.blocks) {
    absl::StrAppend(&text, "\n### ", MarkdownText(block.title), "\n\n");
    for (const DiffLine& line : block.lines) {
      const std::string sign(Sign(line.sign, true));
      absl::StrAppend(&text, line.part ? "  - " : "- ",
                      sign == " " ? "" : absl::StrCat("`", sign, "` "), MarkdownText(line.what),
                      line.detail.empty() ? "" : absl::StrCat(": ", MarkdownText(line.detail)),
                      "\n");
    }
  }
  return text;
}

}  // namespace varve
