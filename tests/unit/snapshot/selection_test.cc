#include "snapshot/selection.h"

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Texts = std::vector<std::string>;

EntityKey Table(const std::string& schema, const std::string& name) {
  return {"table", {schema, name}};
}

// "in", "not included", or the place in the list of exclusions.
std::string WhyOf(const Selection& selection, const EntityKey& entity) {
  const auto why = selection.Why(entity);
  if (!why.has_value()) return "in";
  return why->pattern.has_value() ? absl::StrCat(*why->pattern) : "not included";
}

// What coverage of the kind says, read back.
Selection ReadBack(const Selection& selection, const std::string& kind) {
  return Selection::FromCoverage(selection.Coverage(kind, {}, 0));
}

struct SelectionCase {
  const char* name;
  Texts include;
  Texts exclude;
  EntityKey entity;
  const char* why;
};
class Selects : public ::testing::TestWithParam<SelectionCase> {};

TEST_P(Selects, ByTheLastPatternThatMatches) {
  const auto selection = Selection::Of(GetParam().include, GetParam().exclude);
  VARVE_ASSERT_OK(selection);
  const EntityKey& entity = GetParam().entity;
  EXPECT_EQ(WhyOf(*selection, entity), GetParam().why);
  // Whoever reads the coverage comes to the same answer.
  const bool is_out = GetParam().why != absl::string_view("in");
  EXPECT_EQ(
      selection->MayLeaveOut(entity.kind) && ReadBack(*selection, entity.kind).LeavesOut(entity),
      is_out);
}

INSTANTIATE_TEST_SUITE_P(
    All, Selects,
    ::testing::Values(
        SelectionCase{"NoLists", {}, {}, Table("public", "t"), "in"},
        SelectionCase{"Excluded", {}, {"audit"}, Table("audit", "t"), "0"},
        SelectionCase{"NotExcluded", {}, {"audit"}, Table("public", "t"), "in"},
        SelectionCase{"TakenBack", {}, {"audit", "!audit.keep"}, Table("audit", "keep"), "in"},
        SelectionCase{"NotTakenBack", {}, {"audit", "!audit.keep"}, Table("audit", "t"), "0"},
        SelectionCase{"LaterWins", {}, {"a", "!a.k*", "*.k1"}, Table("a", "k1"), "2"},
        SelectionCase{"LaterNamesTheReason", {}, {"audit", "*.t"}, Table("audit", "t"), "1"},
        SelectionCase{"Included", {"public"}, {}, Table("public", "t"), "in"},
        SelectionCase{"NotIncluded", {"public"}, {}, Table("app", "t"), "not included"},
        SelectionCase{"IncludedAndExcluded", {"public"}, {"*.tmp"}, Table("public", "tmp"), "0"},
        SelectionCase{
            "NotIncludedIsSaidFirst", {"app"}, {"*.t"}, Table("public", "t"), "not included"},
        SelectionCase{
            "IncludeTakesBackToo", {"app", "!app.t"}, {}, Table("app", "t"), "not included"},
        SelectionCase{"IncludedAgain", {"app", "!app.t*", "app.t1"}, {}, Table("app", "t1"), "in"},
        SelectionCase{"SchemasDoNotIncludeExtensions",
                      {"public"},
                      {},
                      {"extension", {"hstore"}},
                      "not included"},
        SelectionCase{"ExtensionsByTheirKind",
                      {"public", "extension:*"},
                      {},
                      {"extension", {"hstore"}},
                      "in"},
        SelectionCase{"AllOfAKind", {}, {"function:*"}, {"function", {"a", "f"}}, "0"},
        SelectionCase{
            "AllOfAKindButOne", {}, {"function:*", "!a.f"}, {"function", {"a", "f"}}, "in"},
        SelectionCase{"AllOfAnotherKind", {}, {"function:*"}, Table("a", "t"), "in"},
        SelectionCase{"IncludeAllExcludeOne", {"*"}, {"*.t"}, Table("a", "t"), "0"}),
    [](const auto& info) { return info.param.name; });

