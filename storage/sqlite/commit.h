// Writing one snapshot, in the caller's transaction.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"
#include "storage/store.h"

namespace varve::sqlite {

// A snapshot that passed CheckPending, and its blobs compressed: what takes long is done before the
// writer's turn.
struct ReadySnapshot {
  const PendingSnapshot& pending;  // borrowed
  absl::flat_hash_map<BlobHash, std::string> frames = {};
};
absl::StatusOr<ReadySnapshot> MakeReady(const PendingSnapshot& pending);

// As SnapshotStore::Commit, but not yet on disk. On error the caller undoes what was written.
absl::StatusOr<SnapshotStore::Committed> WriteSnapshot(Connection& connection,
                                                       const std::string& incarnation,
                                                       const ReadySnapshot& ready);

// As SnapshotStore::Tag and Untag.
absl::StatusOr<int64_t> WriteTag(Connection& connection, absl::string_view environment, int64_t seq,
                                 absl::string_view tag);
absl::StatusOr<int64_t> EraseTag(Connection& connection, absl::string_view environment,
                                 absl::string_view tag);

}  // namespace varve::sqlite
