#include "agent/source/redis/name_sketch.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_hash.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

uint64_t HashOf(int i) { return KeyHash(0, absl::StrCat("key:", i)); }

class NameSketchSizeTest : public ::testing::TestWithParam<int> {};

TEST_P(NameSketchSizeTest, CountsDifferentNamesWithinItsBound) {
  NameSketch sketch;
  for (int i = 0; i < GetParam(); ++i) sketch.Add(HashOf(i));
  EXPECT_NEAR(sketch.Distinct(), GetParam(), 0.025 * GetParam());
}
INSTANTIATE_TEST_SUITE_P(All, NameSketchSizeTest,
                         ::testing::Values(0, 1, 100, 20'000, 60'000, 400'000));

TEST(NameSketch, ANameThatComesTwiceCountsOnce) {
  NameSketch once;
  NameSketch twice;
  for (int i = 0; i < 5000; ++i) {
    once.Add(HashOf(i));
    twice.Add(HashOf(i));
    twice.Add(HashOf(i));
  }
  EXPECT_EQ(once.Distinct(), twice.Distinct());
}

TEST(SeenNames, HasAllThatWereAddedAndFewThatWereNot) {
  SeenNames seen(100'000);
  for (int i = 0; i < 100'000; ++i) seen.Add(HashOf(i));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(seen.Has(HashOf(i)));
    wrong += seen.Has(HashOf(1'000'000 + i)) ? 1 : 0;
  }
  EXPECT_LT(wrong, 5000);
}

}  // namespace
}  // namespace varve::redis
