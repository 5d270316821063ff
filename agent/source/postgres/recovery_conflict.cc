#include "agent/source/postgres/recovery_conflict.h"

#include <string>

#include "absl/time/clock.h"

namespace varve::postgres {
namespace {

constexpr int kTries = 8;
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);  // twice as long each time

}  // namespace

bool IsRecoveryConflict(const absl::Status& status) {
  const std::string state = SqlState(status);
  return state == "40001" || state == "40P01";
}

absl::Status RetryOnRecoveryConflict(Connection& connection,
                                     absl::FunctionRef<absl::Status()> ask) {
  absl::Duration pause = kFirstPause;
  absl::Status status = ask();
  for (int i = 1; i < kTries && IsRecoveryConflict(status); ++i, pause *= 2) {
    if (absl::Now() + pause >= connection.deadline()) return status;
    absl::SleepFor(pause);
    // Replay may have ended the session after what it refused: while that was rolled back.
    if (connection.is_lost() && !connection.Reopen().ok()) continue;
    status = ask();
  }
  return status;
}

}  // namespace varve::postgres
