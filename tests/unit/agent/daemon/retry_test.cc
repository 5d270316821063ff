#include "agent/daemon/retry.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

struct CodeCase {
  const char* name;
  absl::StatusCode code;
  NextTry next;
};
class AfterFailureTest : public ::testing::TestWithParam<CodeCase> {};

TEST_P(AfterFailureTest, DecidesByTheCode) {
  EXPECT_EQ(AfterFailure(GetParam().code), GetParam().next);
}

INSTANTIATE_TEST_SUITE_P(
    All, AfterFailureTest,
    ::testing::Values(CodeCase{"HeadMoved", absl::StatusCode::kAborted, NextTry::kAgain},
                      CodeCase{"Away", absl::StatusCode::kUnavailable, NextTry::kLater},
                      CodeCase{"TooSlow", absl::StatusCode::kDeadlineExceeded, NextTry::kLater},
                      CodeCase{"Full", absl::StatusCode::kResourceExhausted, NextTry::kLater},
                      CodeCase{"Cancelled", absl::StatusCode::kCancelled, NextTry::kLater},
                      CodeCase{"Unknown", absl::StatusCode::kUnknown, NextTry::kLater},
                      CodeCase{"NoToken", absl::StatusCode::kUnauthenticated, NextTry::kSlowly},
                      CodeCase{"WrongRole", absl::StatusCode::kPermissionDenied, NextTry::kSlowly},
                      CodeCase{"NoTokenFile", absl::StatusCode::kNotFound, NextTry::kSlowly},
                      CodeCase{"NoCollector", absl::StatusCode::kUnimplemented, NextTry::kSlowly},
                      CodeCase{"TheirBug", absl::StatusCode::kInternal, NextTry::kSlowly},
                      CodeCase{"DamagedStore", absl::StatusCode::kDataLoss, NextTry::kSlowly},
                      CodeCase{"BadSnapshot", absl::StatusCode::kInvalidArgument, NextTry::kNever},
                      CodeCase{"Refused", absl::StatusCode::kFailedPrecondition, NextTry::kNever}),
    [](const auto& info) { return info.param.name; });

struct PauseCase {
  const char* name;
  NextTry next;
  int failures;
  double random;
  absl::Duration pause;
};
class PauseTest : public ::testing::TestWithParam<PauseCase> {};

TEST_P(PauseTest, GrowsUpToTheLongest) {
  const PauseCase& c = GetParam();
  EXPECT_EQ(Backoff().Pause(c.next, c.failures, c.random), c.pause);
}

INSTANTIATE_TEST_SUITE_P(
    All, PauseTest,
    ::testing::Values(
        PauseCase{"First", NextTry::kLater, 1, 1.0, absl::Seconds(1)},
        PauseCase{"FirstAtLeastHalf", NextTry::kLater, 1, 0.0, absl::Milliseconds(500)},
        PauseCase{"Doubled", NextTry::kLater, 2, 1.0, absl::Seconds(2)},
        PauseCase{"Between", NextTry::kLater, 3, 0.5, absl::Seconds(3)},
        PauseCase{"Longest", NextTry::kLater, 10, 1.0, absl::Minutes(5)},
        PauseCase{"NeverBeyond", NextTry::kLater, 1'000'000, 1.0, absl::Minutes(5)},
        PauseCase{"SlowBeginsSlowly", NextTry::kSlowly, 1, 1.0, absl::Seconds(30)},
        PauseCase{"SlowGrowsToo", NextTry::kSlowly, 2, 1.0, absl::Minutes(1)},
        PauseCase{"SlowHasTheSameEnd", NextTry::kSlowly, 30, 0.0, absl::Seconds(150)}),
    [](const auto& info) { return info.param.name; });

struct NextCase {
  const char* name;
  absl::Duration now;  // since the last one began
  double random;
  absl::Duration next;  // likewise
};
class NextSnapshotTest : public ::testing::TestWithParam<NextCase> {};

TEST_P(NextSnapshotTest, IsAnIntervalAfterTheLastBegan) {
  const absl::Time last = absl::FromUnixSeconds(1'772'000'000);
  const absl::Time next =
      NextSnapshot(last, last + GetParam().now, absl::Seconds(100), GetParam().random);
  EXPECT_LT(absl::AbsDuration(next - last - GetParam().next), absl::Milliseconds(1));
}

INSTANTIATE_TEST_SUITE_P(
    All, NextSnapshotTest,
    ::testing::Values(NextCase{"Middle", absl::Seconds(7), 0.5, absl::Seconds(100)},
                      NextCase{"Earliest", absl::Seconds(7), 0.0, absl::Seconds(95)},
                      NextCase{"Latest", absl::Seconds(7), 1.0, absl::Seconds(105)},
                      NextCase{"GatheringTookLonger", absl::Seconds(300), 0.5, absl::Seconds(300)}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
