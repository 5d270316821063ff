// What only the decision shows; what it comes to when it is read back is in conformance/.
#include "storage/apply.h"

#include "tests/support/matchers.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Key;
using testing::LocatorOf;
using testing::ShapeOf;
using testing::StatusIs;
using testing::Table;
using testing::TestSection;

constexpr v1::Facet kStructure = v1::FACET_STRUCTURE;
constexpr v1::Facet kAccess = v1::FACET_ACCESS;

Line Seeing(const LineKey& key, const std::string& shape) {
  Seen seen;
  seen.shape = ShapeOf(shape);
  return {key, seen, v1::SIGHT_UNSPECIFIED};
}

// The lines of a section as open rows.
std::vector<OpenLine> OpenRows(const TestSection& section) {
  std::vector<OpenLine> open;
  for (const Line& line : section.lines()) {
    OpenLine& row = open.emplace_back();
    row.key = line.key;
    row.version = line.seen;
    if (!line.seen.has_value()) row.unseen = UnseenState{.reason = line.unseen};
  }
  return open;
}

v1::Coverage CoverageOf(v1::Sight structure, v1::Sight access) {
  v1::Coverage coverage;
  for (const auto& [facet, state] :
       {std::pair(kStructure, structure), std::pair(kAccess, access)}) {
    v1::CoverageEntry& entry = *coverage.add_entries();
    entry.set_kind("table");
    entry.set_facet(facet);
    entry.set_state(state);
  }
  return coverage;
}
v1::Coverage Whole() { return CoverageOf(v1::SIGHT_CAPTURED, v1::SIGHT_CAPTURED); }

TEST(ApplyDelta, SetsReplacesAddsAndDrops) {
  const std::vector<Line> base = {Seeing(Table("b"), "1"), Seeing(Table("d"), "2"),
                                  Seeing(Table("f"), "3")};
  const std::vector<Line> set = {Seeing(Table("a"), "4"), Seeing(Table("d"), "5"),
                                 Seeing(Table("g"), "6")};
  const std::vector<LineKey> dropped = {Table("b")};
  const auto lines = ApplyDelta(base, set, dropped);
  VARVE_ASSERT_OK(lines);
  EXPECT_THAT(*lines, ElementsAre(Seeing(Table("a"), "4"), Seeing(Table("d"), "5"),
                                  Seeing(Table("f"), "3"), Seeing(Table("g"), "6")));
}

TEST(ApplyDelta, OfNothingIsItsBase) {
  const std::vector<Line> base = {Seeing(Table("b"), "1")};
  EXPECT_EQ(ApplyDelta(base, {}, {}).value(), base);
  EXPECT_THAT(ApplyDelta({}, {}, {}).value(), IsEmpty());
}

TEST(ApplyDelta, ThatDropsWhatIsNotThereIsRefusedByName) {
  const std::vector<LineKey> dropped = {Table("b", kAccess)};
  EXPECT_THAT(ApplyDelta({Seeing(Table("b"), "1")}, {}, dropped),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("drops public.b (access), which its base does not have")));
}

TEST(Decide, TheSameLinesChangeNothing) {
  TestSection section("postgres");
  section.See(Table("a"), "1", {.digest = "d", .key_id = "k", .locator = LocatorOf("7")});
  section.Unsee(Table("a", kAccess), v1::SIGHT_LOCKED);
  const SectionChanges changes = Decide(OpenRows(section), section.lines(), Whole());
  EXPECT_THAT(changes.lines, IsEmpty());
  EXPECT_THAT(changes.renames, IsEmpty());
}

TEST(Decide, AnUnseenLineKeepsItsVersionOpen) {
  const TestSection before = TestSection("postgres").See(Table("a"), "1");
  const TestSection after = TestSection("postgres").Unsee(Table("a"), v1::SIGHT_LOCKED);
  const SectionChanges changes = Decide(OpenRows(before), after.lines(), Whole());
  ASSERT_EQ(changes.lines.size(), 1u);
  EXPECT_FALSE(changes.lines[0].close_version);
  EXPECT_EQ(changes.lines[0].open_unseen->reason, v1::SIGHT_LOCKED);
  EXPECT_TRUE(changes.lines[0].open_unseen->sent);
}

