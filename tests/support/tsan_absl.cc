// Tells ThreadSanitizer of Abseil's locks. Debian's Abseil is not instrumented, and its mutex does
// not call pthread's, so that every use of one would read as a race. Linked into the tests of a
// ThreadSanitizer build, these definitions come before the library's, call them, and say what
// happens before what.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace absl {
namespace {

// The library's own function of that (mangled) name.
template <typename Function>
Function Next(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) __builtin_trap();  // another Abseil: name its functions here
  return reinterpret_cast<Function>(found);
}

// A call in which the library may evaluate conditions of those who wait for `mutex`, its own or
// others', each time under the lock.
class Evaluating {
 public:
  explicit Evaluating(Mutex* mutex) : outer_(std::exchange(current, mutex)) {
    __tsan_release(mutex);
  }
  ~Evaluating() { current = outer_; }

  static void Begins() {
    if (current != nullptr) __tsan_acquire(current);
  }
  static void Ends() {
    if (current != nullptr) __tsan_release(current);
  }

 private:
  static thread_local Mutex* current;
  Mutex* outer_;
};
thread_local Mutex* Evaluating::current = nullptr;

// Gives the lock away, and has it again at the end.
class Waiting {
 public:
  explicit Waiting(Mutex* mutex) : mutex_(mutex), evaluating_(mutex) {}
  ~Waiting() { __tsan_acquire(mutex_); }

 private:
  Mutex* mutex_;
  Evaluating evaluating_;
};

}  // namespace

bool Condition::Eval() const {
  static const auto next = Next<bool (*)(const Condition*)>("_ZNK4absl7debian39Condition4EvalEv");
  Evaluating::Begins();
  const bool holds = next(this);
  Evaluating::Ends();
  return holds;
}

void Mutex::Lock() {
  static const auto next = Next<void (*)(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  next(this);
  __tsan_acquire(this);
}

bool Mutex::TryLock() {
  static const auto next = Next<bool (*)(Mutex*)>("_ZN4absl7debian35Mutex7TryLockEv");
  const bool locked = next(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::Unlock() {
  static const auto next = Next<void (*)(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  const Evaluating evaluating(this);
  next(this);
}

void Mutex::ReaderLock() {
  static const auto next = Next<void (*)(Mutex*)>("_ZN4absl7debian35Mutex10ReaderLockEv");
  next(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static const auto next = Next<void (*)(Mutex*)>("_ZN4absl7debian35Mutex12ReaderUnlockEv");
  const Evaluating evaluating(this);
  next(this);
}

void Mutex::Await(const Condition& condition) {
  static const auto next =
      Next<void (*)(Mutex*, const Condition&)>("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  const Waiting waiting(this);
  next(this, condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static const auto next = Next<bool (*)(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Waiting waiting(this);
  return next(this, condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static const auto next = Next<bool (*)(Mutex*, const Condition&, Time)>(
      "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Waiting waiting(this);
  return next(this, condition, deadline);
}

void Mutex::LockWhen(const Condition& condition) {
  static const auto next =
      Next<void (*)(Mutex*, const Condition&)>("_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
  const Waiting waiting(this);
  next(this, condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static const auto next = Next<bool (*)(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Waiting waiting(this);
  return next(this, condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static const auto next = Next<bool (*)(Mutex*, const Condition&, Time)>(
      "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Waiting waiting(this);
  return next(this, condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  static const auto next =
      Next<void (*)(CondVar*, Mutex*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  const Waiting waiting(mutex);
  next(this, mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static const auto next = Next<bool (*)(CondVar*, Mutex*, Duration)>(
      "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  const Waiting waiting(mutex);
  return next(this, mutex, timeout);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static const auto next = Next<bool (*)(CondVar*, Mutex*, Time)>(
      "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  const Waiting waiting(mutex);
  return next(this, mutex, deadline);
}

void Notification::Notify() {
  static const auto next = Next<void (*)(Notification*)>("_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(this);
  __tsan_release(&notified_yet_);  // what HasBeenNotified, inline in our own code, reads
  next(this);
}

void Notification::WaitForNotification() const {
  static const auto next =
      Next<void (*)(const Notification*)>("_ZNK4absl7debian312Notification19WaitForNotificationEv");
  next(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static const auto next = Next<bool (*)(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = next(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

}  // namespace absl
