#include "cli/render/diff_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/diff.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

v1::DiffResult Answer() {
  v1::DiffResult result;
  result.set_before("prod-eu@41");
  result.set_after("prod-eu@42");
  result.set_entities_compared(12);
  result.set_verdict(v1::VERDICT_SAME);
  return result;
}

v1::Difference& AddDifference(v1::DiffResult& result, v1::Difference::Op op,
                              const EntityKey& entity) {
  v1::Difference& difference = *result.add_differences();
  difference.set_op(op);
  difference.set_section("postgres");
  *difference.mutable_identity() = IdentityOf(entity);
  difference.set_facet(v1::FACET_STRUCTURE);
  result.set_verdict(v1::VERDICT_DIFFERENT);
  return difference;
}

v1::PropertyChange& AddChange(v1::Difference& difference, const std::vector<std::string>& path) {
  v1::PropertyChange& change = *difference.add_changes();
  for (const std::string& part : path) change.add_path(part);
  return change;
}

// Two added, one removed, one renamed, one changed in three ways.
v1::DiffResult Mixed() {
  v1::DiffResult result = Answer();
  AddDifference(result, v1::Difference::OP_ADDED, {"function", {"public", "refund", "bigint"}});
  AddDifference(result, v1::Difference::OP_ADDED, testing::Table("public", "coupons"));
  AddDifference(result, v1::Difference::OP_REMOVED, {"sequence", {"public", "batch_seq"}});
  v1::Difference& renamed =
      AddDifference(result, v1::Difference::OP_RENAMED, {"view", {"public", "open_orders"}});
  *renamed.mutable_was() = IdentityOf({"view", {"public", "pending"}});
  renamed.set_proven(true);
  v1::Difference& changed =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  v1::PropertyChange& type = AddChange(changed, {"columns", "total", "type"});
  type.set_before("integer");
  type.set_after("numeric(12,2)");
  AddChange(changed, {"columns", "coupon"}).set_after("text");
  AddChange(changed, {"indexes", "orders_placed_idx"}).set_before("btree (placed)");
  return result;
}

TEST(DiffTable, WhatAValueGainedReadsAsItsPath) {
  v1::DiffResult result = Answer();
  v1::Difference& changed =
      AddDifference(result, v1::Difference::OP_CHANGED, {"key_pattern", {"0", "session:<uuid>"}});
  AddChange(changed, {"values", "string", "paths", "$.user.plan"}).set_after("types [string]");
  v1::PropertyChange& types =
      AddChange(changed, {"values", "string", "paths", "$.user.id", "types"});
  types.set_before("[integer]");
  types.set_after("[integer, string]");
  EXPECT_THAT(DiffTable(result, true),
              HasSubstr("      + path $.user.plan  string\n"
                        "      ~ path $.user.id    types [integer] → [integer, string]\n"));
}

TEST(DiffTable, TheFirstLineIsTheAnswer) {
  EXPECT_THAT(DiffTable(Mixed(), true),
              StartsWith("prod-eu@41 → prod-eu@42: 2 added, 1 changed, 1 removed, 1 renamed\n"));
}

TEST(DiffTable, NothingDifferentSaysWhatWasLookedAt) {
  EXPECT_EQ(DiffTable(Answer(), true), "prod-eu@41 → prod-eu@42: no differences in 12 entities\n");
}

TEST(DiffTable, EachThingHasItsSignAndEachPartItsLine) {
  EXPECT_EQ(DiffTable(Mixed(), true),
            "prod-eu@41 → prod-eu@42: 2 added, 1 changed, 1 removed, 1 renamed\n"
            "\n"
            "postgres\n"
            "  + function public.refund(bigint)\n"
            "  - sequence public.batch_seq\n"
            "  + table public.coupons\n"
            "  ~ table public.orders\n"
            "      ~ column total             type integer → numeric(12,2)\n"
            "      + column coupon            text\n"
            "      - index orders_placed_idx  btree (placed)\n"
            "  → view public.open_orders  was public.pending\n");
}

TEST(DiffTable, APartThatCameInSeveralFacetsIsToldOnce) {
  v1::DiffResult result = Answer();
  v1::Difference& structure =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  AddChange(structure, {"columns", "coupon"}).set_after("text has default");
  AddChange(structure, {"indexes", "coupon"}).set_after("btree (coupon)");
  v1::Difference& expressions =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  expressions.set_facet(v1::FACET_EXPRESSIONS);
  AddChange(expressions, {"columns", "coupon"}).set_after("'x'::text");
  EXPECT_THAT(DiffTable(result, true),
              ::testing::EndsWith("  ~ table public.orders\n"
                                  "      + column coupon  text has default 'x'::text\n"
                                  "      + index coupon   btree (coupon)\n"));
}

v1::DiffResult Classified() {
  v1::DiffResult result = Answer();
  v1::Difference& changed =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  AddChange(changed, {"columns", "coupon"}).set_after("text");
  AddChange(changed, {"columns", "note"}).set_before("text");
  AddDifference(result, v1::Difference::OP_ADDED, {"sequence", {"public", "batch_seq"}});
  Classify(result);
  return result;
}

