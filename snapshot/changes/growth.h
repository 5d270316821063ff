// How what was counted grew between two snapshots.
#pragma once

#include "snapshot/section.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// Adds to `result`, the answer to what differs between the two, the sizes and counts that both
// sides have and that moved: rows, bytes, keys, last values. Renamed entities are followed. Scans,
// hits and other figures that only ever rise are left out.
void AddGrowth(const Snapshot& before, const Snapshot& after, v1::DiffResult& result);

}  // namespace varve
