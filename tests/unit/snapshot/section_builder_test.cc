#include "snapshot/section_builder.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

const EntityKey kSchema = {"schema", {"app"}};

v1::Shape SchemaShape() {
  v1::Shape shape;
  shape.mutable_schema();
  return shape;
}

TEST(SectionBuilder, WhatWasSeenWholeIsComplete) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  builder.CoverWhole("schema");
  const Section section = builder.Finish();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  ASSERT_EQ(section.lines.size(), 1u);
  const absl::StatusOr<v1::Shape> shape =
      DecodeShape(section, section.lines->at(0).line.seen->shape);
  VARVE_ASSERT_OK(shape);
  EXPECT_TRUE(shape->has_schema());
}

TEST(SectionBuilder, CapturedCoverageCountsItsEntities) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  builder.Add({"schema", {"b"}}, v1::FACET_STRUCTURE, SchemaShape());
  builder.Cover("schema", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(builder.Finish());
  VARVE_ASSERT_OK(coverage);
  EXPECT_EQ(coverage->entries(0).count(), 2u);
}

TEST(SectionBuilder, AnErrorMakesItPartialAWarningDoesNot) {
  SectionBuilder warned("postgres", "postgres", 1);
  warned.Warning("reading", "odd");
  EXPECT_EQ(warned.Finish().header.status(), v1::SECTION_STATUS_COMPLETE);
  SectionBuilder failed("postgres", "postgres", 1);
  failed.Error("reading", "denied", "GRANT");
  EXPECT_EQ(failed.Finish().header.status(), v1::SECTION_STATUS_PARTIAL);
}

TEST(SectionBuilder, WhatWasNotLookedAtMakesItPartialWhatIsExcludedDoesNot) {
  SectionBuilder excluded("postgres", "postgres", 1);
  excluded.Cover("schema", v1::FACET_STRUCTURE, v1::SIGHT_EXCLUDED, "schema app");
  EXPECT_EQ(excluded.Finish().header.status(), v1::SECTION_STATUS_COMPLETE);
  SectionBuilder denied("postgres", "postgres", 1);
  denied.Cover("schema", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED);
  EXPECT_EQ(denied.Finish().header.status(), v1::SECTION_STATUS_PARTIAL);
}

TEST(SectionBuilder, OfTwoStatementsAboutOneScopeTheOneThatPromisesLessHolds) {
  for (const bool captured_first : {true, false}) {
    SectionBuilder builder("postgres", "postgres", 1);
    if (captured_first) builder.CoverWhole("schema");
    builder.Cover("schema", v1::FACET_DOCS, v1::SIGHT_FAILED, "why");
    if (!captured_first) builder.CoverWhole("schema");
    const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(builder.Finish());
    VARVE_ASSERT_OK(coverage);
    EXPECT_EQ(CoveredAs(*coverage, "schema", v1::FACET_DOCS, {"app"}), v1::SIGHT_FAILED);
    EXPECT_EQ(CoveredAs(*coverage, "schema", v1::FACET_STRUCTURE, {"app"}), v1::SIGHT_CAPTURED);
  }
}

TEST(SectionBuilder, AFacetThatIsFoundTwiceIsKeptOnceAndSaid) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  builder.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  const Section section = builder.Finish();
  EXPECT_EQ(section.lines.size(), 1u);
  ASSERT_EQ(section.header.errors_size(), 1);
  EXPECT_EQ(section.header.errors(0).severity(), v1::SectionError::SEVERITY_ERROR);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
}

TEST(SectionBuilder, TheOrderOfFindingDoesNotMatter) {
  const EntityKey other = {"schema", {"b"}};
  SectionBuilder one("postgres", "postgres", 1), two("postgres", "postgres", 1);
  one.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  one.Add(other, v1::FACET_STRUCTURE, SchemaShape());
  two.Add(other, v1::FACET_STRUCTURE, SchemaShape());
  two.Add(kSchema, v1::FACET_STRUCTURE, SchemaShape());
  EXPECT_EQ(one.Finish().header.manifest_hash(), two.Finish().header.manifest_hash());
}

// 1, 3, … 39, then 38, 36, … 0 and once more 20; sorted after every `every` of them.
Section ManySchemas(int every) {
  SectionBuilder builder("postgres", "postgres", 1);
  std::vector<int> numbers;
  for (int i = 1; i < 40; i += 2) numbers.push_back(i);
  for (int i = 38; i >= 0; i -= 2) numbers.push_back(i);
  numbers.push_back(20);
  int added = 0;
  for (const int number : numbers) {
    const EntityKey key = {"schema", {absl::StrCat(number)}};
    LineFacts facts;
    facts.way = number == 20 && added == 40 ? v1::WAY_STATIC : v1::WAY_RUN;
    builder.Add(key, v1::FACET_STRUCTURE, SchemaShape(), facts);
    builder.AddUnseen(key, v1::FACET_DOCS, v1::SIGHT_LOCKED);
    if (++added % every == 0) builder.SortSoFar();
  }
  return builder.Finish();
}

TEST(SectionBuilder, SortingMeanwhileChangesNothing) {
  const Section at_once = ManySchemas(1000);
  EXPECT_EQ(at_once.lines.size(), 80u);
  EXPECT_EQ(FindLine(at_once, {{"schema", {"20"}}, v1::FACET_STRUCTURE})->line.seen->way,
            v1::WAY_STATIC)
      << "the last is kept";
  for (const int every : {1, 7, 20}) {
    const Section meanwhile = ManySchemas(every);
    EXPECT_EQ(meanwhile.header.SerializeAsString(), at_once.header.SerializeAsString());
    ASSERT_EQ(meanwhile.lines.size(), at_once.lines.size());
    for (size_t i = 0; i < at_once.lines.size(); ++i) {
      EXPECT_EQ(meanwhile.lines->at(i).line, at_once.lines->at(i).line);
    }
  }
}

TEST(SectionBuilder, ASourceThatDidNotAnswerHasNoLinesAndOneError) {
  const Section section = SectionBuilder::Unavailable("cache", "redis", "cache:6379", "connecting",
                                                      "refused", "start it");
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_TRUE(section.lines.empty());
  EXPECT_TRUE(section.header.manifest_hash().empty());
  ASSERT_EQ(section.header.errors_size(), 1);
  EXPECT_EQ(section.header.errors(0).why(), "refused");
}

TEST(CoveredAs, TheLongestScopeThatHoldsTheNameDecides) {
  v1::Coverage coverage;
  const auto add = [&](std::initializer_list<const char*> scope, v1::Sight state) {
    v1::CoverageEntry& entry = *coverage.add_entries();
    entry.set_kind("table");
    entry.set_facet(v1::FACET_DOCS);
    for (const char* const name : scope) entry.add_scope(name);
    entry.set_state(state);
  };
  add({}, v1::SIGHT_CAPTURED);
  add({"app", "t"}, v1::SIGHT_LOCKED);
  add({"app"}, v1::SIGHT_EXCLUDED);
  EXPECT_EQ(CoveredAs(coverage, "table", v1::FACET_DOCS, {"app", "t"}), v1::SIGHT_LOCKED);
  EXPECT_EQ(CoveredAs(coverage, "table", v1::FACET_DOCS, {"app", "u"}), v1::SIGHT_EXCLUDED);
  EXPECT_EQ(CoveredAs(coverage, "table", v1::FACET_DOCS, {"public", "t"}), v1::SIGHT_CAPTURED);
  EXPECT_EQ(CoveredAs(coverage, "view", v1::FACET_DOCS, {"public", "t"}), v1::SIGHT_UNSPECIFIED);
}

}  // namespace
}  // namespace varve
