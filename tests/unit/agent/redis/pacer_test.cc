#include "agent/source/redis/pacer.h"

#include <string>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

constexpr size_t kKeys = 50;
constexpr absl::Duration kQuick = absl::Microseconds(200);  // a round trip that nobody delays

struct PaceCase {
  const char* name;
  RedisPace pace;
  double most;  // share of the server's time
};

class PacerPaceTest : public ::testing::TestWithParam<PaceCase> {};

TEST_P(PacerPaceTest, GrowsToItsShareAndNoFurther) {
  Pacer pacer(GetParam().pace);
  for (int i = 0; i < 200; ++i) pacer.PauseAfter(kQuick, kKeys);
  EXPECT_NEAR(pacer.duty(), GetParam().most, 1e-9);
}

TEST_P(PacerPaceTest, PausesForTheRestOfTheTime) {
  Pacer pacer(GetParam().pace);
  for (int i = 0; i < 200; ++i) pacer.PauseAfter(kQuick, kKeys);
  absl::Duration pauses;
  for (int i = 0; i < 1000; ++i) pauses += pacer.PauseAfter(kQuick, kKeys);
  const double busy = absl::ToDoubleSeconds(kQuick * 1000);
  const double share = busy / (busy + absl::ToDoubleSeconds(pauses));
  EXPECT_NEAR(share, GetParam().most, 0.02);
}

INSTANTIATE_TEST_SUITE_P(All, PacerPaceTest,
                         ::testing::Values(PaceCase{"Gentle", RedisPace::kGentle, 0.1},
                                           PaceCase{"Default", RedisPace::kDefault, 0.5},
                                           PaceCase{"Fast", RedisPace::kFast, 0.9}),
                         [](const auto& info) { return info.param.name; });

TEST(Pacer, BeginsLow) { EXPECT_LE(Pacer(RedisPace::kFast).duty(), 0.2); }

TEST(Pacer, YieldsWhenOthersAreServedFirst) {
  Pacer pacer(RedisPace::kDefault);
  for (int i = 0; i < 100; ++i) pacer.PauseAfter(kQuick, kKeys);
  const double before = pacer.duty();
  // Half of the round trips wait behind others: no single slow one.
  for (int i = 0; i < 64; ++i) pacer.PauseAfter(i % 2 == 0 ? absl::Milliseconds(5) : kQuick, kKeys);
  EXPECT_LT(pacer.duty(), before / 2);
}

TEST(Pacer, YieldsToNobodyWhereNobodyElseAsks) {
  Pacer pacer(RedisPace::kDefault);
  pacer.SetAlone(true);
  for (int i = 0; i < 164; ++i) {
    pacer.PauseAfter(i % 2 == 0 ? absl::Milliseconds(5) : kQuick, kKeys);
  }
  EXPECT_GE(pacer.duty(), 0.5 - 1e-9);
}

TEST(Pacer, NeverGoesBeyondItsLimit) {
  Pacer pacer(RedisPace::kFast);
  for (int i = 0; i < 100; ++i) pacer.PauseAfter(kQuick, kKeys);
  pacer.Limit(0.3);
  EXPECT_EQ(pacer.duty(), 0.3);
  for (int i = 0; i < 100; ++i) pacer.PauseAfter(kQuick, kKeys);
  EXPECT_EQ(pacer.duty(), 0.3);
  pacer.Limit(5);
  for (int i = 0; i < 100; ++i) pacer.PauseAfter(kQuick, kKeys);
  EXPECT_NEAR(pacer.duty(), 0.9, 1e-9);
}

TEST(Pacer, APauseThatTookTooLongIsMadeUpFor) {
  Pacer pacer(RedisPace::kGentle);
  ASSERT_GT(pacer.PauseAfter(kQuick, kKeys), absl::ZeroDuration());
  pacer.Overslept(absl::Milliseconds(4));
  EXPECT_EQ(pacer.PauseAfter(kQuick, kKeys), absl::ZeroDuration());
}

TEST(Pacer, MakesUpForAStallButNotForeverForMany) {
  Pacer pacer(RedisPace::kGentle);
  for (int i = 0; i < 1000; ++i) pacer.Overslept(absl::Milliseconds(4));
  int without_pause = 0;
  while (pacer.PauseAfter(kQuick, kKeys) == absl::ZeroDuration()) ++without_pause;
  EXPECT_LE(without_pause, 3);  // each owes 1.8 ms
}

TEST(Pacer, OneSlowRoundTripIsNoReason) {
  Pacer pacer(RedisPace::kDefault);
  for (int i = 0; i < 100; ++i) pacer.PauseAfter(kQuick, kKeys);
  pacer.PauseAfter(absl::Milliseconds(50), kKeys);
  EXPECT_GE(pacer.duty(), 0.5 - 1e-9);
}

TEST(Pacer, NeverStops) {
  Pacer pacer(RedisPace::kGentle);
  for (int i = 0; i < 1000; ++i) pacer.PauseAfter(absl::Milliseconds(i % 2 == 0 ? 1 : 50), kKeys);
  EXPECT_GE(pacer.duty(), 0.05);
}

TEST(Pacer, OwesNothingForTheNetworksTime) {
  Pacer pacer(RedisPace::kDefault);
  absl::Duration pauses;
  for (int i = 0; i < 100; ++i) pauses += pacer.PauseAfter(absl::Milliseconds(20), kKeys);
  // 50 keys cost the server half a millisecond at most; with a duty of a fifth at first.
  EXPECT_LE(pauses, absl::Milliseconds(100 * 0.5 * 4));
}

TEST(Pacer, AsksForMoreAtOnceWhereTheNetworkIsTheLimit) {
  Pacer near(RedisPace::kDefault);
  Pacer far(RedisPace::kDefault);
  Pacer farther(RedisPace::kDefault);
  EXPECT_EQ(near.keys_at_once(), 50u);
  near.PauseAfter(kQuick, kKeys);
  far.PauseAfter(absl::Milliseconds(3), kKeys);
  farther.PauseAfter(absl::Milliseconds(30), kKeys);
  EXPECT_EQ(near.keys_at_once(), 50u);
  EXPECT_GT(far.keys_at_once(), 50u);
  EXPECT_GT(farther.keys_at_once(), far.keys_at_once());
}

}  // namespace
}  // namespace varve::redis
