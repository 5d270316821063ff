#include "storage/sqlite/reader_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"

namespace varve::sqlite {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(30);

}  // namespace

ReaderPool::ReaderPool(std::string path, std::string vfs, size_t most)
    : path_(std::move(path)), vfs_(std::move(vfs)), most_(most) {}

bool ReaderPool::HasRoom() const { return !idle_.empty() || open_ < most_; }

absl::StatusOr<ReaderPool::Reader> ReaderPool::Acquire() {
  VARVE_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Take());
  const absl::Status begun = connection->Execute("BEGIN");
  if (!begun.ok()) {
    connection.reset();  // it may be what is broken
    Forget();
    return begun;
  }
  return Reader(this, std::move(connection));
}

absl::StatusOr<std::unique_ptr<Connection>> ReaderPool::Take() {
  {
    absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(this, &ReaderPool::HasRoom), kLongestWait)) {
      return absl::UnavailableError(
          absl::StrCat("database ", path_, ": all ", most_, " readers are busy; retry"));
    }
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
  }
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      Connection::Open(path_, Connection::Access::kRead, vfs_);
  if (connection.ok()) return connection;
  Forget();
  // It was there when the store was opened: what is in the way now is none of the caller's doing.
  if (!absl::IsFailedPrecondition(connection.status())) return connection.status();
  return absl::UnavailableError(connection.status().message());
}

void ReaderPool::Return(std::unique_ptr<Connection> connection) {
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(connection));
}

void ReaderPool::Forget() {
  absl::MutexLock lock(&mutex_);
  --open_;
}

ReaderPool::Reader::~Reader() {
  if (connection_ == nullptr) return;
  // A transaction that cannot be ended goes with its connection; it wrote nothing.
  if (connection_->Execute("ROLLBACK").ok()) {
    pool_->Return(std::move(connection_));
  } else {
    connection_.reset();
    pool_->Forget();
  }
}

}  // namespace varve::sqlite
