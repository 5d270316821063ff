#include "snapshot/rename_map.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/canonical.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Names = RenameMap::Names;

TEST(RenameMap, ANameThatWasNotRenamedIsItself) {
  const RenameMap renames({{"table", {"a", "old"}, {"a", "new"}}});
  EXPECT_EQ(renames.Forward({"a", "other"}, "table"), (Names{"a", "other"}));
  EXPECT_EQ(renames.CommonOfA({"a", "other"}, "table"), (Names{"a", "other"}));
  EXPECT_TRUE(RenameMap().empty());
}

TEST(RenameMap, FollowsBothWays) {
  const RenameMap renames({{"table", {"a", "old"}, {"b", "new"}}});
  EXPECT_EQ(renames.Forward({"a", "old"}, "table"), (Names{"b", "new"}));
  EXPECT_EQ(renames.Back({"b", "new"}, "table"), (Names{"a", "old"}));
  EXPECT_EQ(renames.CommonOfA({"a", "old"}, "table"), (Names{"b", "new"}));
  EXPECT_EQ(renames.CommonOfB({"b", "new"}, "table"), (Names{"b", "new"}));
}

TEST(RenameMap, ASchemasRenameCarriesItsObjectsAlong) {
  const RenameMap renames({{"schema", {"a"}, {"b"}}});
  EXPECT_EQ(renames.Forward({"a", "t"}, "table"), (Names{"b", "t"}));
  EXPECT_EQ(renames.Forward({"a", "f", "integer"}, "function"), (Names{"b", "f", "integer"}));
  EXPECT_EQ(renames.Forward({"a", "t", "c"}, kColumn), (Names{"b", "t", "c"}));
}

// A schema may be called like a type; a cast begins with a type.
TEST(RenameMap, ASchemasRenameHasNothingOfWhatIsInNone) {
  const RenameMap renames({{"schema", {"integer"}, {"numbers"}}});
  EXPECT_EQ(renames.Forward({"integer", "text"}, "cast"), (Names{"integer", "text"}));
  EXPECT_EQ(renames.Back({"numbers", "sql"}, "transform"), (Names{"numbers", "sql"}));
  EXPECT_EQ(renames.Forward({"integer", "+", "text", "text"}, "operator"),
            (Names{"numbers", "+", "text", "text"}));
}

TEST(RenameMap, WhatFollowsFromAHoldersRenameIsNoRenameOfItsOwn) {
  const RenameMap renames({{"table", {"a", "t"}, {"b", "t"}},
                           {"schema", {"a"}, {"b"}},
                           {"table", {"a", "u"}, {"b", "v"}},
                           {"table", {"c", "t"}, {"c", "t"}}});
  EXPECT_THAT(renames.Renames(), ElementsAre(Renamed{"schema", {"a"}, {"b"}},
                                             Renamed{"table", {"a", "u"}, {"b", "v"}}));
}

TEST(RenameMap, TheLongestRenamedBeginningWins) {
  const RenameMap renames({{"schema", {"a"}, {"b"}}, {"table", {"a", "t"}, {"b", "u"}}});
  EXPECT_EQ(renames.Forward({"a", "t", "c"}, kColumn), (Names{"b", "u", "c"}));
  EXPECT_EQ(renames.Forward({"a", "x", "c"}, kColumn), (Names{"b", "x", "c"}));
}

TEST(RenameMap, AFunctionHasNothingOfATableOfItsName) {
  const RenameMap renames({{"table", {"a", "f"}, {"a", "g"}}});
  EXPECT_EQ(renames.Forward({"a", "f", "integer"}, "function"), (Names{"a", "f", "integer"}));
  EXPECT_EQ(renames.Forward({"a", "f"}, "function"), (Names{"a", "f"}));
}

TEST(RenameMap, ASchemaOfARolesNameIsNotTheRole) {
  const RenameMap renames({{"schema", {"public"}, {"b"}}});
  EXPECT_EQ(renames.Forward({"public", "srv"}, "user_mapping"), (Names{"public", "srv"}));
  EXPECT_EQ(renames.CommonOfB({"public", "srv"}, "user_mapping"), (Names{"public", "srv"}));
  EXPECT_EQ(renames.Forward({"public", "", "table"}, "default_privileges"),
            (Names{"public", "", "table"}));
}

TEST(RenameMap, OfANameOfUnknownKindAnyRenameServes) {
  const RenameMap renames({{"table", {"a", "t"}, {"a", "u"}}});
  EXPECT_EQ(renames.Forward({"a", "t"}, ""), (Names{"a", "u"}));
}

