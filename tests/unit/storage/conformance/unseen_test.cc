// What could not be looked at: it closes and opens no version, and reads as the last that was seen.
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr v1::Facet kExpressions = v1::FACET_EXPRESSIONS;
constexpr v1::Facet kAccess = v1::FACET_ACCESS;
constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;

TEST_P(StoreConformance, AnUnseenLineReadsWithItsReasonAndTheLastThatWasSeen) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kExpressions), "x");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders", kExpressions), "y")), 2);
  ASSERT_EQ(Put(pg.Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED)), 3);
  ASSERT_EQ(Put(pg.Unsee(Table("orders", kExpressions), v1::SIGHT_FAILED)), 4);
  EXPECT_THAT(Lines(3), ElementsAre("table public.orders structure: a",
                                    "table public.orders expressions: locked, last y @2"));
  EXPECT_THAT(Lines(4), ElementsAre("table public.orders structure: a",
                                    "table public.orders expressions: failed, last y @2"));
}

TEST_P(StoreConformance, WhatWasSeenAgainAfterAGapIsTheVersionOfBefore) {
  TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(TestSection(pg).Unsee(Table("orders"), v1::SIGHT_LOCKED)), 2);
  ASSERT_EQ(Put(pg), 3);
  ASSERT_EQ(Put(TestSection(pg).Unsee(Table("orders"), v1::SIGHT_LOCKED)), 4);
  EXPECT_THAT(Lines(3), ElementsAre("table public.orders structure: a"));
  EXPECT_THAT(Lines(4), ElementsAre("table public.orders structure: locked, last a @3"));
}

TEST_P(StoreConformance, WhatWasNeverSeenHasNoLast) {
  ASSERT_EQ(Put(Tables().Unsee(Table("orders"), v1::SIGHT_LOCKED)), 1);
  EXPECT_THAT(Lines(1), ElementsAre("table public.orders structure: locked"));
}

TEST_P(StoreConformance, TheLastThatWasSeenIsDatedAsItsSnapshotIsRead) {
  TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg).At(9'000, 5'000)), 1);  // a clock ahead
  pg.Unsee(Table("orders"), v1::SIGHT_LOCKED);
  ASSERT_EQ(Commit(Publish("prod", "p2").Whole(pg).At(6'000, 7'000)), 2);
  const std::vector<ReadLine> lines = ReadBack(2);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].last_seen_seq, 1);
  EXPECT_EQ(lines[0].last_seen_us, 5'000);
}

TEST_P(StoreConformance, AKindOrFacetThatCoverageLacksReadsNotCaptured) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kAccess), "x");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Drop(Table("orders", kAccess)).Uncover("table", kAccess)), 2);
  EXPECT_THAT(Lines(2),
              ElementsAre("table public.orders structure: a",
                          "table public.orders access: not captured (not sent), last x @1"));
  ASSERT_EQ(Put(TestSection("postgres")), 3);
  EXPECT_THAT(Lines(3),
              ElementsAre("table public.orders structure: not captured (not sent), last a @2",
                          "table public.orders access: not captured (not sent), last x @1"));
}

TEST_P(StoreConformance, AnExclusionClosesNothing) {
  const TestSection pg = Tables().See(Table("items"), "b").See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(Tables().Cover("table", kStructure, v1::SIGHT_EXCLUDED)), 2);
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 3);
  EXPECT_THAT(Lines(2),
              ElementsAre("table public.items structure: excluded (not sent), last b @1",
                          "table public.orders structure: excluded (not sent), last a @1"));
  EXPECT_THAT(Lines(3), ElementsAre("table public.orders structure: a"));
}

TEST_P(StoreConformance, AllLinesOfAnUnavailableSectionReadUnavailable) {
  TestSection pg = Tables().See(Table("items"), "b").See(Table("orders"), "a");
  pg.See(Table("orders", kExpressions), "x");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED)), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  ASSERT_EQ(PutUnavailable("postgres"), 4);
  const auto expected =
      ElementsAre("table public.items structure: unavailable (not sent), last b @2",
                  "table public.orders structure: unavailable (not sent), last a @2",
                  "table public.orders expressions: unavailable (not sent), last x @1");
  EXPECT_THAT(Lines(3), expected);
  EXPECT_THAT(Lines(4), expected);
  ASSERT_EQ(Commit(Publish("prod", NextId()).Same(pg)), 5);
  EXPECT_EQ(Lines(5), Lines(2));
}

TEST_P(StoreConformance, ASectionThatWasNeverAvailableHasNoLines) {
  ASSERT_EQ(PutUnavailable("postgres"), 1);
  EXPECT_THAT(Lines(1), IsEmpty());
}

TEST_P(StoreConformance, WhatWasRemovedReadsUnavailableNoMore) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  ASSERT_EQ(Put(Tables()), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  EXPECT_THAT(Lines(3), IsEmpty());
}

TEST_P(StoreConformance, AStaticReadWhereARunHasSpokenStaysBesideIt) {
  const LineKey user = Key("model", {"app", "User"});
  TestSection models = TestSection("models").Cover("model", kStructure);
  ASSERT_EQ(Put(models.See(user, "run")), 1);
  ASSERT_EQ(Put(models.See(user, "weak", {.way = v1::WAY_STATIC, .digest = "d", .key_id = "k"})),
            2);
  ASSERT_EQ(Put(models.See(user, "run")), 3);
  EXPECT_THAT(Lines(2, "models"),
              ElementsAre("model app.User structure: static weak, last run @1"));
  const std::vector<ReadLine> lines = ReadBack(2, "models");
  ASSERT_TRUE(lines[0].weaker.has_value());
  EXPECT_EQ(lines[0].weaker->way, v1::WAY_STATIC);
  EXPECT_EQ(lines[0].weaker->key_id, "k");
  EXPECT_EQ(Lines(3, "models"), Lines(1, "models"));
}

TEST_P(StoreConformance, AStaticReadOpensAVersionWhereNoRunHasSpoken) {
  const LineKey user = Key("model", {"app", "User"});
  const SeenFacts weak = {.way = v1::WAY_STATIC};
  TestSection models = TestSection("models").Cover("model", kStructure);
  ASSERT_EQ(Put(models.See(user, "one", weak)), 1);
  ASSERT_EQ(Put(models.See(user, "two", weak)), 2);
  ASSERT_EQ(Put(models.See(user, "two")), 3);
  EXPECT_THAT(Lines(1, "models"), ElementsAre("model app.User structure: one (static)"));
  EXPECT_THAT(Lines(2, "models"), ElementsAre("model app.User structure: two (static)"));
  EXPECT_THAT(Lines(3, "models"), ElementsAre("model app.User structure: two"));
}

TEST_P(StoreConformance, AStaticReadOpensAVersionOnceTheRunsOwnHasClosed) {
  const LineKey user = Key("model", {"app", "User"});
  TestSection models = TestSection("models").Cover("model", kStructure);
  ASSERT_EQ(Put(TestSection(models).See(user, "run")), 1);
  ASSERT_EQ(Put(models), 2);
  ASSERT_EQ(Put(TestSection(models).See(user, "weak", {.way = v1::WAY_STATIC})), 3);
  EXPECT_THAT(Lines(3, "models"), ElementsAre("model app.User structure: weak (static)"));
}

TEST_P(StoreConformance, ARemovedLineLeavesNoUnseenBehind) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kExpressions), "x");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED)), 2);
  ASSERT_EQ(Put(Tables()), 3);
  EXPECT_THAT(Lines(3), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
