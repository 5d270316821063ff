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

}  // namespace varve