TEST(DiffTable, EachDifferenceSaysWhatItMayDo) {
  EXPECT_EQ(DiffTable(Classified(), true),
            "prod-eu@41 → prod-eu@42: 1 added, 1 changed (1 breaking)\n"
            "\n"
            "postgres\n"
            "  + sequence public.batch_seq  additive\n"
            "  ~ table public.orders\n"
            "      + column coupon  text  additive\n"
            "      - column note    text  breaking: who names it fails\n");
}

TEST(DiffTable, ColoursRepeatWhatTheSignsSay) {
  const std::string text = DiffTable(Classified(), true, true);
  EXPECT_THAT(text, HasSubstr("      \x1b[32m+\x1b[0m column coupon"));
  EXPECT_THAT(text, HasSubstr("\x1b[31mbreaking: who names it fails\x1b[0m"));
}

TEST(DiffTable, AColumnThatGotADefaultIsNotToldAsOneThatCame) {
  v1::DiffResult result = Answer();
  v1::Difference& structure =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  v1::PropertyChange& flag = AddChange(structure, {"columns", "total", "has_default"});
  flag.set_before("false");
  flag.set_after("true");
  v1::Difference& expressions =
      AddDifference(result, v1::Difference::OP_CHANGED, testing::Table("public", "orders"));
  expressions.set_facet(v1::FACET_EXPRESSIONS);
  AddChange(expressions, {"columns", "total"}).set_after("0");
  EXPECT_THAT(DiffTable(result, true), EndsWith("  ~ table public.orders\n"
                                                "      ~ column total  expression none → 0\n"));
}

TEST(DiffTable, SourcesAndKindsThatWereNotComparedAreCounted) {
  v1::DiffResult result = Answer();
  result.add_cannot_say()->set_section("redis");
  for (const char* const kind : {"table", "view"}) {
    v1::NotCompared& item = *result.add_not_comparable();
    item.set_section("postgres");
    *item.mutable_identity() = IdentityOf({kind, {"public", "a"}});
    if (item.identity().kind() == "view") item.add_path("options");
  }
  EXPECT_THAT(DiffTable(result, true),
              StartsWith("prod-eu@41 → prod-eu@42: no differences in 12 entities; 1 source and 1 "
                         "kind not compared; 1 kind compared in part\n"));
}

TEST(DiffJunit, WhatIsHeavyEnoughFails) {
  const std::string xml = DiffJunit(Classified(), v1::CHANGE_CLASS_BREAKING);
  EXPECT_THAT(xml, HasSubstr(R"(tests="2" failures="1" skipped="0")"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"added column coupon text (additive); removed "
                             "column note text (breaking: who names it fails)\"/>"));
}

TEST(DiffJunit, NothingDifferentIsOneCaseThatPassed) {
  EXPECT_THAT(DiffJunit(Answer(), v1::CHANGE_CLASS_UNSPECIFIED),
              HasSubstr(R"(tests="1" failures="0" skipped="0")"));
}

TEST(DiffGithub, WhatBreaksIsAnError) {
  EXPECT_EQ(DiffGithub(Classified()),
            "::notice title=postgres sequence public.batch_seq::added sequence public.batch_seq "
            "(additive)\n"
            "::error title=postgres table public.orders::added column coupon text (additive); "
            "removed column note text (breaking: who names it fails)\n"
            "::notice title=varve diff prod-eu@41 prod-eu@42::1 added, 1 changed (1 breaking)\n");
}

