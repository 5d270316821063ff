// The agent as a daemon: a snapshot each interval, delivered beside it.
#pragma once

#include "absl/status/status.h"
#include "agent/daemon/options.h"
#include "agent/daemon/stop.h"

namespace varve {

// Takes snapshots and delivers them until `stop` is requested, and says in log lines how it goes.
// The first is taken at once. Whatever fails later is said and tried again. Errors, all before the
// first snapshot: the state folder, the mask key, the files of token and CA.
absl::Status RunDaemon(const AgentOptions& options, StopSignal& stop);

}  // namespace varve
