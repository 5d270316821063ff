// What to do after a try at delivering a snapshot: decided by the code of the answer, as
// ingest.proto says.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace varve {

enum class NextTry {
  kAgain,   // begin again with the header, at once: the head has moved meanwhile
  kLater,   // the collector is away, busy or full: with growing pauses
  kSlowly,  // somebody must mend something first, and that can happen without us: a token, a
            // certificate
  kNever,   // no retry can change the answer
};

NextTry AfterFailure(absl::StatusCode code);

// How long to wait before the next try.
struct Backoff {
  absl::Duration first = absl::Seconds(1);
  absl::Duration longest = absl::Minutes(5);
  absl::Duration slow = absl::Seconds(30);  // first pause after kSlowly

  // Before try number `failures` + 1 (failures from 1 up): doubled each time up to `longest`, and
  // of that the part between a half and the whole that `random` (0 to 1) picks, so that a fleet
  // does not come back in step.
  absl::Duration Pause(NextTry next, int failures, double random) const;
};

// When the next snapshot begins: `interval` after the last one began, give or take 5 % by `random`
// (0 to 1); now where that is past.
absl::Time NextSnapshot(absl::Time last, absl::Time now, absl::Duration interval, double random);

}  // namespace varve
