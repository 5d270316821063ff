// The entities that two snapshots of one section do not have alike.
#pragma once

#include "absl/status/statusor.h"
#include "storage/sqlite/lines.h"
#include "storage/store.h"

namespace varve::sqlite {

// One of the two: a section that was available in snapshot `seq`.
struct SectionAsOf {
  SectionAt at;
  int64_t seq = 0;
};

// As SnapshotStore::ReadLinesApart, in the caller's transaction. Errors: those of error.h.
absl::StatusOr<LinesApart> ReadLinesApart(Connection& connection, const SectionAsOf& before,
                                          const SectionAsOf& after);

}  // namespace varve::sqlite
