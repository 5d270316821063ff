#include "collector/stream_registry.h"

#include "absl/time/clock.h"

namespace varve {

StreamRegistry::StreamRegistry(int limit)
    : limit_(static_cast<size_t>(limit)), watcher_([this] { Watch(); }) {}

StreamRegistry::~StreamRegistry() {
  stopping_.Notify();
  watcher_.join();
}

bool StreamRegistry::Add(OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  if (closed_ || streams_.size() >= limit_) return false;
  streams_.insert(stream);
  return true;
}

void StreamRegistry::Remove(OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void StreamRegistry::CancelAll() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (OpenStream* const stream : streams_) stream->Cancel();
}

void StreamRegistry::Watch() {
  while (!stopping_.WaitForNotificationWithTimeout(absl::Seconds(1))) {
    const absl::Time now = absl::Now();
    absl::MutexLock lock(&mutex_);
    for (OpenStream* const stream : streams_) {
      if (stream->IsLate(now)) stream->Cancel();
    }
  }
}

}  // namespace varve
