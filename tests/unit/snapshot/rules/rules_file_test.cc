#include "snapshot/rules/rules_file.h"

#include "absl/strings/str_cat.h"
#include "base/yaml_config.h"
#include "snapshot/rules/check_proto.h"
#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

const absl::Time kNow = absl::FromCivil(absl::CivilDay(2026, 5, 1), absl::UTCTimeZone());

v1::CheckConfig Config(absl::string_view yaml) {
  v1::CheckConfig config;
  VARVE_EXPECT_OK(ParseYamlConfig(yaml, "rules.yaml", config));
  return config;
}

// Rules by which these tests tell: others may come.
bool IsTold(const std::string& rule) {
  return rule == "pg/invalid-index" || rule == "pg/fk-without-index" ||
         rule == "pg/table-without-primary-key";
}

// What is found in the sample, and what is accepted: "error pg/invalid-index", "accepted …".
std::vector<std::string> Told(absl::string_view yaml, std::vector<std::string> words = {}) {
  const auto result =
      Checked(testing::SampleSnapshot(), RulesAsked{std::move(words), Config(yaml), kNow});
  if (!result.ok()) return {std::string(result.status().message())};
  std::vector<std::string> told;
  for (const v1::Finding& finding : result->findings()) {
    if (!IsTold(finding.rule())) continue;
    constexpr const char* kWords[] = {"unknown", "info", "warn", "error"};
    told.push_back(absl::StrCat(kWords[finding.severity()], " ", finding.rule()));
  }
  for (const v1::AcceptedFinding& each : result->accepted()) {
    told.push_back(absl::StrCat("accepted ", each.finding().rule(), " ", each.owner()));
  }
  for (const v1::RulesFileNote& note : result->notes()) {
    told.push_back(absl::StrCat(note.line(), ": ", note.text()));
  }
  return told;
}

struct FileCase {
  const char* name;
  const char* yaml;
  std::vector<std::string> told;
};
class RulesFileSays : public ::testing::TestWithParam<FileCase> {};

TEST_P(RulesFileSays, AndSoItIs) { EXPECT_EQ(Told(GetParam().yaml), GetParam().told); }

constexpr char kAccept[] =
    "accept:\n"
    "  - rule: pg/invalid-index\n"
    "    object: public.documents_status_again\n"
    "    owner: data-team\n"
    "    reason: built again on Sunday\n";

