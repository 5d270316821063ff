// Snapshots of a benchmark's database, taken by the agent's own source.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "storage/store.h"

namespace varve::testing {

// The database at `connection` as one section; its header is that of snapshot `number`.
Snapshot GatherDatabase(const std::string& connection, int64_t number = 1);

// Commits it whole as the next snapshot of `environment`. Errors: as SnapshotStore::Commit.
absl::Status Keep(SnapshotStore& store, const Snapshot& snapshot, const std::string& environment);

// The text of an error on stderr. True where there is none.
bool Said(const absl::Status& status);

}  // namespace varve::testing
