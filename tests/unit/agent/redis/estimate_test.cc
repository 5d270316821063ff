#include "agent/source/redis/estimate.h"

#include <cstdlib>
#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

TEST(EstimateSum, OfAllKeysIsExact) {
  const Estimate estimate = EstimateSum(3, 3, 60, 1400);
  EXPECT_EQ(estimate.value, 60);
  EXPECT_EQ(estimate.bound, 0);
}

TEST(EstimateSum, OfEqualSizesHasNoError) {
  const Estimate estimate = EstimateSum(1000, 10, 1000, 100'000);
  EXPECT_EQ(estimate.value, 100'000);
  EXPECT_EQ(estimate.bound, 0);
}

TEST(EstimateSum, OfNothingIsNotKnown) {
  EXPECT_EQ(EstimateSum(10, 0, 0, 0).bound, std::numeric_limits<int64_t>::max());
}

// The bound is one of 95 in 100.
TEST(EstimateSum, TheTruthLiesWithinTheBoundAsOftenAsPromised) {
  std::mt19937 random(7);
  std::exponential_distribution<double> sizes(0.01);
  int within = 0;
  for (int round = 0; round < 500; ++round) {
    double truth = 0;
    double sum = 0;
    double squares = 0;
    for (int key = 0; key < 2000; ++key) {
      const double size = sizes(random) + 50;
      truth += size;
      if (key >= 200) continue;
      sum += size;
      squares += size * size;
    }
    const Estimate estimate = EstimateSum(2000, 200, sum, squares);
    within +=
        std::abs(static_cast<double>(estimate.value) - truth) <= static_cast<double>(estimate.bound)
            ? 1
            : 0;
  }
  EXPECT_GT(within, 450);
}

TEST(EstimateCount, OfAllKeysIsExact) {
  EXPECT_EQ(EstimateCount(10, 10, 4).value, 4);
  EXPECT_EQ(EstimateCount(10, 10, 4).bound, 0);
}

TEST(EstimateCount, WhereNoneOrAllAreOfTheSortOthersMayBeOtherwise) {
  for (const uint64_t found : {0u, 100u}) {
    const Estimate estimate = EstimateCount(10'000, 100, found);
    EXPECT_EQ(estimate.value, found == 0 ? 0 : 10'000);
    EXPECT_GT(estimate.bound, 100);
    EXPECT_LT(estimate.bound, 500);
  }
}

TEST(EstimateCount, TheBoundShrinksWithTheSample) {
  EXPECT_LT(EstimateCount(100'000, 10'000, 5000).bound, EstimateCount(100'000, 100, 50).bound);
}

struct CountsCase {
  const char* name;
  uint64_t counted, before, after, let_go;
  bool agrees;
};
class AgreesTest : public ::testing::TestWithParam<CountsCase> {};

TEST_P(AgreesTest, Says) {
  const CountsCase& counts = GetParam();
  EXPECT_EQ(Agrees(counts.counted, counts.before, counts.after, counts.let_go), counts.agrees);
}
INSTANTIATE_TEST_SUITE_P(
    All, AgreesTest,
    ::testing::Values(CountsCase{"Equal", 1000, 1000, 1000, 0, true},
                      CountsCase{"Between", 1500, 1000, 2000, 0, true},
                      CountsCase{"Less", 900, 1000, 1000, 0, false},
                      CountsCase{"LessForTheyExpired", 900, 1000, 1000, 100, true},
                      CountsCase{"More", 1100, 1000, 1000, 0, false},
                      CountsCase{"AFewMore", 1009, 1000, 1000, 0, true},
                      CountsCase{"OfManyHalfAPercent", 1'004'000, 1'000'000, 1'000'000, 0, true}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::redis
