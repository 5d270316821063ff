#include "snapshot/diff.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "google/protobuf/text_format.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"
#include "tests/unit/snapshot/diff_telling.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;
using testing::Told;

const EntityKey kOrders = {"table", {"public", "orders"}};
const EntityKey kPeople = {"table", {"public", "people"}};

v1::Shape ShapeOf(const std::string& text) {
  v1::Shape shape;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &shape)) << text;
  return shape;
}

LineFacts LocatedAt(const std::string& id) {
  LineFacts facts;
  facts.locator.set_id(id);
  return facts;
}

LineFacts MaskedWith(char digest, const std::string& key_id) {
  LineFacts facts;
  if (digest != '\0') facts.masked = {std::string(32, digest), key_id};
  return facts;
}

LineFacts FromSource(LineFacts facts) {
  facts.way = v1::WAY_STATIC;
  return facts;
}

// A section of tables that were all looked at, but for what a test says otherwise.
class Tables {
 public:
  explicit Tables(const std::string& name = "postgres", uint32_t revision = 1)
      : builder_(name, "postgres", revision) {}

  Tables&& Has(const EntityKey& key, const std::string& table = "",
               const LineFacts& facts = {}) && {
    builder_.Add(key, v1::FACET_STRUCTURE, ShapeOf("table {" + table + "}"), facts);
    return std::move(*this);
  }
  Tables&& Docs(const EntityKey& key, const std::string& comment) && {
    builder_.Add(key, v1::FACET_DOCS, ShapeOf("docs {comment: '" + comment + "'}"));
    return std::move(*this);
  }
  Tables&& Unseen(const EntityKey& key, v1::Facet facet, v1::Sight why) && {
    builder_.AddUnseen(key, facet, why);
    return std::move(*this);
  }
  Tables&& Covers(v1::Facet facet, v1::Sight state, const std::string& reason = "",
                  const std::string& remedy = "") && {
    builder_.Cover("table", facet, state, reason, remedy);
    return std::move(*this);
  }
  Section Whole() && {
    builder_.CoverWhole("table");
    return builder_.Finish();
  }
  Section AsCovered() && { return builder_.Finish(); }

 private:
  SectionBuilder builder_;
};

Snapshot Taken(std::vector<Section> sections, int64_t seq = 1,
               const std::string& environment = "prod") {
  Snapshot snapshot;
  snapshot.header.set_environment(environment);
  snapshot.seq = seq;
  for (Section& section : sections) {
    *snapshot.header.add_sections() = section.header;
    snapshot.sections.push_back(std::move(section));
  }
  return snapshot;
}

std::vector<std::string> Between(Section before, Section after) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({std::move(before)}, 1), Taken({std::move(after)}, 2), nullptr);
  VARVE_EXPECT_OK(result);
  return result.ok() ? Told(*result) : std::vector<std::string>();
}

TEST(Diff, OfEqualSnapshotsIsSame) {
  const auto make = [] { return Tables().Has(kOrders, "row_security: true").Has(kPeople).Whole(); };
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({make()}, 41), Taken({make()}, 42), nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result), ElementsAre("verdict_same"));
  EXPECT_EQ(result->entities_compared(), 2u);
  EXPECT_EQ(result->before(), "prod@41");
  EXPECT_EQ(result->after(), "prod@42");
}

TEST(Diff, AChangeNamesEntityFacetPropertyAndBothValues) {
  EXPECT_THAT(Between(Tables().Has(kOrders).Docs(kOrders, "Old").Whole(),
                      Tables().Has(kOrders, "row_security: true").Docs(kOrders, "New").Whole()),
              ElementsAre("verdict_different", "changed table public.orders structure",
                          "  row_security: false -> true", "changed table public.orders docs",
                          "  comment: Old -> New"));
}

TEST(Diff, WhatIsOnOneSideOnlyWasAddedOrRemoved) {
  EXPECT_THAT(Between(Tables().Has(kOrders).Whole(), Tables().Has(kPeople).Whole()),
              ElementsAre("verdict_different", "removed table public.orders structure",
                          "added table public.people structure"));
}

