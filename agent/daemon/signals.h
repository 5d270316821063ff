// SIGTERM and SIGINT as a request to stop.
#pragma once

#include <thread>

#include "agent/daemon/stop.h"

namespace varve {

// While it lives, SIGTERM and SIGINT request `stop`; a second one ends the process at once, as if
// nobody handled it. One at a time in a process. Handlers, not a mask: a mask would be inherited by
// the interpreters that the agent starts.
class StopOnSignals {
 public:
  explicit StopOnSignals(StopSignal& stop);
  ~StopOnSignals();
  StopOnSignals(const StopOnSignals&) = delete;
  StopOnSignals& operator=(const StopOnSignals&) = delete;

 private:
  std::thread thread_;
};

}  // namespace varve
