// What differs between two sights of one facet of one entity.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "snapshot/diff.h"
#include "snapshot/diff_renames.h"
#include "snapshot/diff_shape.h"
#include "snapshot/line.h"

namespace varve {

// A facet as one snapshot saw it. Borrowed.
struct Sighting {
  const LineKey& key;  // what the object was called there
  const Seen& seen;
  uint32_t revision;  // of its section there
  // Canonical bytes; null where the snapshot does not have them, or the other has them for both.
  const std::string* shape;
};

// Compares shapes and masked digests. Shapes are decoded only where something can differ: where
// their hashes differ, or where a name in them may mean another object by now. Errors: kDataLoss (a
// shape is missing, damaged or does not parse).
absl::StatusOr<ShapeDifference> CompareSightings(const Sighting& before, const Sighting& after,
                                                 const Renames& renames,
                                                 const ShapeDecoder& decode);

}  // namespace varve
