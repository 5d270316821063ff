// `varve-agent --once`: one snapshot, delivered with all that waits.
#pragma once

#include "absl/status/statusor.h"
#include "agent/daemon/options.h"
#include "agent/daemon/stop.h"
#include "base/exit_code.h"

namespace varve {

// Takes one snapshot, puts it into the outbox and delivers what waits there, oldest first: a line
// on stdout for each that the collector has, messages on stderr. Errors, each with what to do: the
// state folder, the mask key, the files of token and CA, stdout; the collector's where something
// still waits, and kCancelled where `stop` came first.
absl::StatusOr<ExitCode> RunOnce(const AgentOptions& options, StopSignal& stop);

}  // namespace varve
