#include "snapshot/rules/partition_bounds.h"

#include <gmock/gmock.h>

#include <vector>

namespace varve {
namespace {

struct RangeCase {
  const char* name;
  KeyOrder order;
  std::vector<std::string> bounds;
  const char* gap;
};
class RangeGapTest : public ::testing::TestWithParam<RangeCase> {};

TEST_P(RangeGapTest, IsTheFirstThatNoPartitionTakes) {
  EXPECT_EQ(RangeGap(GetParam().bounds, GetParam().order), GetParam().gap);
}

std::string FromTo(const std::string& from, const std::string& to) {
  return "FOR VALUES FROM (" + from + ") TO (" + to + ")";
}

INSTANTIATE_TEST_SUITE_P(
    All, RangeGapTest,
    ::testing::Values(
        RangeCase{"None", KeyOrder::kNumbers, {}, ""},
        RangeCase{"One", KeyOrder::kNumbers, {FromTo("1", "5")}, ""},
        RangeCase{"Adjacent",
                  KeyOrder::kNumbers,
                  {FromTo("9", "10"), FromTo("'-10'", "9"), FromTo("10", "MAXVALUE"),
                   FromTo("MINVALUE", "'-10'")},
                  ""},
        RangeCase{"Numbers",
                  KeyOrder::kNumbers,
                  {FromTo("100", "110"), FromTo("9", "10"), FromTo("'-5'", "9")},
                  "from 10 up to 100"},
        RangeCase{"FirstOfSeveral",
                  KeyOrder::kNumbers,
                  {FromTo("1", "2"), FromTo("3", "4"), FromTo("5", "6")},
                  "from 2 up to 3"},
        RangeCase{"Months",
                  KeyOrder::kTimes,
                  {FromTo("'2024-03-01'", "'2024-04-01'"), FromTo("'2024-01-01'", "'2024-02-01'")},
                  "from 2024-02-01 up to 2024-03-01"},
        RangeCase{"AdjacentMonths",
                  KeyOrder::kTimes,
                  {FromTo("'2024-02-01 00:00:00+00'", "'infinity'"),
                   FromTo("'-infinity'", "'2024-02-01 00:00:00+00'")},
                  ""},
        RangeCase{
            "Default", KeyOrder::kNumbers, {FromTo("1", "2"), "DEFAULT", FromTo("3", "4")}, ""},
        RangeCase{"NotSeen", KeyOrder::kNumbers, {FromTo("1", "2"), "", FromTo("3", "4")}, ""},
        RangeCase{"Unknown", KeyOrder::kUnknown, {FromTo("'a'", "'b'"), FromTo("'c'", "'d'")}, ""},
        RangeCase{
            "BeforeChrist",
            KeyOrder::kTimes,
            {FromTo("'0044-03-15 BC'", "'0044-03-16 BC'"), FromTo("'2024-01-01'", "'2025-01-01'")},
            ""},
        RangeCase{
            "LongYear",
            KeyOrder::kTimes,
            {FromTo("'10000-01-01'", "'10001-01-01'"), FromTo("'2024-01-01'", "'2025-01-01'")},
            ""}),
    [](const auto& info) { return info.param.name; });

std::string Share(int modulus, int remainder) {
  return "FOR VALUES WITH (modulus " + std::to_string(modulus) + ", remainder " +
         std::to_string(remainder) + ")";
}

TEST(HashGap, CountsTheRemaindersThatNoPartitionHas) {
  EXPECT_EQ(HashGap({{Share(4, 0), Share(4, 2), Share(4, 3)}}), "1 of 4 remainders");
  EXPECT_EQ(HashGap({{Share(2, 0), Share(8, 1)}}), "3 of 8 remainders");
}

TEST(HashGap, IsNoneWhereAllAreTakenOrABoundIsNotKnown) {
  EXPECT_EQ(HashGap({}), "");
  EXPECT_EQ(HashGap({{Share(1, 0)}}), "");
  EXPECT_EQ(HashGap({{Share(2, 0), Share(4, 1), Share(4, 3)}}), "");
  EXPECT_EQ(HashGap({{Share(2, 0), ""}}), "");
}

}  // namespace
}  // namespace varve
