// The newest snapshots of many environments, read so that what is equal in many is read once.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "snapshot/drift.h"
#include "snapshot/selector.h"
#include "storage/resolve.h"
#include "storage/store.h"

namespace varve {

// The newest snapshot of each environment that `selector` takes, by name. Errors: kNotFound (it
// takes none); those of the store.
absl::StatusOr<std::vector<SnapshotRow>> NewestOf(const SnapshotStore& store,
                                                  const Selector& selector);

// The place of a snapshot among `rows`, which are by environment; it is added where it is not among
// them. Errors: those of the store.
absl::StatusOr<uint32_t> PlaceOf(const SnapshotStore& store, const Resolved& snapshot,
                                 std::vector<SnapshotRow>& rows);

// The sections of `snapshots`, in that order, for Drift: those that are equal in the compared
// facets by what their headers and the store say are one part. Errors: those of the store.
absl::StatusOr<Fleet> LoadFleet(const SnapshotStore& store, absl::Span<const SnapshotRow> snapshots,
                                bool all_facets);

// Shapes of `store`, which must outlive the result.
ShapeSource ShapesOf(const SnapshotStore& store);

}  // namespace varve
