#include "storage/sqlite/writer.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "storage/sqlite/error.h"

namespace varve::sqlite {
namespace {

// At 100 rows a transaction an fsync for each costs no more than none would; beyond this nobody
// gains.
constexpr size_t kMostJobs = 128;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, OnBroken on_broken)
    : connection_(std::move(connection)), on_broken_(std::move(on_broken)) {
  thread_ = std::thread([this] { Loop(); });
}

Writer::~Writer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

absl::Status Writer::Run(Work work) {
  Job job = {.work = work, .status = absl::OkStatus(), .done = {}};
  {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(&job);
  }
  job.done.WaitForNotification();
  return job.status;
}

bool Writer::HasWork() const { return stopping_ || !waiting_.empty(); }

void Writer::Loop() {
  Batch batch;
  while (Wait(batch)) {
    WriteBatch(batch);
    for (Job* job : batch) job->done.Notify();
    batch.clear();
  }
}

// Takes what waits, up to a bound; false: nothing does, and nothing will.
bool Writer::Wait(Batch& batch) {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &Writer::HasWork));
  while (!waiting_.empty() && batch.size() < kMostJobs) {
    batch.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return !batch.empty();
}

void Writer::WriteBatch(const Batch& batch) {
  const absl::Status status = WriteTransaction(batch);
  if (status.ok()) return;
  // A batch may be too large for what is left of the disk where one of it is not.
  if (broken_.ok() && batch.size() > 1 && absl::IsResourceExhausted(status)) {
    for (Job* job : batch) WriteBatch({job});
    return;
  }
  // Whoever had failed by itself keeps its own reason: nothing of it was to be written.
  for (Job* job : batch) {
    if (job->status.ok()) job->status = status;
  }
}

// Runs the jobs in one transaction. Errors: those of the transaction as a whole; a job's own is in
// the job.
absl::Status Writer::WriteTransaction(const Batch& batch) {
  if (!broken_.ok()) return broken_;
  absl::Status status = connection_->Execute("BEGIN IMMEDIATE");
  if (status.ok()) status = WriteJobs(batch);
  if (status.ok()) status = connection_->Execute("COMMIT");
  if (status.ok()) return status;
  if (IsFatal(status)) broken_ = status;
  Rollback();
  if (!broken_.ok() && on_broken_) on_broken_(broken_);
  return status;
}

absl::Status Writer::WriteJobs(const Batch& batch) {
  for (Job* job : batch) VARVE_RETURN_IF_ERROR(WriteJob(*job));
  return absl::OkStatus();
}

absl::Status Writer::WriteJob(Job& job) {
  VARVE_RETURN_IF_ERROR(connection_->Execute("SAVEPOINT job"));
  job.status = job.work(*connection_);
  // SQLite undoes the whole transaction by itself when the disk is full or fails: it is everybody's
  // error then, and so is a file that turns out to be damaged.
  if (!connection_->InTransaction() || IsFatal(job.status)) {
    return std::exchange(job.status, absl::OkStatus());
  }
  if (!job.status.ok()) VARVE_RETURN_IF_ERROR(connection_->Execute("ROLLBACK TO job"));
  return connection_->Execute("RELEASE job");
}

void Writer::Rollback() {
  // Where even this fails the connection is never used again: the transaction ends with the
  // process, unwritten.
  if (connection_->InTransaction()) connection_->Execute("ROLLBACK").IgnoreError();
}

}  // namespace varve::sqlite
