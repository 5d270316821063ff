#include <algorithm>
#include <initializer_list>

#include "absl/strings/match.h"
#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using testing::Checked;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Orders;
using testing::OrdersTable;
using testing::StatusIs;
using testing::Unsaid;

TEST(Rules, AreListedByIdAndSayWhyAndWhatToDo) {
  EXPECT_TRUE(std::is_sorted(Rules().begin(), Rules().end(),
                             [](const Rule& a, const Rule& b) { return a.id < b.id; }));
  for (const Rule& rule : Rules()) {
    // How a source was read is told by its section, whatever is in it.
    EXPECT_TRUE(!rule.needs.empty() || rule.id == "model/source-degraded") << rule.id;
    EXPECT_EQ(rule.why.back(), '.') << rule.id;
    EXPECT_EQ(rule.remedy.back(), '.') << rule.id;
  }
}

TEST(Check, FindsWhatTheSampleHoldsOfEachRuleMostSevereFirst) {
  const CheckResult result = Checked({testing::SamplePostgres(), testing::SampleModels()});
  std::vector<std::string> found;
  for (const Finding& finding : result.findings) {
    found.push_back(std::string(SeverityName(finding.severity)) + " " + std::string(finding.rule) +
                    " " + finding.object);
  }
  EXPECT_THAT(
      found, ElementsAre(
                 "error model/column-without-field shop.entities.Entity.aliases",
                 "error model/column-without-field shop.entities.Entity.mention_count",
                 "error model/field-without-column shop.entities.Entity.rank",
                 "error model/orm-nullable-differs shop.entities.Entity.canonical_name",
                 "error pg/invalid-index public.documents_status_again",
                 "warn model/field-without-column shop.models.SourceDocumentMinimal.tags",
                 "warn model/orm-check-missing shop.entities.Entity",
                 "warn model/orm-foreign-key-differs shop.entities.Entity.canonical_name",
                 "warn model/orm-server-default-differs shop.entities.Entity.canonical_entity_uuid",
                 "warn model/orm-unique-differs shop.entities.Entity.canonical_name",
                 "warn pg/fk-without-index app.mentions|`x`<i>\n_odd_.entity_uuid",
                 "warn pg/table-without-primary-key app.mentions|`x`<i>\n_odd_",
                 "info model/column-without-field shop.entities.Entity.confidence",
                 "info model/orm-index-differs shop.entities.Entity",
                 "info model/orm-type-differs shop.entities.Entity.canonical_name",
                 "info pg/unlogged-table app.mentions|`x`<i>\n_odd_"));
}

TEST(Check, OfNothingFindsNothing) {
  const CheckResult result = Checked({});
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(result.cannot_say, IsEmpty());
}

TEST(Check, OfAnUnavailableSourceCannotSay) {
  const CheckResult result = Checked({SectionBuilder::Unavailable(
      "postgres", "postgres", "h:5432", "connecting", "refused", "start it")});
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(Unsaid(result, "pg/invalid-index"), ElementsAre(": its source was unavailable"));
}

TEST(Check, SaysWhatARuleNeededAndWasNotCaptured) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED,
                "permission denied for schema app (42501)", "GRANT USAGE ON SCHEMA app TO varve",
                std::vector<std::string>{"app"});
  builder.Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  const CheckResult result = Checked({builder.Finish()});
  EXPECT_THAT(Unsaid(result, "pg/table-without-primary-key"),
              ElementsAre("app: table structure: not permitted: permission denied for schema app "
                          "(42501); GRANT USAGE ON SCHEMA app TO varve"));
  EXPECT_THAT(
      Unsaid(result, "pg/invalid-index"),
      ElementsAre(": materialized_view state: not captured", ": table state: not captured"));
}

TEST(Check, SaysNothingOfWhatWasExcludedOnPurpose) {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  builder.Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_EXCLUDED, "pattern tmp_*", "",
                std::vector<std::string>{"tmp"});
  EXPECT_THAT(Unsaid(Checked({builder.Finish()}), "pg/table-without-primary-key"), IsEmpty());
}

