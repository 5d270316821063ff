#include "agent/daemon/stop.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

#include "agent/daemon/signals.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

constexpr absl::Duration kLong = absl::Minutes(1);

TEST(StopSignal, AWaitEndsWithTheRequest) {
  StopSignal stop;
  EXPECT_FALSE(stop.WaitFor(absl::ZeroDuration()));
  std::thread waiter([&stop] { EXPECT_TRUE(stop.WaitFor(kLong)); });
  stop.Request();
  waiter.join();
  EXPECT_TRUE(stop.requested());
}

TEST(StopSignal, RunsEachActionOnce) {
  StopSignal stop;
  int first = 0;
  int second = 0;
  const StopSignal::OnRequest one(stop, [&first] { ++first; });
  const StopSignal::OnRequest two(stop, [&second] { ++second; });
  EXPECT_EQ(first + second, 0);
  stop.Request();
  stop.Request();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
}

TEST(StopSignal, AnActionThatComesLateRunsAtOnce) {
  StopSignal stop;
  stop.Request();
  bool ran = false;
  const StopSignal::OnRequest late(stop, [&ran] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(StopSignal, AnActionThatIsGoneDoesNotRun) {
  StopSignal stop;
  bool ran = false;
  {
    const StopSignal::OnRequest gone(stop, [&ran] { ran = true; });
  }
  stop.Request();
  EXPECT_FALSE(ran);
}

TEST(StopSignal, ActionsMayComeAndGoWhileItIsRequested) {
  StopSignal stop;
  std::atomic<int> ran = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!stop.requested()) const StopSignal::OnRequest brief(stop, [&ran] { ++ran; });
      const StopSignal::OnRequest last(stop, [&ran] { ++ran; });
    });
  }
  stop.Request();
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(ran, 4);
}

class SignalTest : public ::testing::TestWithParam<int> {};

TEST_P(SignalTest, IsARequestToStop) {
  StopSignal stop;
  const StopOnSignals signals(stop);
  std::raise(GetParam());
  EXPECT_TRUE(stop.WaitFor(kLong));
}

TEST_P(SignalTest, ASecondOneEndsTheProcessAsIfNobodyHandledIt) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        StopSignal stop;
        const StopOnSignals signals(stop);
        std::raise(GetParam());
        if (!stop.WaitFor(kLong)) std::_Exit(1);
        std::raise(GetParam());
        std::_Exit(stop.WaitFor(kLong) ? 2 : 3);  // only where the second did not end it
      },
      ::testing::KilledBySignal(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(All, SignalTest, ::testing::Values(SIGTERM, SIGINT),
                         [](const auto& info) { return info.param == SIGTERM ? "Term" : "Int"; });

TEST(StopOnSignals, CanBeHadAgainAfterItIsGone) {
  for (int i = 0; i < 3; ++i) {
    StopSignal stop;
    const StopOnSignals signals(stop);
    std::raise(SIGTERM);
    EXPECT_TRUE(stop.WaitFor(kLong));
  }
}

}  // namespace
}  // namespace varve