TEST(Diff, AFacetComesAndGoesByItself) {
  EXPECT_THAT(
      Between(Tables().Has(kOrders).Whole(), Tables().Has(kOrders).Docs(kOrders, "New").Whole()),
      ElementsAre("verdict_different", "added table public.orders docs"));
}

TEST(Diff, WhatOneSideCouldNotLookAtCannotBeSaid) {
  EXPECT_THAT(
      Between(Tables().Has(kOrders).Docs(kOrders, "x").Whole(),
              Tables()
                  .Has(kOrders)
                  .Covers(v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED)
                  .Covers(v1::FACET_DOCS, v1::SIGHT_NOT_PERMITTED, "permission denied", "GRANT it")
                  .AsCovered()),
      ElementsAre("verdict_cannot_say",
                  "cannot say: table public.orders docs (captured, not permitted): permission "
                  "denied; GRANT it"));
}

TEST(Diff, AnUnseenLineCannotBeSaidEither) {
  EXPECT_THAT(
      Between(Tables().Has(kOrders).Docs(kOrders, "x").Whole(),
              Tables().Has(kOrders).Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED).Whole()),
      ElementsAre("verdict_cannot_say", "cannot say: table public.orders docs (captured, locked)"));
}

TEST(Diff, WhatNeitherSideSawIsSaidAndNoVerdict) {
  const auto locked = [] {
    return Tables().Has(kOrders).Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED).Whole();
  };
  EXPECT_THAT(Between(locked(), locked()),
              ElementsAre("verdict_same", "neither: table public.orders docs (locked, locked)"));
}

TEST(Diff, ADifferenceIsStrongerThanWhatCannotBeSaid) {
  EXPECT_EQ(Between(Tables().Has(kOrders).Docs(kOrders, "x").Whole(),
                    Tables()
                        .Has(kOrders, "row_security: true")
                        .Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED)
                        .Whole())[0],
            "verdict_different");
}

TEST(Diff, AFacetThatASideDoesNotKnowIsNotComparable) {
  EXPECT_THAT(
      Between(Tables().Has(kOrders).Covers(v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED).AsCovered(),
              Tables().Has(kOrders).Docs(kOrders, "x").Whole()),
      ElementsAre("verdict_same", "not comparable: table public.orders docs (kind)"));
}