TEST(DiffTable, HasOnlyAsciiSignsWhereTheLocaleHasNoOthers) {
  const std::string text = DiffTable(Mixed(), false);
  EXPECT_THAT(text, StartsWith("prod-eu@41 -> prod-eu@42: "));
  EXPECT_THAT(text, HasSubstr("type integer -> numeric(12,2)"));
  EXPECT_THAT(text, HasSubstr("  > view public.open_orders"));
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(DiffTable, WhatWasNotComparedHasItsOwnParagraphWithReasonAndRemedy) {
  v1::DiffResult result = Answer();
  v1::NotCompared& item = *result.add_cannot_say();
  item.set_section("postgres");
  *item.mutable_identity() = IdentityOf(testing::Table("app", "mentions"));
  item.set_facet(v1::FACET_EXPRESSIONS);
  item.set_before(v1::SIGHT_CAPTURED);
  item.set_after(v1::SIGHT_LOCKED);
  item.set_reason("lock timeout (55P03)");
  item.set_remedy("read again");
  result.add_not_configured("redis");
  EXPECT_EQ(DiffTable(result, true),
            "prod-eu@41 → prod-eu@42: no differences in 12 entities; 1 kind not compared\n"
            "\n"
            "not compared\n"
            "  ? postgres: expressions of table app.mentions  locked in prod-eu@42: lock timeout "
            "(55P03); read again\n"
            "    redis  not configured on one of the sides\n");
}

TEST(DiffTable, ManyThingsOfOneReasonAreCounted) {
  v1::DiffResult result = Answer();
  for (int at = 0; at < 1204; ++at) {
    v1::NotCompared& item = *result.add_neither();
    item.set_section("postgres");
    *item.mutable_identity() = IdentityOf(testing::Table("app", "t" + std::to_string(at)));
    item.set_facet(v1::FACET_ACCESS);
    item.set_before(v1::SIGHT_NOT_PERMITTED);
    item.set_after(v1::SIGHT_NOT_PERMITTED);
  }
  EXPECT_THAT(DiffTable(result, true),
              HasSubstr("  ? postgres: access of 1,204 tables  not permitted on both sides\n"));
}

TEST(DiffTable, AChangeFoundAfterAGapIsDated) {
  v1::DiffResult result = Answer();
  v1::Difference& removed =
      AddDifference(result, v1::Difference::OP_REMOVED, testing::Table("public", "old"));
  removed.set_between_from(38);
  removed.set_between_to(42);
  EXPECT_THAT(DiffTable(result, true), HasSubstr("  - table public.old    between @38 and @42\n"));
}

TEST(DiffTable, APartThatIsNoMoreThanItsNameIsNamedOnce) {
  v1::DiffResult result = Answer();
  v1::Difference& changed =
      AddDifference(result, v1::Difference::OP_CHANGED, {"extension", {"pg_trgm"}});
  AddChange(changed, {"members", "function public.f()"}).set_after("public.f()");
  AddChange(changed, {"labels", "open"}).set_before("open");
  EXPECT_THAT(DiffTable(result, true), EndsWith("      + member function public.f()\n"
                                                "      - label open\n"));
}

TEST(DiffTable, ALongOrManyLinedValueIsToldByItsSize) {
  v1::DiffResult result = Answer();
  v1::Difference& changed = AddDifference(result, v1::Difference::OP_CHANGED,
                                          {"function", {"public", "archive", "date"}});
  v1::PropertyChange& body = AddChange(changed, {"source"});
  body.set_before("begin\nend");
  body.set_after(std::string(500, 'x'));
  EXPECT_THAT(DiffTable(result, true), HasSubstr("      ~ source  (2 lines) → (500 characters)\n"));
}

TEST(DiffTable, NoNameCanEndALineOrMoveTheCursor) {
  v1::DiffResult result = Answer();
  AddDifference(result, v1::Difference::OP_ADDED, testing::Table("public", "a\n- b\x1b[2J"));
  const std::string text = DiffTable(result, true);
  EXPECT_THAT(text, HasSubstr("  + table public.a - b [2J\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(DiffTable, OfTwoRealSnapshotsNamesColumnTypeAndIndex) {
  Snapshot after = testing::SampleSnapshot();
  SectionBuilder builder("models", "models", 1);
  builder.CoverWhole("model");
  v1::ModelStructure model;
  model.set_kind("model");
  *model.add_fields() = testing::Field("document_uuid", "str");
  testing::AddModel(builder, {"model", {"shop.models", "SourceDocumentMinimal"}}, model);
  after.sections[2] = builder.Finish();
  *after.header.mutable_sections(2) = after.sections[2].header;
  after.seq = 43;
  const auto result = Diff(testing::SampleSnapshot(), after, nullptr);
  ASSERT_TRUE(result.ok()) << result.status();
  const std::string text = DiffTable(*result, true);
  EXPECT_THAT(text, StartsWith("prod-eu@42 → prod-eu@43: 1 changed, 2 removed"));
  EXPECT_THAT(text, HasSubstr("      ~ field document_uuid  type UUID → str\n"));
  EXPECT_THAT(text, HasSubstr("  - model shop.entities.Entity\n"));
}

TEST(DiffMarkdown, IsAHeadingWithTheAnswerAndAList) {
  EXPECT_EQ(DiffMarkdown(Mixed()),
            "## prod-eu\\@41 → prod-eu\\@42: 2 added, 1 changed, 1 removed, 1 renamed\n"
            "\n"
            "### postgres\n"
            "\n"
            "- `+` function public.refund(bigint)\n"
            "- `-` sequence public.batch_seq\n"
            "- `+` table public.coupons\n"
            "- `~` table public.orders\n"
            "  - `~` column total: type integer → numeric(12,2)\n"
            "  - `+` column coupon: text\n"
            "  - `-` index orders_placed_idx: btree (placed)\n"
            "- `→` view public.open_orders: was public.pending\n");
}

TEST(DiffMarkdown, NamesAreNoMarkup) {
  v1::DiffResult result = Answer();
  AddDifference(result, v1::Difference::OP_ADDED, testing::Table("public", "<b>*a*\n# x"));
  EXPECT_THAT(DiffMarkdown(result), HasSubstr("- `+` table public.\\<b>\\*a\\* \\# x\n"));
}

}  // namespace
}  // namespace varve
