// The time of a snapshot as it is read, whatever the clocks of agent and collector did.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"

namespace varve {

// A snapshot by both clocks; microseconds since 1970-01-01 UTC.
struct Instant {
  int64_t seq = 0;
  int64_t taken_at_us = 0;     // the agent's
  int64_t received_at_us = 0;  // the collector's
};

// The time of each of an environment's snapshots, which come in the order of their numbers:
// taken_at, but never before its predecessor's, nor after its own or any successor's receipt.
std::vector<int64_t> SnapshotTimes(absl::Span<const Instant> snapshots);

// The time of the newest of an environment's snapshots, as SnapshotTimes has it, from the newest
// back: most clocks leave nothing to doubt after the second.
class NewestTime {
 public:
  // Adds the one before those that were added. True: no earlier one can change the time any more.
  bool Add(const Instant& earlier);
  int64_t time_us() const { return time_us_; }

 private:
  int64_t bound_ = std::numeric_limits<int64_t>::max();  // no earlier snapshot is after it
  int64_t time_us_ = std::numeric_limits<int64_t>::min();
};

}  // namespace varve
