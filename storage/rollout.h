// Since when each environment of a fleet has an object.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "snapshot/object_name.h"
#include "storage/store.h"
#include "varve/v1/rollout.pb.h"

namespace varve {

// The object is found in one of `snapshots`, the newest of their environments; it is asked for
// under that name in all. `form`: words that it must have; empty: any. Errors: kNotFound (none of
// them has such an object), kInvalidArgument (it could be several); those of the store.
absl::StatusOr<v1::RolloutResult> Rollout(const SnapshotStore& store,
                                          absl::Span<const SnapshotRow> snapshots,
                                          const ObjectName& object, const std::string& form);

}  // namespace varve
