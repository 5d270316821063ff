// Threads for work that may wait for a disk, which gRPC's few event threads must not.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace varve {

// A fixed number of threads over a bounded queue. Thread-safe. The destructor runs what is queued,
// then joins.
class Workers {
 public:
  Workers(int threads, size_t queue_limit);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs `work` soon on one of the threads. False: the queue is full, and it will not run.
  [[nodiscard]] bool Run(std::function<void()> work);

 private:
  void Loop();
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); }

  const size_t queue_limit_;
  absl::Mutex mutex_;  // never held while work runs
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace varve