TEST(Selection, ListsThatSayNothingSensibleAreRefused) {
  EXPECT_THAT(Selection::Of({}, {"!audit"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "exclude: pattern '!audit' takes back what a pattern before it took, and "
                       "there is none"));
  EXPECT_THAT(Selection::Of({"public", "a.b.c"}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("include: pattern 'a.b.c':")));
}

struct WholeCase {
  const char* name;
  Texts include;
  Texts exclude;
  bool all;  // tables
  bool some;
};
class Whole : public ::testing::TestWithParam<WholeCase> {};

TEST_P(Whole, KindsAreToldFromKindsInPart) {
  const auto selection = Selection::Of(GetParam().include, GetParam().exclude);
  VARVE_ASSERT_OK(selection);
  EXPECT_EQ(selection->LeavesOutAll("table"), GetParam().all);
  EXPECT_EQ(selection->MayLeaveOut("table"), GetParam().some);
}

INSTANTIATE_TEST_SUITE_P(
    All, Whole,
    ::testing::Values(WholeCase{"Nothing", {}, {}, false, false},
                      WholeCase{"Kind", {}, {"table:*"}, true, true},
                      WholeCase{"AllSchemas", {}, {"*"}, true, true},
                      WholeCase{"TakenBackInPart", {}, {"table:*", "!public.t"}, false, true},
                      WholeCase{"TakenBackBefore", {}, {"a", "!a.t", "table:*"}, true, true},
                      WholeCase{"TakenBackOfAnotherKind", {}, {"*", "!view:*"}, true, true},
                      WholeCase{"Schema", {}, {"audit"}, false, true},
                      WholeCase{"OtherKind", {}, {"view:*"}, false, false},
                      WholeCase{"NotIncluded", {"view:*"}, {}, true, true},
                      WholeCase{"IncludedWhole", {"*"}, {}, false, false},
                      WholeCase{"IncludedInPart", {"public"}, {}, false, true}),
    [](const auto& info) { return info.param.name; });

TEST(Selection, CoverageHasTheReasonThePatternsAndTheCounts) {
  const auto selection = Selection::Of({"app", "view:*"}, {"view:*", "*.tmp_*", "!app.tmp_1"});
  VARVE_ASSERT_OK(selection);
  const v1::CoverageEntry entry = selection->Coverage("table", {5, 2, 9}, 4);
  EXPECT_EQ(entry.state(), v1::SIGHT_EXCLUDED);
  EXPECT_EQ(entry.reason(), "not included by app; pattern *.tmp_*, !app.tmp_1");
  EXPECT_EQ(entry.count(), 15u);
  ASSERT_EQ(entry.patterns_size(), 3);
  EXPECT_EQ(entry.patterns(0).list(), v1::ScopePattern::LIST_INCLUDE);
  EXPECT_EQ(entry.patterns(0).pattern(), "app");
  EXPECT_EQ(entry.patterns(1).pattern(), "*.tmp_*");
  EXPECT_EQ(entry.patterns(1).count(), 2u);
  EXPECT_EQ(entry.patterns(2).pattern(), "!app.tmp_1");
}

TEST(Selection, OfAKindThatNothingIncludesSaysByWhat) {
  const auto selection = Selection::Of({"app", "view:*"}, {"extension:a*"});
  VARVE_ASSERT_OK(selection);
  const v1::CoverageEntry entry = selection->Coverage("extension", {}, 3);
  EXPECT_EQ(entry.reason(), "not included by app, view:*; pattern extension:a*");
  EXPECT_EQ(entry.count(), 3u);
  EXPECT_TRUE(Selection::FromCoverage(entry).LeavesOut({"extension", {"hstore"}}));
}

// What cannot be read may have left anything out, and nothing that was left out is gone.
TEST(Selection, OfPatternsThatThisBuildCannotReadLeavesAllOut) {
  v1::CoverageEntry entry;
  v1::ScopePattern& pattern = *entry.add_patterns();
  pattern.set_list(v1::ScopePattern::LIST_EXCLUDE);
  pattern.set_pattern("{a,b}");
  EXPECT_TRUE(Selection::FromCoverage(entry).LeavesOut(Table("public", "t")));
  pattern.set_pattern("a");
  EXPECT_FALSE(Selection::FromCoverage(entry).LeavesOut(Table("public", "t")));
  pattern.set_list(static_cast<v1::ScopePattern::List>(7));
  EXPECT_TRUE(Selection::FromCoverage(entry).LeavesOut(Table("public", "t")));
}

}  // namespace
}  // namespace varve
