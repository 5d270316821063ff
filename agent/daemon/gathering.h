// The agent's sources, and one read of all of them that can be given up.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/daemon/options.h"
#include "agent/daemon/stop.h"
#include "agent/gather.h"
#include "agent/source/source.h"
#include "snapshot/section.h"

namespace varve {

// Shared with a read that was given up: it may end after everybody else.
using SharedSources = std::shared_ptr<const std::vector<std::unique_ptr<Source>>>;

// The sources that `options` name, redacting under the key of its state folder, which is made where
// it is missing. Tells people what they should know of how their settings were taken. Errors: those
// of the folder and of the key.
absl::StatusOr<SharedSources> OpenSources(const AgentOptions& options);

// What a snapshot of `options` says of itself.
GatherOptions GatherOptionsOf(const AgentOptions& options, v1::Occasion occasion);

// GatherSnapshot; nothing where `stop` is requested first. The read then goes on, on threads that
// own what they touch: the process ends by std::_Exit soon, so that nothing is destroyed under
// them.
std::optional<Snapshot> GatherUnlessStopped(const SharedSources& sources,
                                            const GatherOptions& options, StopSignal& stop);

}  // namespace varve