TEST(Diff, AKindAndAFacetOfANewerAgentAreCompared) {
  const EntityKey hologram = {"hologram", {"public", "h"}};
  const auto facet = static_cast<v1::Facet>(77);
  const auto make = [&](const std::string& comment) {
    SectionBuilder builder("postgres", "postgres", 1);
    builder.Add(hologram, v1::FACET_STRUCTURE, ShapeOf("schema {}"));
    builder.Add(hologram, facet, ShapeOf("docs {comment: '" + comment + "'}"));
    builder.Cover("hologram", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
    builder.Cover("hologram", facet, v1::SIGHT_CAPTURED);
    return builder.Finish();
  };
  EXPECT_THAT(Between(make("x"), make("x")), ElementsAre("verdict_same"));
  EXPECT_THAT(
      Between(make("x"), make("y")),
      ElementsAre("verdict_different", "changed hologram public.h facet 77", "  comment: x -> y"));
}

// Gives the one line of `section` a shape of these very bytes, as a newer agent made them.
Section WithShape(Section section, const std::string& bytes) {
  const auto hash = HashOf<ShapeHash>(bytes);
  section.lines.Edit()[0].line.seen->shape = hash;
  section.shapes = ShapeMap{{hash, bytes}};
  return section;
}

// A length-delimited field that no message here has.
std::string UnknownField(const std::string& content) {
  return std::string("\xC2\xB8\x02", 3) + static_cast<char>(content.size()) + content;
}

TEST(Diff, AShapeOfANewerAgentDiffersAsAWhole) {
  const auto newer = [](const std::string& content) {
    return WithShape(Tables().Has(kOrders).Whole(), UnknownField(content));
  };
  EXPECT_THAT(Between(newer("a"), newer("a")), ElementsAre("verdict_same"));
  EXPECT_THAT(Between(newer("a"), newer("b")),
              ElementsAre("verdict_different", "changed table public.orders structure",
                          "  made by a newer version: - -> -"));
  EXPECT_THAT(Between(Tables().Has(kOrders).Whole(), newer("b")),
              ElementsAre("verdict_different", "changed table public.orders structure",
                          "  made by a newer version: - -> -"));
}

TEST(Diff, AFieldThatANewerAgentPutsBesideAShapeIsADifference) {
  const auto beside = [](const std::string& content) {
    const std::string known = ShapeOf("table {row_security: true}").SerializeAsString();
    return WithShape(Tables().Has(kOrders).Whole(), known + UnknownField(content));
  };
  EXPECT_THAT(Between(beside("a"), beside("b")),
              ElementsAre("verdict_different", "changed table public.orders structure",
                          "  made by a newer version: - -> -"));
}

struct MaskedCase {
  const char* name;
  LineFacts before;
  LineFacts after;
  std::vector<std::string> told;
};
class MaskedPart : public ::testing::TestWithParam<MaskedCase> {};

TEST_P(MaskedPart, IsComparedUnderOneKeyAlone) {
  EXPECT_EQ(Between(Tables().Has(kOrders, "", GetParam().before).Whole(),
                    Tables().Has(kOrders, "", GetParam().after).Whole()),
            GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, MaskedPart,
    ::testing::Values(
        MaskedCase{"Equal", MaskedWith('a', "k1"), MaskedWith('a', "k1"), {"verdict_same"}},
        MaskedCase{"Changed",
                   MaskedWith('a', "k1"),
                   MaskedWith('b', "k1"),
                   {"verdict_different", "changed table public.orders structure",
                    "  masked part: - -> -"}},
        MaskedCase{
            "UnderAnotherKey",
            MaskedWith('a', "k1"),
            MaskedWith('b', "k2"),
            {"verdict_same", "not comparable: table public.orders structure masked part (key id)"}},
        MaskedCase{
            "ReadFromSourceThenByRunning",
            FromSource(MaskedWith('a', "k1")),
            MaskedWith('b', "k1"),
            {"verdict_same", "not comparable: table public.orders structure masked part (way)"}},
        MaskedCase{"ReadFromSourceBothTimes",
                   FromSource(MaskedWith('a', "k1")),
                   FromSource(MaskedWith('b', "k1")),
                   {"verdict_different", "changed table public.orders structure",
                    "  masked part: - -> -"}},
        MaskedCase{
            "OneSideHasNone", MaskedWith('a', "k1"), MaskedWith('\0', ""), {"verdict_same"}}),
    [](const auto& info) { return info.param.name; });

TEST(Diff, LocatorsOfOneEnvironmentProveARename) {
  EXPECT_THAT(Between(Tables().Has(kOrders, "", LocatedAt("1/2/3")).Docs(kOrders, "x").Whole(),
                      Tables().Has(kPeople, "", LocatedAt("1/2/3")).Docs(kPeople, "x").Whole()),
              ElementsAre("verdict_different", "renamed table public.people, was public.orders"));
}

TEST(Diff, ARenamedTableThatAlsoChangedIsBoth) {
  EXPECT_THAT(
      Between(Tables().Has(kOrders, "", LocatedAt("1/2/3")).Whole(),
              Tables().Has(kPeople, "row_security: true", LocatedAt("1/2/3")).Whole()),
      ElementsAre("verdict_different", "renamed table public.people, was public.orders",
                  "changed table public.people structure", "  row_security: false -> true"));
}

// A clone has its origin's locators.
TEST(Diff, LocatorsOfTwoEnvironmentsProveNothing) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({Tables().Has(kOrders, "", LocatedAt("1/2/3")).Whole()}, 1, "prod"),
           Taken({Tables().Has(kPeople, "", LocatedAt("1/2/3")).Whole()}, 1, "test"), nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result),
              ElementsAre("verdict_different", "removed table public.orders structure",
                          "added table public.people structure"));
}

