#include "storage/times.h"

#include <algorithm>
#include <limits>

namespace varve {

std::vector<int64_t> SnapshotTimes(absl::Span<const Instant> snapshots) {
  std::vector<int64_t> times(snapshots.size());
  int64_t bound = std::numeric_limits<int64_t>::max();
  for (size_t i = snapshots.size(); i-- > 0;) {
    bound = std::min(bound, snapshots[i].received_at_us);
    times[i] = std::min(snapshots[i].taken_at_us, bound);
  }
  for (size_t i = 1; i < times.size(); ++i) times[i] = std::max(times[i], times[i - 1]);
  return times;
}

bool NewestTime::Add(const Instant& earlier) {
  bound_ = std::min(bound_, earlier.received_at_us);
  time_us_ = std::max(time_us_, std::min(earlier.taken_at_us, bound_));
  return time_us_ >= bound_;
}

}  // namespace varve
