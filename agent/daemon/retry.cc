#include "agent/daemon/retry.h"

#include <algorithm>

namespace varve {
namespace {

constexpr double kJitter = 0.05;

}  // namespace

NextTry AfterFailure(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kAborted:
      return NextTry::kAgain;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return NextTry::kNever;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kNotFound:  // a token or CA file
    // What does not parse reads "unimplemented" too, so this does not say that the collector is
    // old.
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:  // the collector's store is damaged: it is restored, and then
                                       // takes this
      return NextTry::kSlowly;
    default:
      return NextTry::kLater;
  }
}

absl::Duration Backoff::Pause(NextTry next, int failures, double random) const {
  absl::Duration pause = next == NextTry::kSlowly ? slow : first;
  for (int i = 1; i < failures && pause < longest; ++i) pause *= 2;
  return std::min(pause, longest) * (0.5 + random / 2);
}

absl::Time NextSnapshot(absl::Time last, absl::Time now, absl::Duration interval, double random) {
  return std::max(now, last + interval * (1 - kJitter + 2 * kJitter * random));
}

}  // namespace varve
