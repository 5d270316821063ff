// Where histories find shapes and lines: in a store.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "snapshot/history.h"
#include "storage/store.h"

namespace varve {

// The lines of one section of a snapshot, with no shapes.
absl::StatusOr<std::shared_ptr<const Section>> LinesOf(const SnapshotStore& store,
                                                       const std::string& environment, int64_t seq,
                                                       const std::string& section);

// Finds in `store`, which outlives the result; each blob is read once.
HistorySources SourcesIn(const SnapshotStore& store, const std::string& environment,
                         const std::string& section);

}  // namespace varve
