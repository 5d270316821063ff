#include "base/duration.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

struct GoodCase {
  const char* name;
  const char* text;
  absl::Duration length;
};
class WrittenDuration : public ::testing::TestWithParam<GoodCase> {};

TEST_P(WrittenDuration, IsTheSumOfItsParts) {
  const absl::StatusOr<absl::Duration> duration = ParseDuration(GetParam().text);
  VARVE_ASSERT_OK(duration);
  EXPECT_EQ(*duration, GetParam().length);
}

INSTANTIATE_TEST_SUITE_P(All, WrittenDuration,
                         ::testing::Values(GoodCase{"Milliseconds", "500ms",
                                                    absl::Milliseconds(500)},
                                           GoodCase{"Seconds", "90s", absl::Seconds(90)},
                                           GoodCase{"Minutes", "15m", absl::Minutes(15)},
                                           GoodCase{"Hours", "1h", absl::Hours(1)},
                                           GoodCase{"Days", "7d", absl::Hours(7 * 24)},
                                           GoodCase{"Weeks", "2w", absl::Hours(14 * 24)},
                                           GoodCase{"Years", "1y", absl::Hours(365 * 24)},
                                           GoodCase{"TwoParts", "1h30m", absl::Minutes(90)},
                                           GoodCase{"ZeroBesideMore", "0h5s", absl::Seconds(5)},
                                           GoodCase{"TheMostOfOnePart", "4294967295y",
                                                    4294967295 * absl::Hours(365 * 24)}),
                         [](const auto& info) { return info.param.name; });

struct BadCase {
  const char* name;
  std::string text;
};
class NoDuration : public ::testing::TestWithParam<BadCase> {};

TEST_P(NoDuration, IsRefusedWithAnExampleOnOneLine) {
  EXPECT_THAT(
      ParseDuration(GetParam().text),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("is not a duration; write for example 90s"), Not(HasSubstr("\n")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, NoDuration,
    ::testing::Values(BadCase{"Empty", ""}, BadCase{"NumberAlone", "90"}, BadCase{"UnitAlone", "h"},
                      BadCase{"UnknownUnit", "3parsecs"}, BadCase{"Zero", "0s"},
                      BadCase{"Negative", "-1h"}, BadCase{"Fraction", "1.5h"},
                      BadCase{"Space", "1 h"}, BadCase{"SpaceAround", " 1h"},
                      BadCase{"TrailingNumber", "1h30"}, BadCase{"CapitalUnit", "1H"},
                      BadCase{"TooManyDigits", "4294967296s"}, BadCase{"Newline", "1h\n"},
                      BadCase{"NulByte", std::string("1h\0", 3)}),
    [](const auto& info) { return info.param.name; });

TEST(Duration, ASumBeyondAllTimeIsRefused) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "4294967295y";
  EXPECT_THAT(ParseDuration(text),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not a duration")));
}

struct ShortCase {
  absl::Duration duration;
  const char* text;
};
class ShortDuration : public ::testing::TestWithParam<ShortCase> {};

TEST_P(ShortDuration, HasOneUnitRoundedDown) {
  EXPECT_EQ(FormatDurationShort(GetParam().duration), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(All, ShortDuration,
                         ::testing::Values(ShortCase{absl::ZeroDuration(), "0 s"},
                                           ShortCase{absl::Milliseconds(59'999), "59 s"},
                                           ShortCase{absl::Minutes(1), "1 min"},
                                           ShortCase{absl::Seconds(3599), "59 min"},
                                           ShortCase{absl::Hours(1), "1 h"},
                                           ShortCase{absl::Minutes(48 * 60 - 1), "47 h"},
                                           ShortCase{absl::Hours(48), "2 d"},
                                           ShortCase{absl::Hours(24 * 400), "400 d"}));

}  // namespace
}  // namespace varve