TEST(Decide, ANewLocatorAloneClosesAndOpens) {
  const TestSection before = TestSection("p").See(Table("a"), "1", {.locator = LocatorOf("7")});
  const TestSection after = TestSection("p").See(Table("a"), "1", {.locator = LocatorOf("8")});
  const SectionChanges changes = Decide(OpenRows(before), after.lines(), Whole());
  ASSERT_EQ(changes.lines.size(), 1u);
  EXPECT_TRUE(changes.lines[0].close_version);
  EXPECT_EQ(changes.lines[0].open_version, after.lines()[0].seen);
}

TEST(Decide, ARenameIsToldWithItsColumns) {
  const TestSection before =
      TestSection("p").See(Table("a"), "1", {.locator = LocatorOf("7", {{1, "id"}, {2, "x"}})});
  const TestSection after =
      TestSection("p").See(Table("b"), "1", {.locator = LocatorOf("7", {{1, "id"}, {2, "y"}})});
  const SectionChanges changes = Decide(OpenRows(before), after.lines(), Whole());
  EXPECT_THAT(changes.renames,
              ElementsAre(Renamed{"column", {"public", "a", "x"}, {"public", "b", "y"}},
                          Renamed{"table", {"public", "a"}, {"public", "b"}}));
}

TEST(Decide, ClosingAllClosesVersionsAndUnseenRows) {
  TestSection section = TestSection("p").See(Table("a"), "1");
  section.Unsee(Table("b"), v1::SIGHT_LOCKED);
  const SectionChanges changes = CloseAll(OpenRows(section));
  ASSERT_EQ(changes.lines.size(), 2u);
  EXPECT_TRUE(changes.lines[0].close_version);
  EXPECT_TRUE(changes.lines[1].close_unseen);
  for (const LineChange& change : changes.lines) {
    EXPECT_FALSE(change.open_version.has_value() || change.open_unseen.has_value());
  }
}

struct AbsentCase {
  const char* name;  // becomes the test's name
  v1::Sight structure;
  v1::Sight access;
  bool first_is_listed;
  v1::Sight why;  // of the line of facet access
};
class Absent : public ::testing::TestWithParam<AbsentCase> {};

TEST_P(Absent, IsToldByTheFirstFacetsCoverageThenByItsOwn) {
  const AbsentCase& wanted = GetParam();
  EXPECT_EQ(WhyAbsent(CoverageOf(wanted.structure, wanted.access), Table("a", kAccess),
                      wanted.first_is_listed),
            wanted.why);
}

INSTANTIATE_TEST_SUITE_P(
    All, Absent,
    ::testing::Values(AbsentCase{"GoneAlone", v1::SIGHT_CAPTURED, v1::SIGHT_CAPTURED, true,
                                 v1::SIGHT_CAPTURED},
                      AbsentCase{"NotPermitted", v1::SIGHT_CAPTURED, v1::SIGHT_NOT_PERMITTED, true,
                                 v1::SIGHT_NOT_PERMITTED},
                      AbsentCase{"GoneWithItsEntity", v1::SIGHT_CAPTURED, v1::SIGHT_NOT_PERMITTED,
                                 false, v1::SIGHT_CAPTURED},
                      AbsentCase{"EntityNotLookedAt", v1::SIGHT_EXCLUDED, v1::SIGHT_NOT_PERMITTED,
                                 false, v1::SIGHT_NOT_PERMITTED},
                      AbsentCase{"EntityNotLookedAtFacetWas", v1::SIGHT_EXCLUDED,
                                 v1::SIGHT_CAPTURED, false, v1::SIGHT_CAPTURED}),
    [](const auto& info) { return info.param.name; });

TEST(WhyAbsent, OfAKindThatCoverageDoesNotNameIsUnspecified) {
  EXPECT_EQ(WhyAbsent(Whole(), Key("view", {"public", "v"}), false), v1::SIGHT_UNSPECIFIED);
}

}  // namespace
}  // namespace varve
