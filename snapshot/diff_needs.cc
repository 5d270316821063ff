#include "snapshot/diff_needs.h"

#include <algorithm>

#include "snapshot/diff_renames.h"

namespace varve {
namespace {

// Patterns may be merged before they are compared, and so read though they are equal.
bool HasPatterns(const Section& section) {
  return std::any_of(section.lines.begin(), section.lines.end(), [](const ReadLine& line) {
    return line.line.key.entity.kind == "key_pattern";
  });
}

void AddCurrent(const ReadLine& line, std::vector<ShapeHash>& hashes) {
  if (line.Current() != nullptr) hashes.push_back(line.Current()->shape);
}

// Whether a line of one name is of one object on both sides.
bool IsOneObject(const EntityKey& key, const RenameMap& names) {
  return names.empty() || (names.Forward(key.names, key.kind) == key.names &&
                           names.Back(key.names, key.kind) == key.names);
}

bool HaveOneShape(const ReadLine& a, const ReadLine& b) {
  return a.Current() != nullptr && b.Current() != nullptr &&
         a.Current()->shape == b.Current()->shape;
}

}  // namespace

ShapesNeeded ShapesForDiff(const Section& before, const Section& after, bool one_environment) {
  const bool has_patterns = HasPatterns(before) || HasPatterns(after);
  // A name in an equal shape may mean another object where something was renamed; one side has it
  // for both.
  const RenameMap names =
      has_patterns || !one_environment ? RenameMap() : RenamesBetween(before, after).names;
  ShapesNeeded needed;
  auto a = before.lines.begin();
  auto b = after.lines.begin();
  while (a != before.lines.end() || b != after.lines.end()) {
    const bool take_a =
        b == after.lines.end() || (a != before.lines.end() && a->line.key <= b->line.key);
    const bool take_b =
        a == before.lines.end() || (b != after.lines.end() && b->line.key <= a->line.key);
    const bool equal =
        take_a && take_b && HaveOneShape(*a, *b) && IsOneObject(a->line.key.entity, names);
    if (take_a && (!equal || has_patterns || !names.empty())) AddCurrent(*a, needed.before);
    if (take_b && (!equal || has_patterns)) AddCurrent(*b, needed.after);
    if (take_a) ++a;
    if (take_b) ++b;
  }
  return needed;
}

}  // namespace varve
