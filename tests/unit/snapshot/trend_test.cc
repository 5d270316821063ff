#include "snapshot/trend.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

const EntityKey kOrders = {"table", {"public", "orders"}};
const EntityKey kSales = {"table", {"public", "sales"}};
constexpr int64_t kHourUs = int64_t{3600} * 1000 * 1000;

// A table that is called public.orders, in snapshots that come every hour, and what was counted.
class TrendTest : public ::testing::Test {
 protected:
  TrendTest() {
    SectionBuilder builder("shop", "postgres", 1);
    v1::Shape shape;
    shape.mutable_table()->add_columns()->set_name("id");
    builder.Add(kOrders, v1::FACET_STRUCTURE, shape);
    builder.CoverWhole("table");
    section_ = builder.Finish();
    life_.names.resize(1);
    life_.names[0].key = kOrders;
    HaveSnapshots(5);
    IsThere(0, 1, std::nullopt);
  }

  void HaveSnapshots(int64_t count) {
    life_.numbers.clear();
    life_.times_us.clear();
    for (int64_t seq = 1; seq <= count; ++seq) {
      life_.numbers.push_back(seq);
      life_.times_us.push_back(seq * kHourUs);
    }
    life_.runs = {{1, count, false, section_.header}};
  }
  void IsThere(size_t name, int64_t from, std::optional<int64_t> to) {
    const Seen seen = *(*section_.lines)[0].Current();
    life_.names[name].facets[v1::FACET_STRUCTURE].versions.push_back({from, to, seen});
  }
  // From snapshot `seq` on the source does not answer, to the one before `to`.
  void IsAway(int64_t seq, int64_t to) {
    v1::SectionHeader away = section_.header;
    away.set_status(v1::SECTION_STATUS_UNAVAILABLE);
    away.add_errors()->set_doing("connecting");
    away.mutable_errors(0)->set_why("connection refused");
    const int64_t last = life_.numbers.back();
    life_.runs = {{1, seq - 1, false, section_.header},
                  {seq, to - 1, false, away},
                  {to, last, false, section_.header}};
  }
  void Counted(int64_t seq, const std::string& name, int64_t number, const std::string& part = "",
               const EntityKey& of = kOrders) {
    v1::EntityMeasures* entity = nullptr;
    for (v1::EntityMeasures& each : *measures_[seq].mutable_entities()) {
      if (KeyOf(each.identity()) == of) entity = &each;
    }
    if (entity == nullptr) {
      entity = measures_[seq].add_entities();
      *entity->mutable_identity() = IdentityOf(of);
    }
    v1::Measure& measure = *entity->add_measures();
    measure.set_name(name);
    measure.set_element(part);
    measure.set_number(number);
  }

  absl::StatusOr<v1::TrendResult> Tell(const TrendAsked& asked) {
    const HistorySources sources = {DecodeEnvelope,
                                    [&](const BlobHash&) { return section_.coverage; }, nullptr};
    return TellTrend(life_, asked, sources,
                     [&](int64_t seq) -> absl::StatusOr<v1::Measures> { return measures_[seq]; });
  }
  // "rows: 1=10 2=? (not counted)".
  std::string Told(const TrendAsked& asked) {
    const auto result = Tell(asked);
    if (!result.ok()) return result.status().ToString();
    std::string text = absl::StrCat(result->measure(), ":");
    for (const v1::TrendPoint& point : result->points()) {
      absl::StrAppend(
          &text, " ", point.seq(), "=",
          point.has_value() ? absl::StrCat(point.value()) : absl::StrCat("? (", point.why(), ")"));
    }
    return text;
  }

  Section section_;
  ObjectLife life_;
  std::map<int64_t, v1::Measures> measures_;
};

TEST_F(TrendTest, AGapIsNeverZeroAndSaysWhy) {
  Counted(1, "rows", 10);
  Counted(2, "rows", 0);
  Counted(5, "rows", 20);
  IsAway(3, 4);
  EXPECT_EQ(Told({}),
            "rows: 1=10 2=0 3=? (unavailable: connecting: connection refused) 4=? (not counted) "
            "5=20");
}

TEST_F(TrendTest, FiguresOfASourceThatIsAwayAreNotAskedFor) {
  Counted(1, "rows", 10);
  Counted(3, "rows", 11);  // a read that failed half way may leave some
  IsAway(3, 4);
  EXPECT_THAT(Told({}), HasSubstr(" 3=? (unavailable: "));
}

TEST_F(TrendTest, ARenamedObjectIsFoundUnderItsOldName) {
  life_.names.resize(2);
  life_.names[0].from_seq = 3;
  life_.names[1].key = kSales;
  life_.names[0].facets[v1::FACET_STRUCTURE].versions[0].from_seq = 3;
  IsThere(1, 1, 2);
  Counted(1, "rows", 1, "", kSales);
  Counted(2, "rows", 2, "", kSales);
  Counted(2, "rows", 99, "", kOrders);  // another had the name then
  Counted(3, "rows", 3);
  EXPECT_EQ(Told({}), "rows: 1=1 2=2 3=3 4=? (not counted) 5=? (not counted)");
}

