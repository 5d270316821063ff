// Since when each environment has an object, as people read it, and as programs do.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "varve/v1/rollout.pb.h"

namespace varve {

// A line for each environment: since when, and how long after the one before. `now` says how old
// the newest snapshots are.
std::string RolloutTable(const v1::RolloutResult& result, absl::Time now);
std::string RolloutMarkdown(const v1::RolloutResult& result, absl::Time now);
// As JSON of the format "varve.rollout.v1": docs/formats.md.
std::string RolloutJson(const v1::RolloutResult& result);

}  // namespace varve
