// Two snapshots as a diff reads them.
#include <string>
#include <vector>

#include "storage/diff_pair.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> NamesIn(const std::vector<ReadLine>& lines) {
  std::vector<std::string> names;
  for (const ReadLine& line : lines) names.push_back(DisplayName(line.line.key.entity));
  return names;
}

std::vector<std::string> NamesIn(const Snapshot& snapshot) {
  return NamesIn(*snapshot.sections.at(0).lines);
}

std::vector<std::string> LoadedShapes(const Snapshot& snapshot) {
  std::vector<std::string> texts;
  for (const auto& [hash, bytes] : *snapshot.sections.at(0).shapes) texts.push_back(bytes);
  return texts;
}

TEST_P(StoreConformance, LinesApartAreAllOfEachEntityOfWhichOneIsNotAlike) {
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "old");
  pg.See(Table("orders", v1::FACET_ACCESS), "equal").See(Table("gone"), "removed");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "new").Drop(Table("gone")).See(Table("come"), "x")), 2);
  const auto apart = store().ReadLinesApart({"prod", 1}, {"prod", 2}, "postgres");
  VARVE_ASSERT_OK(apart);
  EXPECT_THAT(NamesIn(apart->before), ElementsAre("public.gone", "public.orders", "public.orders"));
  EXPECT_THAT(NamesIn(apart->after), ElementsAre("public.come", "public.orders", "public.orders"));
  EXPECT_EQ(apart->before[1].line.seen->shape, ShapeOf("old"));
  EXPECT_EQ(apart->entities_alike, 1u) << "items, whose every line is alike";
}

TEST_P(StoreConformance, LinesThatOneDidNotSeeAreApart) {
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("locked"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Unsee(Table("locked"), v1::SIGHT_LOCKED)), 2);
  const auto apart = store().ReadLinesApart({"prod", 1}, {"prod", 2}, "postgres");
  VARVE_ASSERT_OK(apart);
  EXPECT_THAT(NamesIn(apart->before), ElementsAre("public.locked"));
  EXPECT_EQ(apart->after.at(0).line.unseen, v1::SIGHT_LOCKED);
  const auto both_locked = store().ReadLinesApart({"prod", 2}, {"prod", 2}, "postgres");
  VARVE_ASSERT_OK(both_locked);
  EXPECT_THAT(NamesIn(both_locked->after), ElementsAre("public.locked"));
}

TEST_P(StoreConformance, ALocatorSetsLinesApartInsideOneEnvironmentAlone) {
  const auto orders = [](const char* incarnation) {
    return Tables().See(Table("orders"), "a", {.locator = LocatorOf(incarnation)});
  };
  ASSERT_EQ(Put(orders("1/2/3")), 1);
  ASSERT_EQ(Put(orders("1/2/4")), 2);
  ASSERT_EQ(Commit(Publish("test", NextId()).Whole(orders("9/9/9"))), 1);
  const auto inside = store().ReadLinesApart({"prod", 1}, {"prod", 2}, "postgres");
  VARVE_ASSERT_OK(inside);
  EXPECT_THAT(NamesIn(inside->after), ElementsAre("public.orders"));
  const auto between = store().ReadLinesApart({"prod", 1}, {"test", 1}, "postgres");
  VARVE_ASSERT_OK(between);
  EXPECT_THAT(between->after, IsEmpty());
  EXPECT_EQ(between->entities_alike, 1u);
}

TEST_P(StoreConformance, WhatWasMaskedAndHowItWasReadSetLinesApart) {
  const SeenFacts kFacts[] = {{},
                              {.way = v1::WAY_STATIC},
                              {.digest = "d1", .key_id = "k"},
                              {.digest = "d2", .key_id = "k"},
                              {.digest = "d2", .key_id = "l"}};
  int64_t number = 0;
  for (const SeenFacts& facts : kFacts) {
    const TestSection pg = Tables().See(Table("orders"), "a", facts);
    const std::string name = absl::StrCat("like-", ++number);
    ASSERT_EQ(Commit(Publish(name, NextId()).Whole(pg)), 1);
    ASSERT_EQ(Commit(Publish(name + "-twin", NextId()).Whole(pg)), 1);
    for (int64_t other = 1; other <= number; ++other) {
      const auto apart =
          store().ReadLinesApart({name, 1}, {absl::StrCat("like-", other, "-twin"), 1}, "postgres");
      VARVE_ASSERT_OK(apart);
      EXPECT_EQ(apart->before.size(), other == number ? 0u : 1u) << number << " and " << other;
    }
  }
}