TEST(Check, RunsARuleOfPolicyOnlyWhereItIsNamed) {
  const Section database = testing::PostgresWith([](SectionBuilder& builder) {
    v1::TableStructure table = OrdersTable();
    table.mutable_columns(0)->mutable_type()->mutable_type()->set_names(1, "int4");
    testing::AddTable(builder, Orders(), table);
  });
  EXPECT_THAT(testing::Findings(Checked({database}), "pg/small-primary-key"), IsEmpty());
  const auto named =
      Check(testing::Assemble({database}), std::vector<std::string>{"pg/small-primary-key"});
  ASSERT_THAT(named, testing::IsOk());
  EXPECT_THAT(testing::Findings(*named, "pg/small-primary-key"),
              ElementsAre("info public.orders.id: is the primary key and integer"));
}

TEST(Check, OfARuleThatIsNotThereFails) {
  EXPECT_THAT(Check(Snapshot(), std::vector<std::string>{"pg/duplicate-indx"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("pg/duplicate-indx")));
}

std::vector<std::string> Named(std::initializer_list<std::string> words) {
  const auto ids = RulesNamed(std::vector<std::string>(words));
  return ids.ok() ? *ids : std::vector<std::string>{std::string(ids.status().message())};
}

std::vector<std::string> IdsOf(absl::string_view family, bool with_those_of_policy) {
  std::vector<std::string> ids;
  for (const Rule& rule : Rules()) {
    const bool is_wanted = rule.by_default || with_those_of_policy;
    if (is_wanted && absl::StartsWith(rule.id, family)) ids.emplace_back(rule.id);
  }
  return ids;
}

TEST(RulesNamed, WithoutAWordAreThoseRunByDefault) { EXPECT_EQ(Named({}), IdsOf("", false)); }

TEST(RulesNamed, ByItsIdIsThatOne) {
  EXPECT_THAT(Named({"pg/small-primary-key"}), ElementsAre("pg/small-primary-key"));
}

TEST(RulesNamed, ByAFamilyAreThoseOfItRunByDefault) {
  EXPECT_EQ(Named({"pg"}), IdsOf("pg/", false));
}

TEST(RulesNamed, ByAFamilyAndAStarAreAllOfIt) { EXPECT_EQ(Named({"pg/*"}), IdsOf("pg/", true)); }

TEST(RulesNamed, ByAStarAreAll) { EXPECT_EQ(Named({"*"}), IdsOf("", true)); }

TEST(RulesNamed, TwiceIsOnce) {
  EXPECT_THAT(Named({"pg/invalid-index", "model/type-mismatch", "pg/invalid-index"}),
              ElementsAre("model/type-mismatch", "pg/invalid-index"));
}

TEST(RulesNamed, OfNothingThatIsThereNamesTheNearest) {
  EXPECT_THAT(Named({"pg", "pg/duplicate-indx"}),
              ElementsAre("no rule is called 'pg/duplicate-indx'; nearest is pg/duplicate-index"));
  EXPECT_THAT(Named({"p"}), ElementsAre(HasSubstr("no rule is called 'p'")));
}

TEST(RulesNamed, OfABeginningNamesThoseThatBeginSo) {
  EXPECT_THAT(Named({"pg/redundant"}), ElementsAre(HasSubstr("nearest is pg/redundant-index")));
  EXPECT_THAT(Named({"pg/security-definer"}),
              ElementsAre("no rule is called 'pg/security-definer'; these begin so: "
                          "pg/security-definer-public, pg/security-definer-without-search-path"));
  EXPECT_THAT(Named({"pg/"}), ElementsAre(ContainsRegex("begin so: pg/[^,]+(, pg/[^,]+){11} and "
                                                        "[1-9][0-9]+ more$")));
}

TEST(Check, ADamagedSnapshotIsNoAnswer) {
  Snapshot snapshot = testing::SampleSnapshot();
  snapshot.sections[0].shapes.Edit().begin()->second += "x";
  EXPECT_THAT(Check(snapshot, Named({})),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("postgres")));
}

}  // namespace
}  // namespace varve
