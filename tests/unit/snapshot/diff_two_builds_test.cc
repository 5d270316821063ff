// A fleet in the middle of an upgrade: agents of two capture revisions, of which the newer knows
// one more field (`new`, since 2) and reads another better (`mended`, in 2). That is no difference.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "snapshot/diff.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"
#include "tests/unit/snapshot/diff_telling.h"
#include "tests/unit/snapshot/toy_shapes.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using testing::Told;
using testing::ToyShape;
using testing::ToyShapes;

// A table as agents of both revisions read it where `b` is what it is.
ToyShape ReadBy(uint32_t revision, const std::string& b) {
  if (revision == 1) return {{"a", "1"}, {"b", b}, {"mended", "as it was read"}};
  return {{"a", "1"}, {"b", b}, {"new", "1"}, {"mended", "as it is"}};
}

class TwoBuilds : public ::testing::Test {
 protected:
  // A section with those tables, its bytes as they came.
  static Section SectionOf(uint32_t revision, const std::map<std::string, std::string>& shapes) {
    SectionBuilder builder("postgres", "postgres", revision);
    builder.CoverWhole("table");
    Section section = builder.Finish();
    for (const auto& [name, bytes] : shapes) {
      ReadLine& line = section.lines.Edit().emplace_back();
      line.line.key = {{"table", {"public", name}}, v1::FACET_STRUCTURE};
      line.line.seen.emplace().shape = HashOf<ShapeHash>(bytes);
      section.shapes.Edit()[line.line.seen->shape] = bytes;
    }
    return section;
  }

  static Snapshot Taken(const std::string& environment, int64_t seq, Section section) {
    Snapshot snapshot;
    snapshot.header.set_environment(environment);
    snapshot.seq = seq;
    *snapshot.header.add_sections() = section.header;
    snapshot.sections.push_back(std::move(section));
    return snapshot;
  }

  // By an agent of `revision`, where column `b` of table "orders" is `b`.
  Snapshot Taken(const std::string& environment, int64_t seq, uint32_t revision,
                 const std::string& b = "1") const {
    return Taken(
        environment, seq,
        SectionOf(revision, {{"orders", shapes_.Bytes(v1::FACET_STRUCTURE, ReadBy(revision, b))}}));
  }

  std::vector<std::string> Between(const Snapshot& before, const Snapshot& after) const {
    const auto result = DiffDecodedBy(shapes_.Decoder(), before, after, nullptr);
    VARVE_EXPECT_OK(result);
    return result.ok() ? Told(*result) : std::vector<std::string>();
  }

  const ToyShapes shapes_;
};

TEST_F(TwoBuilds, AFleetOfBothShowsNoDifference) {
  struct Member {
    const char* environment;
    uint32_t revision;
  };
  const std::vector<Member> fleet = {{"prod-eu", 1}, {"prod-us", 1}, {"stage", 2}, {"test", 2}};
  for (const Member& a : fleet) {
    for (const Member& b : fleet) {
      SCOPED_TRACE(absl::StrCat(a.environment, " and ", b.environment));
      const auto told =
          Between(Taken(a.environment, 1, a.revision), Taken(b.environment, 1, b.revision));
      if (a.revision == b.revision) {
        EXPECT_THAT(told, ElementsAre("verdict_same"));
      } else {
        EXPECT_THAT(told,
                    ElementsAre("verdict_same",
                                "not comparable: table public.orders structure new (revision)",
                                "not comparable: table public.orders structure mended (revision)"));
      }
    }
  }
}

TEST_F(TwoBuilds, AnUpgradeInOneEnvironmentIsNoDifference) {
  EXPECT_EQ(Between(Taken("prod", 41, 1), Taken("prod", 42, 2))[0], "verdict_same");
  EXPECT_EQ(Between(Taken("prod", 42, 2), Taken("prod", 41, 1))[0], "verdict_same");
}

TEST_F(TwoBuilds, ARealChangeIsToldAlone) {
  const std::vector<std::string> there = Between(Taken("prod", 1, 1), Taken("test", 1, 2, "2"));
  EXPECT_THAT(
      there,
      ElementsAre("verdict_different", "changed table public.orders structure", "  b: 1 -> 2",
                  "not comparable: table public.orders structure new (revision)",
                  "not comparable: table public.orders structure mended (revision)"));
  EXPECT_EQ(Between(Taken("test", 1, 2, "2"), Taken("prod", 1, 1))[2], "  b: 2 -> 1");
}

TEST_F(TwoBuilds, ATableThatOneSideLacksIsADifferenceAcrossThem) {
  Snapshot empty = Taken("test", 1, SectionOf(2, {}));
  EXPECT_THAT(Between(Taken("prod", 1, 1), empty),
              ElementsAre("verdict_different", "removed table public.orders structure"));
}

// What compares may be older than what captured: then the field itself has no name there.
TEST_F(TwoBuilds, AFieldThatTheComparingBuildDoesNotKnowIsNoDifferenceEither) {
  v1::Shape known;
  known.mutable_table()->set_row_security(true);
  v1::Shape newer = known;
  newer.mutable_table()
      ->GetReflection()
      ->MutableUnknownFields(newer.mutable_table())
      ->AddVarint(5000, 1);
  const Snapshot a = Taken("prod", 1, SectionOf(1, {{"orders", known.SerializeAsString()}}));
  const Snapshot b = Taken("test", 1, SectionOf(2, {{"orders", newer.SerializeAsString()}}));
  const auto result = Diff(a, b, nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result), ElementsAre("verdict_same",
                                         "not comparable: table public.orders structure made by "
                                         "a newer version (revision)"));
}

}  // namespace
}  // namespace varve
