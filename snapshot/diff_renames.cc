#include "snapshot/diff_renames.h"

#include <vector>

namespace varve {
namespace {

bool HasLocator(const ReadLine& line) {
  return line.Current() != nullptr && !line.Current()->locator.empty();
}

std::vector<Located> LocatedLines(const Section& section) {
  std::vector<Located> located;
  for (const ReadLine& line : section.lines) {
    const Seen* const seen = line.Current();
    if (seen != nullptr && CanProve(line.line.key, *seen)) {
      located.push_back({line.line.key.entity, seen->locator});
    }
  }
  return located;
}

// True where nothing can have been renamed: lines that both list have equal locators, and only one
// side has located lines of its own. Spares parsing the locators of all that stayed.
bool NothingMoved(const Section& before, const Section& after) {
  bool alone_before = false;
  bool alone_after = false;
  auto a = before.lines.begin();
  auto b = after.lines.begin();
  while (a != before.lines.end() || b != after.lines.end()) {
    if (b == after.lines.end() || (a != before.lines.end() && a->line.key < b->line.key)) {
      alone_before |= HasLocator(*a++);
    } else if (a == before.lines.end() || b->line.key < a->line.key) {
      alone_after |= HasLocator(*b++);
    } else {
      alone_before |= HasLocator(*a) && !HasLocator(*b);
      alone_after |= HasLocator(*b) && !HasLocator(*a);
      const bool both = HasLocator(*a) && HasLocator(*b);
      if (both && a->Current()->locator != b->Current()->locator) return false;
      ++a;
      ++b;
    }
  }
  return !alone_before || !alone_after;
}

}  // namespace

Renames RenamesBetween(const Section& before, const Section& after) {
  if (NothingMoved(before, after)) return {};
  Renames renames;
  renames.names = ProvedRenames(LocatedLines(before), LocatedLines(after));
  renames.words = RenamedWords(renames.names);
  return renames;
}

}  // namespace varve
