// What a diff tells people: the answer in one line, then lines grouped as people think. The table
// and the Markdown form print it.
#pragma once

#include <string>
#include <vector>

#include "varve/v1/diff.pb.h"

namespace varve {

// What a line says.
enum class DiffSign { kAdded, kRemoved, kChanged, kRenamed, kCannotSay, kNone };

struct DiffLine {
  DiffSign sign = DiffSign::kNone;
  std::string what;    // "table public.orders", "column total"
  std::string detail;  // "type integer → numeric(12,2)"; may be empty
  bool part = false;   // of the entity in the line above
  v1::ChangeClass change_class = v1::CHANGE_CLASS_UNSPECIFIED;
  std::string note = {};  // "breaking: who names it fails"; empty where it is not classified
};

struct DiffBlock {
  std::string title;  // a section's name, "not compared"
  std::vector<DiffLine> lines;
};

struct DiffReport {
  std::string answer;  // "2 added, 1 changed"
  std::vector<DiffBlock> blocks;
};

// `arrow` stands between two values: " → ".
DiffReport ReportOf(const v1::DiffResult& result, const std::string& arrow);

}  // namespace varve
