// Pieces of a Markdown text. What comes from outside passes through MarkdownText and can do nothing
// but be read: no markup, no HTML, no link, no new line, no broken table.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve {

// `text` on one line, every character of it shown as it is. Line breaks and tabs become spaces,
// other control characters \xNN; white space at the ends stays visible.
std::string MarkdownText(absl::string_view text);

// As MarkdownText, cut after `most` characters with "…".
std::string MarkdownExcerpt(absl::string_view text, size_t most);

// A table (the form that most renderers of CommonMark add to it). Cells come escaped.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> head) : head_(std::move(head)) {}
  // As many cells as the head has.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  // With an empty line before and after; nothing where there are no rows.
  std::string Text() const;

 private:
  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace varve
