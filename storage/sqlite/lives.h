// Reading objects over all snapshots: their rows under all names, and which of them some snapshots
// changed. Every function reads in the caller's transaction. Errors on each: those of error.h.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/object_life.h"
#include "snapshot/rename_map.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/lines.h"
#include "storage/store.h"

namespace varve::sqlite {

// What was renamed in a section up to snapshot `seq`, by number: what its snapshot's new names were
// called before.
absl::StatusOr<std::map<int64_t, RenameMap>> ReadRenames(Connection& connection,
                                                         const SectionAt& at, int64_t seq);

// As SnapshotStore::ReadLife.
absl::StatusOr<ObjectLife> ReadLife(Connection& connection, const SectionAt& at,
                                    const EntityKey& entity, int64_t seq);

// As SnapshotStore::TouchedObjects.
absl::StatusOr<std::vector<TouchedObject>> ReadTouched(Connection& connection, int64_t environment,
                                                       int64_t from, int64_t to);

}  // namespace varve::sqlite
