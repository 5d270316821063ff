// What was last known of an object before a gap.
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;

constexpr v1::Facet kExpressions = v1::FACET_EXPRESSIONS;
constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;

std::optional<KnownLine> Known(const SnapshotStore& store, const LineKey& key, int64_t seq) {
  const auto known = store.KnownBefore("prod", "postgres", key, seq);
  VARVE_EXPECT_OK(known);
  return known.ok() ? *known : std::nullopt;
}

TEST_P(StoreConformance, NothingIsKnownBeforeTheFirstSnapshot) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  EXPECT_FALSE(Known(store(), Table("orders"), 1).has_value());
}

TEST_P(StoreConformance, TheNewestThatSawItIsKnown) {
  TestSection pg = Tables("postgres", 3).See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg), 2);
  ASSERT_EQ(Put(pg.Unsee(Table("orders"), v1::SIGHT_LOCKED)), 3);
  ASSERT_EQ(PutUnavailable("postgres"), 4);
  ASSERT_EQ(Commit(Publish("prod", NextId())), 5);
  const std::optional<KnownLine> known = Known(store(), Table("orders"), 6);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->seq, 2);
  EXPECT_EQ(known->revision, 3u);
  EXPECT_EQ(known->key, Table("orders"));
  ASSERT_TRUE(known->line.has_value());
  EXPECT_EQ(known->line->Current()->shape, ShapeOf("a"));
}

TEST_P(StoreConformance, WhatWasLookedForAndNotThereIsKnownToo) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  ASSERT_EQ(Put(Tables()), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  const std::optional<KnownLine> known = Known(store(), Table("orders"), 4);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->seq, 2);
  EXPECT_FALSE(known->line.has_value());
}

TEST_P(StoreConformance, WhatCoverageDoesNotNameIsNotKnown) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  ASSERT_EQ(Put(TestSection("postgres")), 2);
  ASSERT_EQ(Put(Tables().Cover("table", kStructure, v1::SIGHT_EXCLUDED)), 3);
  EXPECT_EQ(Known(store(), Table("orders"), 4)->seq, 1);
  EXPECT_FALSE(Known(store(), Key("view", {"public", "v"}), 4).has_value());
}

TEST_P(StoreConformance, AStaticReadIsKnownAsWhatItSaw) {
  TestSection pg = Tables().See(Table("orders"), "run");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "weak", {.way = v1::WAY_STATIC})), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  const std::optional<KnownLine> known = Known(store(), Table("orders"), 3);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->seq, 2);
  EXPECT_EQ(known->line->Current()->shape, ShapeOf("weak"));
}

TEST_P(StoreConformance, AnObjectIsFoundUnderTheNameThatItHadThen) {
  const SeenFacts located = {.locator = LocatorOf("7")};
  TestSection pg = Tables();
  pg.See(Table("orders"), "a", located).See(Table("orders", kExpressions), "x");
  ASSERT_EQ(Put(pg), 1);
  pg = Tables().See(Table("sales"), "a", located);
  ASSERT_EQ(Put(pg.Unsee(Table("sales", kExpressions), v1::SIGHT_LOCKED)), 2);
  const std::optional<KnownLine> known = Known(store(), Table("sales", kExpressions), 3);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->seq, 1);
  EXPECT_EQ(known->key, Table("orders", kExpressions));
  EXPECT_EQ(known->line->Current()->shape, ShapeOf("x"));
}

TEST_P(StoreConformance, ANameThatAnotherObjectHadThenWasNotOurs) {
  const SeenFacts old_table = {.locator = LocatorOf("1")};
  const SeenFacts new_table = {.locator = LocatorOf("2")};
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a", old_table)), 1);
  TestSection pg = Tables().See(Table("orders_old"), "a", old_table);
  ASSERT_EQ(Put(pg.See(Table("orders"), "b", new_table)), 2);
  const std::optional<KnownLine> known = Known(store(), Table("orders"), 2);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->seq, 1);
  EXPECT_FALSE(known->line.has_value());
}

TEST_P(StoreConformance, NothingIsKnownOfASectionThatNeverWas) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  const auto known = store().KnownBefore("prod", "archive", Table("orders"), 2);
  VARVE_ASSERT_OK(known);
  EXPECT_FALSE(known->has_value());
  EXPECT_THAT(store().KnownBefore("prdo", "postgres", Table("orders"), 2),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("there is prod")));
}

}  // namespace
}  // namespace varve::testing
