// A part of what differs: of some sources, kinds or names.
#pragma once

#include "absl/status/status.h"
#include "snapshot/section.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// OK where every kind is one that this build knows. Errors: kInvalidArgument (names the nearest).
absl::Status CheckDiffFilter(const v1::DiffFilter& filter);

// False: it takes all.
bool HasFilter(const v1::DiffFilter& filter);

// Leaves in `result`, the answer to what differs between `before` and `after`, what `filter` takes;
// its verdict and the number of entities are then those of what is left. Where `filter` takes
// anything less than all, both must have all their lines, which it counts.
void FilterDiff(const v1::DiffFilter& filter, const Snapshot& before, const Snapshot& after,
                v1::DiffResult& result);

}  // namespace varve
