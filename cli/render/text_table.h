// Rows in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace varve {

class TextTable {
 public:
  // `head` names the columns. Numbers stand right in the columns of `right`, which count from 0.
  explicit TextTable(std::vector<std::string> head, std::vector<size_t> right = {});

  // As many cells as the head has. A cell with a line break shows a space there.
  void AddRow(std::vector<std::string> cells);

  // Columns as wide as their widest cell, two spaces between; each row a line.
  std::string Aligned() const;
  // As a table of GitHub's Markdown.
  std::string Markdown() const;

 private:
  bool IsRight(size_t column) const;

  std::vector<std::vector<std::string>> rows_;  // the head first
  std::vector<size_t> right_;
};

// `text` with a space for each control character: what comes from servers ends no line and moves no
// cursor.
std::string OneLine(std::string text);

// How many columns of a terminal UTF-8 `text` takes, where no character is wide.
size_t DisplayWidth(const std::string& text);

}  // namespace varve
