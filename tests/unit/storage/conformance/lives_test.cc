// What is kept of an object over all snapshots, and which objects some snapshots changed.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;
constexpr v1::Facet kExpressions = v1::FACET_EXPRESSIONS;

ObjectLife Life(const SnapshotStore& store, const EntityKey& entity, int64_t seq) {
  absl::StatusOr<ObjectLife> life = store.ReadLife("prod", "postgres", entity, seq);
  VARVE_EXPECT_OK(life);
  return life.ok() ? *std::move(life) : ObjectLife{};
}

std::string Numbers(int64_t from, std::optional<int64_t> to) {
  return absl::StrCat(from, "-", to.has_value() ? absl::StrCat(*to) : "");
}

// "1-2 status revision" of each run.
std::vector<std::string> Runs(const ObjectLife& life) {
  std::vector<std::string> runs;
  for (const SectionRun& run : life.runs) {
    std::string text = Numbers(run.from_seq, run.to_seq);
    if (!run.header.has_value()) {
      text += " not configured";
    } else if (run.header->status() == v1::SECTION_STATUS_UNAVAILABLE) {
      text += " unavailable";
    } else {
      absl::StrAppend(&text, " revision ", run.header->revision());
    }
    runs.push_back(text);
  }
  return runs;
}

std::vector<std::string> Versions(const NameLife& name, v1::Facet facet) {
  std::vector<std::string> versions;
  const auto found = name.facets.find(facet);
  if (found == name.facets.end()) return versions;
  for (const LifeVersion& version : found->second.versions) {
    const bool is_a = version.seen.shape == ShapeOf("a");
    versions.push_back(absl::StrCat(Numbers(version.from_seq, version.to_seq), is_a ? " a" : " b"));
  }
  return versions;
}

// Each object's section and name.
std::vector<std::string> Touched(const SnapshotStore& store, int64_t from, int64_t to) {
  const auto touched = store.TouchedObjects("prod", from, to);
  VARVE_EXPECT_OK(touched);
  std::vector<std::string> names;
  if (!touched.ok()) return names;
  for (const TouchedObject& object : *touched) {
    names.push_back(absl::StrCat(object.section, " ", DisplayName(object.entity)));
  }
  return names;
}

TEST_P(StoreConformance, ALifeHasTheRowsOfAllFacets) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", kExpressions), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(
      Put(pg.See(Table("orders"), "b").Unsee(Table("orders", kExpressions), v1::SIGHT_LOCKED)), 2);
  ASSERT_EQ(Put(pg.See(Table("orders", kExpressions), "a")), 3);
  const ObjectLife life = Life(store(), Table("orders").entity, 3);
  EXPECT_THAT(life.numbers, ElementsAre(1, 2, 3));
  ASSERT_EQ(life.names.size(), 1u);
  EXPECT_EQ(life.names[0].key, Table("orders").entity);
  EXPECT_EQ(life.names[0].from_seq, 0);
  EXPECT_THAT(Versions(life.names[0], kStructure), ElementsAre("1-1 a", "2- b"));
  EXPECT_THAT(Versions(life.names[0], kExpressions), ElementsAre("1- a"));
  const FacetLife& expressions = life.names[0].facets.at(kExpressions);
  ASSERT_EQ(expressions.unseen.size(), 1u);
  EXPECT_EQ(Numbers(expressions.unseen[0].from_seq, expressions.unseen[0].to_seq), "2-2");
  EXPECT_EQ(expressions.unseen[0].reason, v1::SIGHT_LOCKED);
  EXPECT_FALSE(expressions.unseen[0].weaker.has_value());
}

TEST_P(StoreConformance, ALifeEndsWithTheSnapshotThatIsAskedFor) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  ASSERT_EQ(Put(Tables("postgres", 2).See(Table("orders"), "b")), 2);
  const ObjectLife life = Life(store(), Table("orders").entity, 1);
  EXPECT_THAT(life.numbers, ElementsAre(1));
  EXPECT_THAT(Runs(life), ElementsAre("1-1 revision 1"));
  EXPECT_THAT(Versions(life.names[0], kStructure), ElementsAre("1-1 a"));
}

