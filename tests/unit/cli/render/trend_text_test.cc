#include "cli/render/trend_text.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "cli/render/sparkline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Values = std::vector<std::optional<int64_t>>;

constexpr int64_t kDayUs = int64_t{24} * 60 * 60 * 1000 * 1000;

// A value a day; what is nothing could not be seen.
v1::TrendResult Rows(const Values& values) {
  v1::TrendResult result;
  result.set_environment("prod-eu");
  result.set_section("orders");
  result.set_name("public.orders");
  result.set_measure("rows");
  for (const std::optional<int64_t>& value : values) {
    v1::TrendPoint& point = *result.add_points();
    point.set_seq(result.points_size());
    point.set_time_us(result.points_size() * kDayUs);
    if (value.has_value()) {
      point.set_value(*value);
    } else {
      point.set_why("unavailable: connecting: connection refused");
    }
  }
  result.set_last_seq(result.points_size());
  result.set_point_count(static_cast<uint64_t>(result.points_size()));
  return result;
}

TEST(Sparkline, GoesFromTheLeastToTheMost) {
  EXPECT_EQ(Sparkline(Values{0, 1, 2, 3, 4, 5, 6, 7}, 60, true), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline(Values{7, 0}, 60, false), "81");
}

TEST(Sparkline, ShowsAGapAsAGap) {
  EXPECT_EQ(Sparkline(Values{0, std::nullopt, 9, std::nullopt}, 60, true), "▁·█·");
  EXPECT_EQ(Sparkline(Values{std::nullopt, 1}, 60, false), ".4");
}

TEST(Sparkline, EqualValuesAreInTheMiddle) {
  EXPECT_EQ(Sparkline(Values{5, 5, 5}, 60, true), "▄▄▄");
}

TEST(Sparkline, ManyValuesShareBarsAndNoneIsLost) {
  Values values(1000, 0);
  values.back() = 8;
  EXPECT_EQ(Sparkline(values, 5, false), "11118");
  values.assign(10, std::nullopt);
  values[4] = 1;  // the only one that is known is shown
  EXPECT_EQ(Sparkline(values, 2, false), "4.");
}

TEST(Sparkline, TakesNumbersFromEndToEnd) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Sparkline(Values{kLeast, 0, kMost}, 60, false), "158");
}

TEST(TrendTable, FirstLineIsTheAnswer) {
  EXPECT_THAT(TrendTable(Rows({1000, 1031}), true),
              StartsWith("public.orders rows in prod-eu, orders: 1,031 (@2), +3.1 % in 24 h\n"
                         "▁█  first 1,000 (@1), last 1,031 (@2), minimum 1,000 (@1), maximum 1,031 "
                         "(@2), +31 a day\n\n"));
  EXPECT_THAT(TrendTable(Rows({0, 40}), true), HasSubstr(": 40 (@2), +40 in 24 h\n"));
  EXPECT_THAT(TrendTable(Rows({5, 7, 5}), true), HasSubstr(": 5 (@3), the same as 2 d before\n"));
  EXPECT_THAT(TrendTable(Rows({3, 4, 5, 4}), true), HasSubstr(", +0.333 a day\n"));
}

TEST(TrendTable, HasARowForWhatMovedAndForEachGap) {
  EXPECT_THAT(TrendTable(Rows({10, 10, std::nullopt, 7}), true),
              HasSubstr("SNAPSHOT  TIME              VALUE  CHANGE\n"
                        "@1-@2     1970-01-02 00:00     10\n"
                        "@3        1970-01-04 00:00      ?          unavailable: connecting: "
                        "connection refused\n"
                        "@4        1970-01-05 00:00      7      -3\n"));
}

TEST(TrendTable, AGapOfWhichNothingIsKnownIsNoZero) {
  const std::string text = TrendTable(Rows({std::nullopt}), true);
  EXPECT_THAT(text, StartsWith("public.orders rows in prod-eu, orders: not counted\n"));
  EXPECT_THAT(text, Not(HasSubstr(" 0\n")));
  EXPECT_THAT(text, HasSubstr("\n@1        1970-01-02 00:00      ? "));
}

TEST(TrendTable, BytesAreSizesAndStayExactForPrograms) {
  v1::TrendResult result = Rows({1024, 3 * 1024});
  result.set_measure("index_bytes:orders_pkey");
  EXPECT_THAT(TrendTable(result, false), HasSubstr(": 3.0 KiB (@2), +200 % in 24 h\n18  first"));
  EXPECT_THAT(TrendTable(result, false), HasSubstr("  3.0 KiB  +2.0 KiB\n"));
  EXPECT_THAT(TrendCsv(result), HasSubstr(",3072,\r\n"));
}

TEST(TrendTable, ALongSeriesSaysWhatItLeavesOut) {
  Values values;
  for (int64_t i = 0; i < 30; ++i) values.emplace_back(i);
  v1::TrendResult result = Rows(values);
  result.set_point_count(1200);
  const std::string text = TrendTable(result, true);
  EXPECT_THAT(text, HasSubstr("\nthe newest 20 of 30 rows; --format csv has each snapshot; the "
                              "newest 30 of 1,200 snapshots (--limit)\n"));
  EXPECT_THAT(text, Not(HasSubstr("\n@10 ")));
  EXPECT_THAT(text, HasSubstr("\n@11 "));
  EXPECT_THAT(TrendMarkdown(result), HasSubstr("\nthe newest 20 of 30 rows"));
}

TEST(TrendCsv, IsAsRfc4180HasIt) {
  v1::TrendResult result = Rows({3, std::nullopt});
  result.set_name("public.\"odd, name\"");
  EXPECT_EQ(TrendCsv(result),
            "time,snapshot,object,measure,value,why\r\n"
            "1970-01-02T00:00:00.000000Z,prod-eu@1,\"public.\"\"odd, name\"\"\",rows,3,\r\n"
            "1970-01-03T00:00:00.000000Z,prod-eu@2,\"public.\"\"odd, name\"\"\",rows,,unavailable: "
            "connecting: connection refused\r\n");
}

TEST(TrendJson, HasTheSeriesAndWhatItSaysTogether) {
  const auto json = nlohmann::json::parse(TrendJson(Rows({3, std::nullopt, 9})));
  EXPECT_EQ(json["format"], "varve.trend.v1");
  EXPECT_EQ(json["measure"], "rows");
  EXPECT_EQ(json["minimum"]["value"], 3);
  EXPECT_EQ(json["maximum"]["seq"], 3);
  EXPECT_EQ(json["change_per_day"], 3);
  ASSERT_EQ(json["points"].size(), 3U);
  EXPECT_EQ(json["points"][1]["value"], nullptr);
  EXPECT_EQ(json["points"][1]["why"], "unavailable: connecting: connection refused");
  EXPECT_EQ(json["points"][2]["why"], nullptr);
  const auto nothing = nlohmann::json::parse(TrendJson(Rows({std::nullopt})));
  EXPECT_EQ(nothing["last"], nullptr);
  EXPECT_EQ(nothing["change_per_day"], nullptr);
}

}  // namespace
}  // namespace varve
