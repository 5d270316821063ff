#include "agent/daemon/stop.h"

#include <utility>

namespace varve {

void StopSignal::Request() {
  absl::MutexLock lock(&mutex_);
  if (requested_.HasBeenNotified()) return;
  requested_.Notify();
  for (const auto& [owner, action] : actions_) action();
}

StopSignal::OnRequest::OnRequest(StopSignal& signal, std::function<void()> action)
    : signal_(signal) {
  absl::MutexLock lock(&signal_.mutex_);
  if (signal_.requested()) action();
  signal_.actions_.emplace(this, std::move(action));
}

StopSignal::OnRequest::~OnRequest() {
  absl::MutexLock lock(&signal_.mutex_);
  signal_.actions_.erase(this);
}

}  // namespace varve
