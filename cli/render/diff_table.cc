#include "cli/render/diff_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/diff_line_text.h"
#include "cli/render/markdown.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

absl::string_view Arrow(bool utf8) { return utf8 ? " → " : " -> "; }

// Details of neighbouring lines of one depth stand below each other, up to a width that people
// still follow; and so do their notes.
constexpr size_t kWidestLabel = 40;
constexpr size_t kWidestDetail = 60;

constexpr absl::string_view kRed = "\x1b[31m";
constexpr absl::string_view kGreen = "\x1b[32m";
constexpr absl::string_view kYellow = "\x1b[33m";
constexpr absl::string_view kPlain = "\x1b[0m";

absl::string_view ColourOf(DiffSign sign) {
  switch (sign) {
    case DiffSign::kAdded:
      return kGreen;
    case DiffSign::kRemoved:
      return kRed;
    case DiffSign::kNone:
      return "";
    default:
      return kYellow;
  }
}

absl::string_view ColourOf(v1::ChangeClass change_class) {
  if (change_class == v1::CHANGE_CLASS_BREAKING) return kRed;
  return change_class == v1::CHANGE_CLASS_RISKY ? kYellow : "";
}

struct Style {
  bool utf8 = true;
  bool colour = false;

  std::string Coloured(absl::string_view colour_of_it, absl::string_view text) const {
    if (!colour || colour_of_it.empty()) return std::string(text);
    return absl::StrCat(colour_of_it, text, kPlain);
  }
};

void PadTo(size_t width, size_t used, std::string& row) {
  row.append(used < width ? width - used : 0, ' ');
}

}  // namespace

std::string DiffBlockText(const DiffBlock& block, bool utf8, bool colour) {
  const Style style{utf8, colour};
  size_t label_width = 0;
  size_t detail_width = 0;
  for (const DiffLine& line : block.lines) {
    const size_t label = DisplayWidth(line.what);
    if (line.part && label <= kWidestLabel) label_width = std::max(label_width, label);
    const size_t detail = DisplayWidth(OneLine(line.detail));
    if (line.part && detail <= kWidestDetail) detail_width = std::max(detail_width, detail);
  }
  std::string text = absl::StrCat("\n", OneLine(block.title), "\n");
  for (const DiffLine& line : block.lines) {
    const std::string detail = OneLine(line.detail);
    std::string row = absl::StrCat(line.part ? "      " : "  ",
                                   style.Coloured(ColourOf(line.sign), Sign(line.sign, style.utf8)),
                                   " ", OneLine(line.what));
    if (!detail.empty() || (line.part && !line.note.empty())) {
      if (line.part) PadTo(label_width, DisplayWidth(line.what), row);
      absl::StrAppend(&row, "  ", detail);
    }
    if (!line.note.empty()) {
      if (line.part) PadTo(detail_width, DisplayWidth(detail), row);
      absl::StrAppend(&row, "  ", style.Coloured(ColourOf(line.change_class), OneLine(line.note)));
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(row), "\n");
  }
  return text;
}

std::string DiffTable(const v1::DiffResult& result, bool utf8, bool colour) {
  const std::string arrow(Arrow(utf8));
  const DiffReport report = ReportOf(result, arrow);
  std::string text = absl::StrCat(OneLine(result.before()), arrow, OneLine(result.after()), ": ",
                                  report.answer, "\n");
  for (const DiffBlock& block : report.blocks) {
    absl::StrAppend(&text, DiffBlockText(block, utf8, colour));
  }
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
                      line.note.empty() ? "" : absl::StrCat(" (", MarkdownText(line.note), ")"),
                      "\n");
    }
  }
  return text;
}

}  // namespace varve