TEST_P(StoreConformance, ALifeSaysHowItsSectionWasRead) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg), 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  ASSERT_EQ(Commit(Publish("prod", NextId())), 4);
  ASSERT_EQ(Put(Tables("postgres", 2).See(Table("orders"), "a")), 5);
  EXPECT_THAT(
      Runs(Life(store(), Table("orders").entity, 5)),
      ElementsAre("1-2 revision 1", "3-3 unavailable", "4-4 not configured", "5-5 revision 2"));
}

TEST_P(StoreConformance, ALifeFollowsARenameBack) {
  ASSERT_EQ(Put(Tables().See(Table("pending"), "a", {.locator = LocatorOf("7")})), 1);
  ASSERT_EQ(Put(Tables().See(Table("orders"), "b", {.locator = LocatorOf("7")})), 2);
  const ObjectLife life = Life(store(), Table("orders").entity, 2);
  ASSERT_EQ(life.names.size(), 2u);
  EXPECT_EQ(life.names[0].key, Table("orders").entity);
  EXPECT_EQ(life.names[0].from_seq, 2);
  EXPECT_EQ(life.names[1].key, Table("pending").entity);
  EXPECT_THAT(Versions(life.names[1], kStructure), ElementsAre("1-1 a"));
  EXPECT_EQ(life.renames.size(), 1u);
}

TEST_P(StoreConformance, ALifeEndsWhereAnotherObjectHadTheName) {
  ASSERT_EQ(Put(Tables().See(Table("a"), "a", {.locator = LocatorOf("1")})), 1);
  ASSERT_EQ(Put(Tables()
                    .See(Table("b"), "a", {.locator = LocatorOf("1")})
                    .See(Table("a"), "b", {.locator = LocatorOf("2")})),
            2);
  const ObjectLife life = Life(store(), Table("a").entity, 2);
  ASSERT_EQ(life.names.size(), 2u);
  EXPECT_EQ(life.names[0].from_seq, 2);
  EXPECT_FALSE(life.names[1].key.has_value());
}

TEST_P(StoreConformance, OfWhatNeverWasThereAreNoRows) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "a")), 1);
  const ObjectLife life = Life(store(), Table("none").entity, 1);
  ASSERT_EQ(life.names.size(), 1u);
  EXPECT_TRUE(life.names[0].facets.empty());
  const auto elsewhere = store().ReadLife("prod", "nowhere", Table("orders").entity, 1);
  VARVE_ASSERT_OK(elsewhere);
  EXPECT_THAT(Runs(*elsewhere), ElementsAre("1-1 not configured"));
  EXPECT_THAT(store().ReadLife("prdo", "postgres", Table("orders").entity, 1),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("there is prod")));
}

TEST_P(StoreConformance, ObjectsThatChangedAreTouched) {
  TestSection pg =
      Tables().See(Table("stays"), "a").See(Table("orders"), "a").See(Table("goes"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "b")), 2);
  ASSERT_EQ(Put(pg.Drop(Table("goes"))), 3);
  ASSERT_EQ(Put(pg.See(Table("comes"), "a")), 4);
  EXPECT_THAT(Touched(store(), 1, 1), IsEmpty());
  EXPECT_THAT(Touched(store(), 2, 2), ElementsAre("postgres public.orders"));
  EXPECT_THAT(Touched(store(), 3, 3), ElementsAre("postgres public.goes"));
  EXPECT_THAT(Touched(store(), 4, 9), ElementsAre("postgres public.comes"));
  EXPECT_THAT(Touched(store(), 1, 9), ElementsAre("postgres public.comes", "postgres public.goes",
                                                  "postgres public.orders"));
  EXPECT_THAT(store().TouchedObjects("prdo", 1, 9),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("there is prod")));
}

TEST_P(StoreConformance, WhatWentWithItsSectionIsTouchedWheneverThatIsBack) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Commit(Publish("prod", NextId())), 2);
  ASSERT_EQ(Put(Tables()), 3);
  ASSERT_EQ(Put(Tables()), 4);
  EXPECT_THAT(Touched(store(), 3, 3), ElementsAre("postgres public.orders"));
  EXPECT_THAT(Touched(store(), 4, 4), ElementsAre("postgres public.orders"));
}

}  // namespace
}  // namespace varve::testing
