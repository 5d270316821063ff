// The renames between two sides of a diff.
#pragma once

#include "snapshot/diff_words.h"
#include "snapshot/rename_map.h"
#include "snapshot/section.h"

namespace varve {

// As names, and as words of text.
struct Renames {
  RenameMap names;
  RenamedWords words;
};

// What the locators of two reads of one section prove. Both are of one environment: a clone has its
// origin's locators.
Renames RenamesBetween(const Section& before, const Section& after);

}  // namespace varve
