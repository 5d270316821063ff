// `varve-agent --dry-run`: what would leave the host, as JSON, and nothing leaves it.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/daemon/options.h"
#include "agent/daemon/stop.h"
#include "base/exit_code.h"
#include "varve/v1/agent_state.pb.h"

namespace varve {

// Takes a snapshot and writes it to stdout as WriteSnapshotJson does. Errors: the state folder
// (which holds the key of masked digests), stdout, kCancelled where `stop` came first.
absl::StatusOr<ExitCode> RunDry(const AgentOptions& options, StopSignal& stop);

// Gives `write` one JSON document, piece by piece: the header; per section its coverage, lines,
// shapes (each with its hash, as lines name it) and measures. Messages as protobuf prints them in
// JSON, bytes in base64. Errors: kInternal (what would leave is not of our own making), and those
// of `write`.
absl::Status WriteSnapshotJson(const v1::OutboxSnapshot& snapshot,
                               absl::FunctionRef<absl::Status(absl::string_view piece)> write);

}  // namespace varve
