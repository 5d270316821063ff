// Since when what others lack is there: what Drift itself, which sees newest snapshots alone,
// cannot say.
#pragma once

#include "absl/status/status.h"
#include "storage/store.h"
#include "varve/v1/drift.pb.h"

namespace varve {

// Sets DriftChange.since_us. Costs a history for each class that is told of. Errors: kDataLoss,
// those of the store.
absl::Status AddSince(const SnapshotStore& store, v1::DriftResult& result);

}  // namespace varve