INSTANTIATE_TEST_SUITE_P(
    All, RulesFileSays,
    ::testing::Values(
        FileCase{"Nothing",
                 "",
                 {"error pg/invalid-index", "warn pg/fk-without-index",
                  "warn pg/table-without-primary-key"}},
        FileCase{"Off",
                 "rules:\n  pg/invalid-index: off\n  pg/fk-without-index: off\n",
                 {"warn pg/table-without-primary-key"}},
        FileCase{"AFamilyOff", "rules:\n  pg/*: off\n", {}},
        FileCase{"WhatComesLaterWins",
                 "rules:\n  pg/*: off\n  pg/fk-without-index: on\n",
                 {"warn pg/fk-without-index"}},
        FileCase{"LevelsAndTheirOrder",
                 "rules:\n  pg/invalid-index: info\n  pg/table-without-primary-key: error\n",
                 {"error pg/table-without-primary-key", "warn pg/fk-without-index",
                  "info pg/invalid-index"}},
        FileCase{"Accepted",
                 "rules: {pg/fk-without-index: off, pg/table-without-primary-key: off}\n"
                 "accept:\n"
                 "  - {rule: pg/invalid-index, object: public.documents_status_again, owner: ann,\n"
                 "     reason: on Sunday, until: 2026-05-01}\n",
                 {"accepted pg/invalid-index ann"}},
        FileCase{"AcceptedOfAnotherSource",
                 "rules: {pg/fk-without-index: off, pg/table-without-primary-key: off}\n"
                 "accept:\n"
                 "  - {rule: pg/invalid-index, object: public.documents_status_again, owner: ann,\n"
                 "     source: billing, reason: on Sunday, until: 2026-05-01}\n",
                 {"error pg/invalid-index"}},
        FileCase{"AcceptanceThatEnded",
                 "rules: {pg/fk-without-index: off, pg/table-without-primary-key: off}\n"
                 "accept:\n"
                 "  - {rule: pg/invalid-index, object: public.documents_status_again, owner: ann,\n"
                 "     reason: on Sunday, until: 2026-04-30}\n",
                 {"error pg/invalid-index",
                  "3: this acceptance ended on 2026-04-30: ask ann to mend the finding or to renew "
                  "it"}},
        FileCase{"MappingToATableThatIsNotThere",
                 "rules: {pg/*: off}\n"
                 "models:\n"
                 "  shop.models.SourceDocumentMinimal: public.gone\n"
                 "  shop.*: none\n",
                 {"3: model shop.models.SourceDocumentMinimal: there is no table public.gone"}},
        FileCase{"ModelsThatAreNotThere",
                 "rules: {pg/*: off, model/*: off}\n"
                 "models:\n"
                 "  shop.models.Gone: public.source_documents\n"
                 "  shop.entities.*: {role: read}\n"
                 "  shop.entities.Entity: {role: table}\n",
                 {"3: there is no model shop.models.Gone",
                  "5: lines before this one name each model that shop.entities.Entity names"}},
        FileCase{"FieldsAndColumnsThatAreNotThere",
                 "rules: {pg/*: off, model/*: off}\n"
                 "models:\n"
                 "  shop.models.SourceDocumentMinimal:\n"
                 "    table: source_documents\n"
                 "    fields:\n"
                 "      titel: title\n"
                 "      title: titel\n"
                 "    ignore: [title_again, status]\n",
                 {"3: model shop.models.SourceDocumentMinimal has neither field nor column "
                  "title_again to ignore",
                  "6: model shop.models.SourceDocumentMinimal has no field titel",
                  "7: the table of model shop.models.SourceDocumentMinimal has no column titel"}},
        FileCase{"ADatabaseThatIsNotThere",
                 "rules: {pg/*: off, model/*: off}\n"
                 "models:\n"
                 "  shop.entities.*: {database: shop}\n"
                 "  '*': {database: documents}\n",
                 {"3: model shop.entities.*: there is no database shop",
                  "4: model *: there is no database documents"}},
        FileCase{"KeysThatNoPatternIsOf",
                 "rules: {pg/*: off}\n"
                 "redis_keys:\n"
                 "  - pattern: '*'\n"
                 "  - pattern: gone:<int>\n",
                 {"4: no key is of pattern gone:<int>"}},
        FileCase{"KeysOfAModulesType",
                 "rules: {pg/*: off}\n"
                 "redis_keys:\n"
                 "  - {pattern: '*', type: ReJSON-RL}\n",
                 {}}),
    [](const auto& info) { return info.param.name; });

struct WrongCase {
  const char* name;
  std::string yaml;
  const char* message;
};
class WrongRulesFile : public ::testing::TestWithParam<WrongCase> {};

