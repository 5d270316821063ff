// How the agent's threads are told to stop.
#pragma once

#include <functional>
#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace varve {

// Thread-safe; requested once, for good.
class StopSignal {
 public:
  // Not to be called from a signal handler (signals.h turns signals into it).
  void Request();
  bool requested() const { return requested_.HasBeenNotified(); }
  // Waits for `duration`, or less where it is or becomes requested; returns requested().
  bool WaitFor(absl::Duration duration) const {
    return requested_.WaitForNotificationWithTimeout(duration);
  }

  // Calls `action` when a stop is requested, at once where it was already. Until this goes;
  // `action` is not running then. `action` must be quick and must not touch the signal.
  class OnRequest {
   public:
    OnRequest(StopSignal& signal, std::function<void()> action);
    ~OnRequest();
    OnRequest(const OnRequest&) = delete;
    OnRequest& operator=(const OnRequest&) = delete;

   private:
    StopSignal& signal_;
  };

 private:
  absl::Notification requested_;
  absl::Mutex mutex_;  // held while actions run, so that none outlives its OnRequest
  std::map<OnRequest*, std::function<void()>> actions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace varve
