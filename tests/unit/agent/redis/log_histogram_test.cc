#include "agent/source/redis/log_histogram.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

TEST(LogHistogram, EachClassBeginsWhereTheLastEnds) {
  for (uint64_t value = 0; value < 100'000; ++value) {
    const size_t number = LogHistogram::ClassOf(value);
    ASSERT_LE(LogHistogram::FirstOf(number), value);
    ASSERT_GT(LogHistogram::FirstOf(number + 1), value);
  }
  EXPECT_LE(LogHistogram::FirstOf(LogHistogram::ClassOf(UINT64_MAX)), UINT64_MAX);
}

TEST(LogHistogram, PercentilesAreWithinAnEighth) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> values;
  LogHistogram histogram;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(uint64_t{1} << (random() % 30) | random() % 1000);
    histogram.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const int percent : {1, 50, 90, 99, 100}) {
    const double exact =
        static_cast<double>(values[static_cast<size_t>(percent) * values.size() / 100 - 1]);
    EXPECT_NEAR(static_cast<double>(histogram.Percentile(percent)), exact, exact / 8 + 1)
        << percent;
  }
}

TEST(LogHistogram, OfNothingIsNothing) {
  EXPECT_EQ(LogHistogram().Percentile(50), 0u);
  EXPECT_EQ(LogHistogram().total(), 0u);
}

TEST(LogHistogram, MergingAddsExactly) {
  std::mt19937_64 random(7);
  LogHistogram all;
  LogHistogram parts[3];
  for (int i = 0; i < 5000; ++i) {
    const uint64_t value = random() >> (random() % 60);
    all.Add(value);
    parts[i % 3].Add(value);
  }
  parts[0].Add(parts[1]);
  parts[0].Add(parts[2]);
  EXPECT_EQ(parts[0].total(), 5000u);
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_EQ(parts[0].Below(uint64_t{1} << bit), all.Below(uint64_t{1} << bit)) << bit;
  }
}

TEST(LogHistogram, BelowAPowerOfTwoIsExact) {
  LogHistogram histogram;
  for (uint64_t value = 0; value < 1000; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.Below(64), 64u);
  EXPECT_EQ(histogram.Below(512), 512u);
  EXPECT_EQ(histogram.Below(1024), 1000u);
}

}  // namespace
}  // namespace varve::redis
