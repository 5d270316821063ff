// Connections that read. In WAL mode they never wait for the writer, nor it for them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/sqlite/connection.h"

namespace varve::sqlite {

// Thread-safe. Outlives its leases.
class ReaderPool {
 public:
  // Of the file at `path`; at most `most` connections, opened when they are first needed.
  ReaderPool(std::string path, std::string vfs, size_t most);

  // A connection in a read transaction, until it goes.
  class Reader {
   public:
    Reader(Reader&&) = default;
    Reader& operator=(Reader&&) = delete;
    ~Reader();
    Connection& operator*() const { return *connection_; }

   private:
    friend class ReaderPool;
    Reader(ReaderPool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}

    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;  // null once moved from
  };

  // Errors: kUnavailable (all were busy for too long), and those of error.h.
  absl::StatusOr<Reader> Acquire();

 private:
  absl::StatusOr<std::unique_ptr<Connection>> Take();
  void Return(std::unique_ptr<Connection> connection);
  void Forget();
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const std::string vfs_;
  const size_t most_;

  absl::Mutex mutex_;  // never held while the disk is touched
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;  // idle and lent
};

}  // namespace varve::sqlite