TEST(RenameMap, ASwapIsTwoRenames) {
  const RenameMap renames({{"table", {"a", "x"}, {"a", "y"}}, {"table", {"a", "y"}, {"a", "x"}}});
  EXPECT_EQ(renames.Renames().size(), 2u);
  EXPECT_EQ(renames.CommonOfA({"a", "x"}, "table"), (Names{"a", "y"}));
  EXPECT_EQ(renames.CommonOfA({"a", "y"}, "table"), (Names{"a", "x"}));
}

TEST(RenameMap, ANameThatAnotherObjectHasTakenMatchesNothing) {
  // Once a.x; now that is a.y, and the a.y that was there before is gone.
  const RenameMap renames({{"table", {"a", "x"}, {"a", "y"}}});
  EXPECT_EQ(renames.CommonOfA({"a", "y"}, "table"), std::nullopt);
  // And a new a.x is not what was called so before.
  EXPECT_EQ(renames.CommonOfB({"a", "x"}, "table"), std::nullopt);
}

TEST(RenameMap, NoNamesAreNoName) {
  const RenameMap renames({{"schema", {"a"}, {"b"}}});
  EXPECT_EQ(renames.CommonOfA({}, "table"), Names());
}

std::string LocatorBytes(const std::string& id, const std::vector<std::string>& columns = {}) {
  v1::Locator locator;
  locator.set_id(id);
  for (size_t i = 0; i < columns.size(); ++i) {
    v1::Locator::Part& part = *locator.add_parts();
    part.set_number(static_cast<int64_t>(i) + 1);
    part.set_name(columns[i]);
  }
  return CanonicalBytes(locator);
}

std::vector<Renamed> Proved(const EntityKey& before, const std::string& before_locator,
                            const EntityKey& after, const std::string& after_locator) {
  const Located a[] = {{before, before_locator}};
  const Located b[] = {{after, after_locator}};
  return ProvedRenames(a, b).Renames();
}

const EntityKey kOld = {"table", {"a", "old"}};
const EntityKey kNew = {"table", {"a", "new"}};

TEST(ProvedRenames, EqualLocatorsProveOne) {
  EXPECT_THAT(Proved(kOld, LocatorBytes("1/2/3"), kNew, LocatorBytes("1/2/3")),
              ElementsAre(Renamed{"table", {"a", "old"}, {"a", "new"}}));
}

TEST(ProvedRenames, OtherLocatorsAndNoneProveNothing) {
  EXPECT_THAT(Proved(kOld, LocatorBytes("1/2/3"), kNew, LocatorBytes("1/2/4")), IsEmpty());
  EXPECT_THAT(Proved(kOld, "", kNew, ""), IsEmpty());
  EXPECT_THAT(Proved(kOld, "\xFF\xFF", kNew, "\xFF\xFF"), IsEmpty());
}

// OIDs are unique by catalog only.
TEST(ProvedRenames, EqualLocatorsOfTwoKindsProveNothing) {
  EXPECT_THAT(Proved({"enum", {"a", "x"}}, LocatorBytes("1/2/3"), kNew, LocatorBytes("1/2/3")),
              IsEmpty());
}

TEST(ProvedRenames, ColumnsAreMatchedByNumber) {
  EXPECT_THAT(Proved(kOld, LocatorBytes("1", {"id", "total", "gone"}), kOld,
                     LocatorBytes("1", {"id", "amount"})),
              ElementsAre(Renamed{"column", {"a", "old", "total"}, {"a", "old", "amount"}}));
  EXPECT_THAT(Proved(kOld, LocatorBytes("1", {"x"}), kNew, LocatorBytes("1", {"x"})),
              ElementsAre(Renamed{"table", {"a", "old"}, {"a", "new"}}));
}

TEST(CanProve, OnlyTheLineThatSaysWhetherTheEntityIsThere) {
  Seen seen;
  seen.locator = LocatorBytes("1");
  EXPECT_TRUE(CanProve({kOld, v1::FACET_STRUCTURE}, seen));
  EXPECT_FALSE(CanProve({kOld, v1::FACET_DOCS}, seen));
  EXPECT_FALSE(CanProve({kOld, v1::FACET_STRUCTURE}, Seen()));
  EXPECT_TRUE(CanProve({{"hologram", {"a"}}, v1::FACET_STRUCTURE}, seen));
}

}  // namespace
}  // namespace varve
