// The one thread that writes. Those who wait at the same time share one transaction and one fsync.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "storage/sqlite/connection.h"

namespace varve::sqlite {

// Thread-safe. When it goes, what waits is written first; nobody may be calling by then.
class Writer {
 public:
  // Writes by the connection it is given. Its error undoes what it wrote, and touches nobody
  // else's.
  using Work = absl::FunctionRef<absl::Status(Connection&)>;
  // Called once, by the writer's thread, with the error after which nothing more is written.
  using OnBroken = std::function<void(const absl::Status&)>;

  Writer(std::unique_ptr<Connection> connection, OnBroken on_broken);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs `work`, on the writer's thread; OK: what it wrote is on disk. `work` may run twice, where
  // the transaction it shared with others did not fit on the disk. Errors: those of `work`;
  // kResourceExhausted (disk full; all as before); after an I/O error or damage that error for
  // ever, since nobody knows what reached the disk.
  absl::Status Run(Work work);

 private:
  struct Job {
    Work work;
    absl::Status status;
    absl::Notification done;
  };
  using Batch = std::vector<Job*>;

  void Loop();
  bool Wait(Batch& batch);
  void WriteBatch(const Batch& batch);
  absl::Status WriteTransaction(const Batch& batch);
  absl::Status WriteJobs(const Batch& batch);
  absl::Status WriteJob(Job& job);
  void Rollback();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::unique_ptr<Connection> connection_;  // the thread's alone
  OnBroken on_broken_;
  absl::Status broken_;  // the thread's alone; OK: it can write

  absl::Mutex mutex_;  // never held while the disk is touched
  std::deque<Job*> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace varve::sqlite
