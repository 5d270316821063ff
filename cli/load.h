// Snapshots that a command names: stored ones from the collector, exported ones from files.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/collector_channel.h"
#include "snapshot/section.h"

namespace varve {

// The snapshot that `reference` means; a collector is asked only for a stored one. Errors:
// kInvalidArgument (not a reference), as CollectorClient and ReadSnapshotFiles otherwise.
absl::StatusOr<Snapshot> LoadSnapshot(absl::string_view reference, const CollectorAccess& access);

// Whether `reference` names files. Errors: kInvalidArgument (not a reference; `now:`, since asking
// an agent is not built yet).
absl::StatusOr<bool> NamesFiles(absl::string_view reference);

}  // namespace varve
