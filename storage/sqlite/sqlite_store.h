// The embedded store: one SQLite file, written by one collector.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store.h"

namespace varve {

struct SqliteOptions {
  // Most reads at a time; further ones wait.
  size_t most_readers = 16;
  // SQLite's name of the file layer to use; empty: its default. For tests.
  std::string vfs;
  // Called once when the disk has failed a write, or the file is damaged: every later Commit and
  // Tag is refused with the same error, reads go on. A collector ends then: only a new start knows
  // what reached the disk. Called by the writer's thread; may be empty.
  std::function<void(const absl::Status&)> on_broken;
};

// Opens the file at `path`, makes it (readable by its owner only) where it is not there, and brings
// its schema up to date. `path`.lock beside it is held until the store goes. Errors:
// kFailedPrecondition (another collector has it, it is of a newer program, it is another program's
// file, its folder is not there), kPermissionDenied, kResourceExhausted (disk full), kDataLoss
// (damaged), kUnavailable.
absl::StatusOr<std::unique_ptr<SnapshotStore>> OpenSqliteStore(const std::string& path,
                                                               const SqliteOptions& options = {});

}  // namespace varve
