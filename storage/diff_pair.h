// Two stored snapshots as Diff needs them.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "storage/store.h"

namespace varve {

// Two snapshots to compare.
struct SnapshotPair {
  Snapshot before;
  Snapshot after;
  // Entities of which neither side has a line here, since both have them alike: Diff finds nothing
  // in them, and does not count them.
  uint64_t entities_alike = 0;
};

enum class PairLines {
  kApart,  // what is alike may be left out
  kAll,    // for who counts, or looks for more than differences
};

// Reads two snapshots for Diff: as LoadSnapshot, but of shapes only those that Diff looks at
// (ShapesForDiff), of measures only those of Redis; LoadMeasures reads the others. Errors: as
// LoadSnapshot.
absl::StatusOr<SnapshotPair> LoadForDiff(const SnapshotStore& store, const SnapshotAt& before,
                                         const SnapshotAt& after,
                                         PairLines lines = PairLines::kApart);

}  // namespace varve