TEST_F(TrendTest, BeginsWithTheObjectAndSaysWhenItWasGone) {
  life_.names[0].facets.clear();
  IsThere(0, 2, 3);
  IsThere(0, 5, std::nullopt);
  for (const int64_t seq : {2, 3, 5}) Counted(seq, "rows", seq);
  EXPECT_EQ(Told({}), "rows: 2=2 3=3 4=? (not there) 5=5");
}

TEST_F(TrendTest, WithoutAMeasureTakesTheOneThatTellsMost) {
  Counted(4, "blocks_hit", 1);
  Counted(4, "rows_estimate", 7);
  Counted(4, "rows", 8);
  EXPECT_THAT(Told({}), HasSubstr("rows: "));
  measures_.clear();
  Counted(4, "blocks_hit", 1);
  Counted(4, "rows_estimate", 7);
  EXPECT_THAT(Told({}), HasSubstr("rows_estimate: "));
  measures_.clear();
  Counted(4, "blocks_hit", 1);
  EXPECT_THAT(Told({}), HasSubstr("blocks_hit: "));
}

TEST_F(TrendTest, IndexesAreAddedUpOrTakenAlone) {
  Counted(1, "index_bytes", 100, "orders_pkey");
  Counted(1, "index_bytes", 50, "orders_idx");
  Counted(1, "blocks_hit", 7, "orders_idx");
  const auto of_first = [&](TrendAsked asked) {
    asked.until_us = kHourUs;
    return Told(asked);
  };
  TrendAsked asked;
  asked.measure = "index_bytes";
  EXPECT_EQ(of_first(asked), "index_bytes: 1=150");
  asked.measure = "index_bytes:orders_idx";
  EXPECT_EQ(of_first(asked), "index_bytes:orders_idx: 1=50");
  asked.measure = "";
  asked.element = {"indexes", "orders_pkey"};
  EXPECT_EQ(of_first(asked), "index_bytes: 1=100");
  asked.measure = "blocks_hit";
  EXPECT_THAT(of_first(asked), HasSubstr("public.orders.orders_pkey has no figure 'blocks_hit'"));
}

TEST_F(TrendTest, TakesTheSnapshotsOfATimeAndTheNewestOfThese) {
  for (int64_t seq = 1; seq <= 5; ++seq) Counted(seq, "rows", seq);
  TrendAsked asked;
  asked.since_us = 2 * kHourUs;
  asked.until_us = 5 * kHourUs - 1;
  EXPECT_EQ(Told(asked), "rows: 2=2 3=3 4=4");
  asked.limit = 2;
  EXPECT_EQ(Told(asked), "rows: 3=3 4=4");
  EXPECT_EQ(Tell(asked)->point_count(), 3U);
}

struct RefusalCase {
  const char* name;
  TrendAsked asked;
  const char* words;
};
class TrendRefusals : public TrendTest, public ::testing::WithParamInterface<RefusalCase> {};

TEST_P(TrendRefusals, SayWhatThereIs) {
  Counted(2, "rows", 1);
  Counted(2, "blocks_hit", 1);
  Counted(2, "blocks_hit", 1, "orders_pkey");
  EXPECT_THAT(Tell(GetParam().asked).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, TrendRefusals,
    ::testing::Values(
        RefusalCase{"NoSuchFigure",
                    {{}, "rws"},
                    "public.orders has no figure 'rws'; nearest is rows; it has blocks_hit, rows"},
        RefusalCase{"NothingLikeIt",
                    {{}, "temperature"},
                    "public.orders has no figure 'temperature'; it has blocks_hit, rows"},
        RefusalCase{"LaterThanAll",
                    {{}, "", 6 * kHourUs},
                    "no snapshot lies in that time; there are 5, from 1970-01-01 01:00 to "
                    "1970-01-01 05:00 UTC"},
        RefusalCase{"NothingCounted",
                    {{}, "rows", 3 * kHourUs},
                    "nothing was counted of public.orders in that time; figures are kept of "
                    "tables"}),
    [](const auto& info) { return info.param.name; });

v1::TrendResult Series(const std::vector<std::optional<int64_t>>& values) {
  v1::TrendResult result;
  for (const std::optional<int64_t>& value : values) {
    v1::TrendPoint& point = *result.add_points();
    point.set_seq(result.points_size());
    point.set_time_us(result.points_size() * 12 * kHourUs);
    if (value.has_value()) point.set_value(*value);
  }
  return result;
}

TEST(FiguresOf, LooksAtPointsWithAValueAlone) {
  const v1::TrendResult result = Series({std::nullopt, 5, 9, std::nullopt, -1, 9, std::nullopt});
  const auto figures = FiguresOf(result);
  ASSERT_TRUE(figures.has_value());
  EXPECT_EQ(figures->first->seq(), 2);
  EXPECT_EQ(figures->last->seq(), 6);
  EXPECT_EQ(figures->least->seq(), 5);
  EXPECT_EQ(figures->most->seq(), 3);
  EXPECT_EQ(figures->change_per_day, 2.0);  // 4 in two days
  EXPECT_FALSE(FiguresOf(Series({std::nullopt})).has_value());
}

TEST(FiguresOf, LessThanADayHasNoChangePerDay) {
  EXPECT_FALSE(FiguresOf(Series({1, 9}))->change_per_day.has_value());
  EXPECT_EQ(FiguresOf(Series({1, 5, 9}))->change_per_day, 8.0);
}

}  // namespace
}  // namespace varve
