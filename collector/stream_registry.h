// The streams that are open now: bounds their number and their waiting, and ends them when the
// collector stops.
#pragma once

#include <atomic>
#include <set>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace varve {

// A stream that can be ended from outside.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Whether the peer has been waited for too long. Called from the registry's thread.
  virtual bool IsLate(absl::Time now) const = 0;
  // Ends the call; the stream's own callbacks follow. Called from the registry's thread or
  // CancelAll's caller.
  virtual void Cancel() = 0;
};

// Thread-safe. Half a message can be waited for for ever and no gRPC setting bounds it
// (MAX_CONNECTION_IDLE does not end an attached stream), so a thread looks once a second. It
// outlives its streams.
class StreamRegistry {
 public:
  explicit StreamRegistry(int limit);
  ~StreamRegistry();
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;

  // False: the limit is reached, or CancelAll was called; the stream is not in it.
  [[nodiscard]] bool Add(OpenStream* stream);
  // When this returns, nothing of the stream is called any more. Not from within Cancel: gRPC runs
  // OnDone, which calls this, on a thread of its own.
  void Remove(OpenStream* stream);
  // Ends all streams, and lets no new ones in.
  void CancelAll();

 private:
  void Watch();

  const size_t limit_;
  absl::Mutex mutex_;
  std::set<OpenStream*> streams_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Notification stopping_;
  std::thread watcher_;
};

}  // namespace varve