TEST(Diff, WhatFollowsFromARenameIsListedApart) {
  const EntityKey items = {"table", {"public", "items"}};
  const auto foreign_key = [](const std::string& table) {
    return "constraints {name: 'fk' references {kind: 'table' names: 'public' names: '" + table +
           "'}}";
  };
  EXPECT_THAT(Between(Tables()
                          .Has(kOrders, "", LocatedAt("1/2/3"))
                          .Has(items, foreign_key("orders"), LocatedAt("1/2/4"))
                          .Whole(),
                      Tables()
                          .Has(kPeople, "", LocatedAt("1/2/3"))
                          .Has(items, foreign_key("people"), LocatedAt("1/2/4"))
                          .Whole()),
              ElementsAre("verdict_different", "renamed table public.people, was public.orders",
                          "follows: table public.items structure"));
}

// One list holds names of all kinds: a routine without arguments may be called like a table.
TEST(Diff, ARoutineThatIsCalledLikeARenamedTableFollowsOnItsOwn) {
  const auto section = [](const std::string& table) {
    SectionBuilder builder("postgres", "postgres", 1);
    builder.Add({"table", {"public", table}}, v1::FACET_STRUCTURE, ShapeOf("table {}"),
                LocatedAt("1/2/3"));
    builder.Add(
        {"function", {"public", "orders"}}, v1::FACET_STRUCTURE,
        ShapeOf("routine {returns {type {kind: 'table' names: 'public' names: '" + table + "'}}}"),
        LocatedAt("1/2/9"));
    builder.CoverWhole("table");
    builder.CoverWhole("function");
    return builder.Finish();
  };
  EXPECT_THAT(Between(section("orders"), section("people")),
              ElementsAre("verdict_different", "renamed table public.people, was public.orders",
                          "follows: function public.orders() structure"));
}

TEST(Diff, OfUnequalRevisionsWithEqualShapesIsSame) {
  EXPECT_THAT(Between(Tables("postgres", 1).Has(kOrders, "row_security: true").Whole(),
                      Tables("postgres", 2).Has(kOrders, "row_security: true").Whole()),
              ElementsAre("verdict_same"));
}

Section Away(const std::string& name) {
  return SectionBuilder::Unavailable(name, "postgres", "db:5432", "connecting to db:5432",
                                     "connection refused", "start it");
}

TEST(Diff, ASectionThatWasAwayOnOneSideCannotBeSaid) {
  EXPECT_THAT(Between(Tables().Has(kOrders).Whole(), Away("postgres")),
              ElementsAre("verdict_cannot_say",
                          "cannot say: section postgres (captured, unavailable): connecting to "
                          "db:5432: connection refused; start it"));
}

TEST(Diff, ASectionThatWasAwayOnBothSidesIsSaidAndNoVerdict) {
  EXPECT_THAT(Between(Away("postgres"), Away("postgres")),
              ElementsAre("verdict_same",
                          "neither: section postgres (unavailable, unavailable): connecting to "
                          "db:5432: connection refused; start it"));
}

TEST(Diff, ASectionThatOneSideDoesNotConfigureIsNoDifference) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({Tables().Has(kOrders).Whole()}, 1), Taken({}, 2), nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result), ElementsAre("verdict_same", "not configured: postgres"));
}

Section Cluster(const std::vector<std::string>& databases) {
  SectionBuilder builder("pg/", "postgres", 1);
  for (const std::string& database : databases) {
    builder.Add({"database", {database}}, v1::FACET_STRUCTURE, ShapeOf("database {}"));
  }
  builder.CoverWhole("database");
  return builder.Finish();
}

TEST(Diff, ADatabaseThatItsClusterDoesNotListAnyMoreWasRemoved) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({Cluster({"shop"}), Tables("pg/shop").Has(kOrders).Whole()}, 1),
           Taken({Cluster({})}, 2), nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result), ElementsAre("verdict_different", "removed database shop structure",
                                         "removed section pg/shop"));
}

