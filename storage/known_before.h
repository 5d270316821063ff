// What a store lends to a diff: what was last known of an object before a gap.
#pragma once

#include "snapshot/diff.h"
#include "storage/store.h"

namespace varve {

// Answers from `store`, which must outlive the result. For one diff: it keeps the lines of each
// snapshot that it was asked about. Not thread-safe.
KnownBefore KnownBeforeIn(const SnapshotStore& store);

}  // namespace varve
