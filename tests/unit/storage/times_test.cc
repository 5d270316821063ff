#include "storage/times.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::ElementsAreArray;

struct TimesCase {
  const char* name;                // becomes the test's name
  std::vector<Instant> snapshots;  // seq, taken, received
  std::vector<int64_t> times;
};
class Times : public ::testing::TestWithParam<TimesCase> {};

TEST_P(Times, AreThoseThatAReaderCanRelyOn) {
  EXPECT_THAT(SnapshotTimes(GetParam().snapshots), ElementsAreArray(GetParam().times));
}

TEST_P(Times, OfTheNewestIsTheSameReadFromTheEnd) {
  std::vector<Instant> left = GetParam().snapshots;
  while (!left.empty()) {
    NewestTime newest;
    for (auto snapshot = left.rbegin(); snapshot != left.rend(); ++snapshot) {
      if (newest.Add(*snapshot)) break;
    }
    EXPECT_EQ(newest.time_us(), SnapshotTimes(left).back()) << left.back().seq;
    left.pop_back();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Times,
    ::testing::Values(TimesCase{"None", {}, {}},
                      TimesCase{"AsTaken", {{1, 10, 11}, {2, 20, 21}}, {10, 20}},
                      TimesCase{"ClockAhead", {{1, 100, 11}, {2, 20, 21}}, {11, 20}},
                      TimesCase{"ClockBehind", {{1, 10, 11}, {2, 5, 21}}, {10, 10}},
                      TimesCase{"AheadForAWhilePinsNobody",
                                {{1, 10, 11}, {2, 120, 21}, {3, 130, 31}, {4, 40, 41}},
                                {10, 21, 31, 40}},
                      TimesCase{"TheCollectorsClockWentBack",
                                {{1, 10, 50}, {2, 40, 45}, {3, 42, 20}},
                                {10, 20, 20}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
