// One collector per database.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace varve::sqlite {

// Holds `path`.lock, made beside the database, until it goes or the process ends, however that
// happens. A file of its own: closing any descriptor of the database itself would drop the locks
// that SQLite has on it.
class FileLock {
 public:
  // Errors: kFailedPrecondition (another process, or this one, has it: the message names its id; or
  // its folder is not there), kPermissionDenied, kResourceExhausted (disk full), kUnavailable (the
  // file system cannot lock).
  static absl::StatusOr<FileLock> Acquire(const std::string& path);

  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;  // -1 once moved from
};

}  // namespace varve::sqlite