TEST(Diff, ADatabaseThatItsClusterStillListsIsNotConfigured) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({Cluster({"shop"}), Tables("pg/shop").Has(kOrders).Whole()}, 1),
           Taken({Cluster({"shop"})}, 2), nullptr);
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(Told(*result), ElementsAre("verdict_same", "not configured: pg/shop"));
}

// What was known last of anything: `section` as it was at @1.
KnownBefore KnownAt1(const Section& section) {
  return [section = std::make_shared<const Section>(section)](
             absl::string_view, absl::string_view, const LineKey& key,
             int64_t) -> absl::StatusOr<std::optional<LastKnown>> {
    LastKnown known;
    known.seq = 1;
    known.key = key;
    known.revision = section->header.revision();
    known.section = section;
    if (const ReadLine* const line = FindLine(*section, key)) {
      known.seen = line->line.seen;
      known.shape = section->shapes->at(known.seen->shape);
    }
    return known;
  };
}

std::vector<std::string> AcrossAGap(const Section& known, Section before, Section after) {
  const absl::StatusOr<v1::DiffResult> result =
      Diff(Taken({std::move(before)}, 5), Taken({std::move(after)}, 6), KnownAt1(known));
  VARVE_EXPECT_OK(result);
  return result.ok() ? Told(*result) : std::vector<std::string>();
}

TEST(DiffAcrossAGap, WhatDiffersFromWhatWasKnownBeforeIsDatedBetween) {
  const Section known = Tables().Has(kOrders).Docs(kOrders, "Old").Whole();
  const auto locked = [] {
    return Tables().Has(kOrders).Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED).Whole();
  };
  EXPECT_THAT(
      AcrossAGap(known, locked(), Tables().Has(kOrders).Docs(kOrders, "New").Whole()),
      ElementsAre("verdict_different", "changed table public.orders docs, between @1 and @6",
                  "  comment: Old -> New"));
  EXPECT_THAT(
      AcrossAGap(known, locked(), Tables().Has(kOrders).Whole()),
      ElementsAre("verdict_different", "removed table public.orders docs, between @1 and @6"));
}

TEST(DiffAcrossAGap, WhatIsAsItWasKnownBeforeCannotBeSaid) {
  const Section known = Tables().Has(kOrders).Docs(kOrders, "Old").Whole();
  EXPECT_THAT(
      AcrossAGap(known,
                 Tables().Has(kOrders).Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED).Whole(),
                 Tables().Has(kOrders).Docs(kOrders, "Old").Whole()),
      ElementsAre("verdict_cannot_say", "cannot say: table public.orders docs (locked, captured)"));
}

TEST(DiffAcrossAGap, WhereTheLaterSideCouldNotLookNothingIsDated) {
  const Section known = Tables().Has(kOrders).Docs(kOrders, "Old").Whole();
  EXPECT_THAT(
      AcrossAGap(known, Tables().Has(kOrders).Docs(kOrders, "New").Whole(),
                 Tables().Has(kOrders).Unseen(kOrders, v1::FACET_DOCS, v1::SIGHT_LOCKED).Whole()),
      ElementsAre("verdict_cannot_say", "cannot say: table public.orders docs (captured, locked)"));
}

TEST(Diff, ADamagedSnapshotIsNoAnswer) {
  const auto make = [](const std::string& table) { return Tables().Has(kOrders, table).Whole(); };
  Section missing = make("row_security: true");
  missing.shapes.Edit().clear();
  EXPECT_THAT(Diff(Taken({make("")}), Taken({missing}), nullptr),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is not in the snapshot")));

  Section spoiled = make("row_security: true");
  for (auto& [hash, bytes] : spoiled.shapes.Edit()) bytes += "x";
  EXPECT_THAT(Diff(Taken({make("")}), Taken({spoiled}), nullptr),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("fails its hash")));

  EXPECT_THAT(Diff(Taken({make("")}), Taken({WithShape(make(""), "\xFF")}), nullptr),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("public.orders")));

  Section uncovered = make("");
  uncovered.coverage = "\xFF";
  EXPECT_THAT(Diff(Taken({make("")}), Taken({uncovered}), nullptr),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("coverage")));
}

}  // namespace
}  // namespace varve