TEST_P(StoreConformance, LinesApartOfWhatIsNotThereAreNotFound) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  EXPECT_THAT(store().ReadLinesApart({"prod", 1}, {"prod", 2}, "postgres"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("prod")));
  EXPECT_THAT(store().ReadLinesApart({"prod", 1}, {"prod", 1}, "redis"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("redis")));
  EXPECT_THAT(store().ReadLinesApart({"prodd", 1}, {"prod", 1}, "postgres"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("prod")));
}

TEST_P(StoreConformance, APairForADiffLeavesOutWhatIsAlikeUnlessAllIsAskedFor) {
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "old");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "new")), 2);
  const auto apart = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(apart);
  EXPECT_THAT(NamesIn(apart->before), ElementsAre("public.orders"));
  EXPECT_EQ(apart->entities_alike, 1u);
  const auto all = LoadForDiff(store(), {"prod", 1}, {"prod", 2}, PairLines::kAll);
  VARVE_ASSERT_OK(all);
  EXPECT_THAT(NamesIn(all->before), ElementsAre("public.items", "public.orders"));
  EXPECT_EQ(all->entities_alike, 0u);
  EXPECT_THAT(LoadedShapes(all->before), ElementsAre("old"));
}

// Whether a database is listed says whether its section is gone.
TEST_P(StoreConformance, APairForADiffHasEveryDatabaseOfACluster) {
  TestSection cluster("postgres/");
  ASSERT_EQ(Put(cluster.See(Key("database", {"app"}), "a").Cover("database", v1::FACET_STRUCTURE)),
            1);
  ASSERT_EQ(Put(cluster), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(NamesIn(pair->after), ElementsAre("app"));
}

TEST_P(StoreConformance, APairForADiffHasTheShapesOfWhatDiffersAlone) {
  const LineKey locked = Table("locked");
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "old");
  pg.See(locked, "unseen later").See(Table("gone"), "removed");
  ASSERT_EQ(Put(pg), 1);
  pg.See(Table("orders"), "new").Unsee(locked, v1::SIGHT_LOCKED).Drop(Table("gone"));
  ASSERT_EQ(Put(pg), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), UnorderedElementsAre("old", "removed", "unseen later"));
  EXPECT_THAT(LoadedShapes(pair->after), ElementsAre("new"));
  EXPECT_EQ(pair->before.sections[0].lines.size(), 4u) << "one side could not look at all";
  EXPECT_EQ(pair->after.seq, 2);
}

// A name in an equal shape may mean another object.
TEST_P(StoreConformance, APairForADiffHasAllShapesWhereSomethingWasRenamed) {
  const SeenFacts facts = {.locator = LocatorOf("1/2/3")};
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "b", facts);
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Drop(Table("orders")).See(Table("people"), "b", facts)), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), UnorderedElementsAre("b", "equal"));
  EXPECT_THAT(LoadedShapes(pair->after), ElementsAre("b")) << "one side has equal ones for both";
}

// What a name has on both sides is then not of one object.
TEST_P(StoreConformance, APairForADiffHasTheShapesOfANameThatAnotherTook) {
  const SeenFacts facts = {.locator = LocatorOf("1/2/3")};
  TestSection pg = Tables().See(Table("orders"), "old").See(Table("orders_new"), "new", facts);
  pg.See(Table("orders", v1::FACET_ACCESS), "granted");
  pg.See(Table("orders_new", v1::FACET_ACCESS), "granted to none");
  ASSERT_EQ(Put(pg), 1);
  pg.Drop(Table("orders_new")).Drop(Table("orders_new", v1::FACET_ACCESS));
  ASSERT_EQ(Put(pg.See(Table("orders"), "new", facts)), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->after), UnorderedElementsAre("granted", "new"));
}

TEST_P(StoreConformance, APairForADiffHasAllShapesOfKeyPatterns) {
  const LineKey users = Key("key_pattern", {"0", "user:<n>"});
  TestSection redis("redis");
  ASSERT_EQ(Put(redis.See(users, "hash").Cover("key_pattern", v1::FACET_STRUCTURE)), 1);
  ASSERT_EQ(Put(redis.See(Key("key_pattern", {"0", "job:<n>"}), "list")), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), ElementsAre("hash"));
  EXPECT_THAT(LoadedShapes(pair->after), UnorderedElementsAre("hash", "list"));
}

TEST_P(StoreConformance, ADamagedShapeThatADiffNeedsIsDataLoss) {
  const std::string shape = "a shape that is long enough to be compressed, compressed, compressed";
  TestSection pg = Tables().See(Table("orders"), shape);
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "new")), 2);
  Close();
  VARVE_ASSERT_OK(GetParam().damage_blob(folder(), HashOf<BlobHash>(shape)));
  Open();
  EXPECT_THAT(LoadForDiff(store(), {"prod", 1}, {"prod", 2}),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("reading section postgres of prod@1: blob ")));
}

}  // namespace
}  // namespace varve::testing