TEST_P(WrongRulesFile, IsNamedWithItsLine) {
  EXPECT_THAT(RulesFile::Of(Config(GetParam().yaml)),
              StatusIs(absl::StatusCode::kInvalidArgument, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongRulesFile,
    ::testing::Values(
        WrongCase{"UnknownRule", "# ours\nrules:\n  pg/duplicate-indx: off\n",
                  "line 3 of the rules file: no rule is called 'pg/duplicate-indx'; nearest is "
                  "pg/duplicate-index"},
        WrongCase{"UnknownLevel", "rules:\n  pg/duplicate-index: fatal\n",
                  "line 2 of the rules file: 'pg/duplicate-index' is off, on, info, warn or error, "
                  "not 'fatal'"},
        WrongCase{"AcceptanceOfNothing", "accept:\n  - {rule: pg/duplicate-index}\n",
                  "line 2 of the rules file: an acceptance says which finding: rule and object, or "
                  "fingerprint"},
        WrongCase{
            "AcceptanceOfAnUnknownRule", "accept:\n  - {rule: pg/fk-cycl, object: public.a}\n",
            "line 2 of the rules file: no rule is called 'pg/fk-cycl'; nearest is pg/fk-cycle"},
        WrongCase{"AcceptanceWithoutAnEnd", kAccept,
                  "line 2 of the rules file: an acceptance needs owner, reason and until"},
        WrongCase{"AcceptanceUntilNoDay", absl::StrCat(kAccept, "    until: soon\n"),
                  "line 2 of the rules file: until: 'soon' is no day such as 2027-03-01"},
        WrongCase{"KeysWithoutAPattern", "redis_keys:\n  - {type: string}\n",
                  "line 2 of the rules file: declared keys need a pattern"},
        WrongCase{"NothingSaidOfAModel", "models:\n  a.B: {}\n",
                  "line 2 of the rules file: nothing is said of model a.B: give table, role, "
                  "fields, ignore or database"},
        WrongCase{"MoreOfAModelWithoutATable", "models:\n  a.B: {table: none, ignore: [x]}\n",
                  "line 2 of the rules file: model a.B stands for no table: leave out what is said "
                  "of one"},
        WrongCase{"FieldWithoutAColumn", "models:\n  a.B:\n    fields:\n      x: ''\n",
                  "line 4 of the rules file: field x needs the name of its column"},
        WrongCase{"FieldBothNamedAndIgnored",
                  "models:\n  a.B:\n    ignore: x\n    fields: {x: y}\n",
                  "line 4 of the rules file: field x has a column, and is left out: keep one"},
        WrongCase{"UnknownTtl", "redis_keys:\n  - {pattern: a, ttl: often}\n",
                  "line 2 of the rules file: ttl is always, never or mixed, not 'often'"},
        WrongCase{"UnknownType", "redis_keys:\n  - pattern: a\n  - {pattern: b, type: strnig}\n",
                  "line 3 of the rules file: type is one of hash, list, set, stream, string, "
                  "vectorset, zset, or a module's, not 'strnig'"},
        WrongCase{"UnknownFormat", "redis_keys:\n  - pattern: a\n    format: xml\n",
                  "line 2 of the rules file: format is one of binary, empty, gzip, hyperloglog, "
                  "integer, json, number, text, zstd, not 'xml'"},
        WrongCase{"UnknownTypeOfValue",
                  "redis_keys:\n  - pattern: a\n    value:\n      $.user: integer\n"
                  "      $.note: string|nil\n",
                  "line 5 of the rules file: what stands at $.note is one of any, array, binary, "
                  "boolean, integer, number, null, object, string, or several with | between them, "
                  "not 'nil'"}),
    [](const auto& info) { return info.param.name; });

TEST(RulesFile, ARuleThatIsNamedIsAskedThoughItIsOff) {
  EXPECT_THAT(Told("rules:\n  pg/*: off\n", {"pg/invalid-index"}),
              ElementsAre("error pg/invalid-index"));
}

TEST(RulesFile, AFindingIsAcceptedByItsFingerprint) {
  const auto all = Checked(testing::SampleSnapshot(), RulesAsked{{"pg/invalid-index"}, {}, kNow});
  VARVE_ASSERT_OK(all);
  ASSERT_EQ(all->findings_size(), 1);
  EXPECT_THAT(Told(absl::StrCat("accept:\n  - {fingerprint: ", all->findings(0).fingerprint(),
                                ", owner: ann, reason: r, until: 2027-01-01}\n"),
                   {"pg/invalid-index"}),
              ElementsAre("accepted pg/invalid-index ann"));
}

TEST(RulesFile, OfASourceThatWasAwayNothingIsMissing) {
  Snapshot snapshot = testing::Assemble({SectionBuilder::Unavailable(
      "postgres", "postgres", "h:5432", "connecting", "refused", "start it")});
  const auto result =
      Checked(snapshot, RulesAsked{{}, Config("models:\n  a.B: public.gone\n"), kNow});
  VARVE_ASSERT_OK(result);
  EXPECT_THAT(result->notes(), IsEmpty());
}

}  // namespace
}  // namespace varve
