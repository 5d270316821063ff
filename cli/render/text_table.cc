#include "cli/render/text_table.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/render/markdown.h"

namespace varve {

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return text;
}

size_t DisplayWidth(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // every byte but the following ones
  }));
}

TextTable::TextTable(std::vector<std::string> head, std::vector<size_t> right)
    : right_(std::move(right)) {
  rows_.push_back(std::move(head));
}

void TextTable::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = OneLine(std::move(cell));
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

bool TextTable::IsRight(size_t column) const { return absl::c_linear_search(right_, column); }

std::string TextTable::Aligned() const {
  std::vector<size_t> widths(rows_.front().size(), 0);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - DisplayWidth(row[i]), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ", IsRight(i) ? gap + row[i] : row[i] + gap);
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return text;
}

std::string TextTable::Markdown() const {
  std::string text;
  for (size_t at = 0; at < rows_.size(); ++at) {
    absl::StrAppend(&text, "|");
    for (const std::string& cell : rows_[at]) {
      absl::StrAppend(&text, " ", MarkdownText(cell), " |");
    }
    absl::StrAppend(&text, "\n");
    if (at > 0) continue;
    absl::StrAppend(&text, "|");
    for (size_t i = 0; i < rows_[0].size(); ++i) {
      absl::StrAppend(&text, IsRight(i) ? " ---: |" : " --- |");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace varve
