// Which shapes a diff reads: so that a store gives those alone, of the great many that are equal.
#pragma once

#include <vector>

#include "snapshot/hash.h"
#include "snapshot/section.h"

namespace varve {

// Hashes of shapes, by side; one that several lines have may be there several times.
struct ShapesNeeded {
  std::vector<ShapeHash> before;
  std::vector<ShapeHash> after;
};

// What Diff may read of two reads of one section. Their lines, measures and headers are there,
// their shapes need not be. `one_environment`: both are of one, so that locators prove renames. A
// diff of sections that have no other shapes than these is that of whole ones.
ShapesNeeded ShapesForDiff(const Section& before, const Section& after, bool one_environment);

}  // namespace varve
