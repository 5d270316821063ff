#include "cli/render/check_text.h"

#include <tinyxml2.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void AddFinding(v1::CheckResult& result, v1::FindingSeverity severity, const std::string& rule,
                const std::string& object, const std::string& message, const std::string& remedy) {
  v1::Finding& finding = *result.add_findings();
  finding.set_rule(rule);
  finding.set_severity(severity);
  finding.set_section("postgres");
  finding.set_object(object);
  finding.set_message(message);
  finding.set_remedy(remedy);
  finding.set_fingerprint("0123456789abcdef");
}

void AddUnsaid(v1::CheckResult& result, const std::string& rule, const std::string& object) {
  v1::Unsaid& unsaid = *result.add_cannot_say();
  unsaid.set_rule(rule);
  unsaid.set_section("postgres");
  unsaid.set_object(object);
  unsaid.set_reason("table state: not permitted");
}

v1::CheckResult Answer() {
  v1::CheckResult result;
  result.set_reference("prod-eu@940");
  for (const char* const rule : {"pg/a", "pg/b", "pg/fk-without-index"}) result.add_rules(rule);
  return result;
}

v1::CheckResult Mixed() {
  v1::CheckResult result = Answer();
  AddFinding(result, v1::FINDING_SEVERITY_ERROR, "pg/a", "public.orders", "is broken",
             "reindex table public.orders;");
  AddFinding(result, v1::FINDING_SEVERITY_WARNING, "pg/fk-without-index", "public.orders.user_id",
             "has no index", "");
  AddUnsaid(result, "pg/a", "");
  return result;
}

TEST(CheckTable, TellsTheAnswerThenEachFindingThenWhatCouldNotBeSaid) {
  EXPECT_EQ(CheckTable(Mixed()),
            "prod-eu@940: 1 error, 1 warning; 3 rules, 1 could not say\n"
            "\n"
            "error  pg/a                 public.orders\n"
            "       is broken\n"
            "       reindex table public.orders;\n"
            "warn   pg/fk-without-index  public.orders.user_id\n"
            "       has no index\n"
            "\n"
            "cannot say\n"
            "  ?    postgres: table state: not permitted\n"
            "       pg/a\n");
}

TEST(CheckTable, NothingFoundIsOneLine) {
  EXPECT_EQ(CheckTable(Answer()), "prod-eu@940: nothing found; 3 rules\n");
}

TEST(CheckTable, WithoutAnErrorSaysSo) {
  v1::CheckResult result = Answer();
  AddFinding(result, v1::FINDING_SEVERITY_INFO, "pg/b", "public.orders", "is odd", "");
  EXPECT_THAT(CheckTable(result), HasSubstr("prod-eu@940: no error, 1 note; 3 rules\n"));
}

TEST(CheckTable, NamesTheSectionWhereSeveralAreSpokenOf) {
  v1::CheckResult result = Mixed();
  result.mutable_findings(1)->set_section("billing");
  EXPECT_THAT(CheckTable(result), HasSubstr("public.orders.user_id (billing)\n"));
}

TEST(CheckTable, WhatKeepsManyRulesFromAnAnswerIsToldOnce) {
  v1::CheckResult result = Answer();
  for (const char* const rule : {"pg/a", "pg/b", "pg/c", "pg/d", "pg/e", "pg/f"}) {
    AddUnsaid(result, rule, "public.orders");
  }
  AddUnsaid(result, "pg/a", "public.items");
  EXPECT_THAT(CheckTable(result), HasSubstr("cannot say\n"
                                            "  ?    public.items: table state: not permitted\n"
                                            "       pg/a\n"
                                            "  ?    public.orders: table state: not permitted\n"
                                            "       pg/a, pg/b, pg/c, pg/d and 2 more\n"));
}

TEST(CheckTable, AnObjectWithALineBreakOrAnEscapeStaysOneLine) {
  v1::CheckResult result = Answer();
  AddFinding(result, v1::FINDING_SEVERITY_ERROR, "pg/a", "public.a\n\x1b[31mb", "is broken", "");
  EXPECT_THAT(CheckTable(result), Not(HasSubstr("\x1b")));
  EXPECT_THAT(CheckTable(result), Not(HasSubstr("public.a\n")));
}

TEST(CheckMarkdown, IsAHeadingAndTables) {
  EXPECT_EQ(CheckMarkdown(Mixed()),
            "## prod-eu\\@940: 1 error, 1 warning; 3 rules, 1 could not say\n"
            "\n"
            "| Severity | Rule | Object | Finding | What to do |\n"
            "| --- | --- | --- | --- | --- |\n"
            "| error | pg/a | public.orders | is broken | reindex table public.orders; |\n"
            "| warn | pg/fk-without-index | public.orders.user_id | has no index |  |\n"
            "\n"
            "### Cannot Say\n"
            "\n"
            "| Object | Why it cannot be said | Rules |\n"
            "| --- | --- | --- |\n"
            "| postgres | table state: not permitted | pg/a |\n"
            "\n");
}

TEST(CheckJson, SaysAllOfIt) {
  const auto json = nlohmann::json::parse(CheckJson(Mixed()));
  EXPECT_EQ(json["format"], "varve.check.v1");
  EXPECT_EQ(json["reference"], "prod-eu@940");
  EXPECT_EQ(json["rules"].size(), 3u);
  EXPECT_EQ(json["findings"][0], nlohmann::json({{"rule", "pg/a"},
                                                 {"severity", "error"},
                                                 {"section", "postgres"},
                                                 {"object", "public.orders"},
                                                 {"message", "is broken"},
                                                 {"remedy", "reindex table public.orders;"},
                                                 {"fingerprint", "0123456789abcdef"}}));
  EXPECT_TRUE(json["findings"][1]["remedy"].is_null());
  EXPECT_EQ(json["cannot_say"][0]["reason"], "table state: not permitted");
}

// Text and attributes of the cases of a suite: "pg/a|public.orders|failure".
std::vector<std::string> CasesOf(const std::string& xml) {
  tinyxml2::XMLDocument document;
  if (document.Parse(xml.c_str()) != tinyxml2::XML_SUCCESS) return {"no XML"};
  std::vector<std::string> cases;
  const tinyxml2::XMLElement* const suite = document.RootElement();
  for (const auto* each = suite->FirstChildElement("testcase"); each != nullptr;
       each = each->NextSiblingElement("testcase")) {
    const tinyxml2::XMLElement* const how = each->FirstChildElement();
    cases.push_back(std::string(each->Attribute("classname")) + "|" + each->Attribute("name") +
                    "|" + (how == nullptr ? "passed" : how->Name()));
  }
  return cases;
}

TEST(CheckJunit, HasACaseForEachFindingAndForEachRuleThatFoundNothing) {
  EXPECT_THAT(CasesOf(CheckJunit(Mixed(), v1::FINDING_SEVERITY_ERROR)),
              ::testing::ElementsAre("pg/a|public.orders|failure",
                                     "pg/fk-without-index|public.orders.user_id|system-out",
                                     "pg/a|postgres|skipped", "pg/b|all objects|passed"));
}

TEST(CheckJunit, FailsFromTheAskedSeverityOn) {
  const std::string xml = CheckJunit(Mixed(), v1::FINDING_SEVERITY_WARNING);
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"2\" skipped=\"1\""));
}

TEST(CheckJunit, StaysXmlWhateverNamesHold) {
  v1::CheckResult result = Answer();
  AddFinding(result, v1::FINDING_SEVERITY_ERROR, "pg/a", "public.\"<a>&\x01\"", "]]>", "");
  EXPECT_THAT(CasesOf(CheckJunit(result, v1::FINDING_SEVERITY_ERROR)), ::testing::SizeIs(3));
}

TEST(CheckGithub, IsAnAnnotationForEachFindingAndTheAnswer) {
  EXPECT_EQ(CheckGithub(Mixed()),
            "::error title=pg/a::public.orders: is broken; reindex table public.orders;\n"
            "::warning title=pg/fk-without-index::public.orders.user_id: has no index\n"
            "::notice title=pg/a::postgres: cannot say: table state: not permitted\n"
            "::notice title=varve check::prod-eu@940: 1 error, 1 warning; 3 rules, 1 could not "
            "say\n");
}

TEST(CheckGithub, NoNameBeginsAnotherCommand) {
  v1::CheckResult result = Answer();
  AddFinding(result, v1::FINDING_SEVERITY_ERROR, "pg/a", "public.a%\n::set-output name=x::y",
             "is broken", "");
  const std::string text = CheckGithub(result);
  EXPECT_THAT(text, HasSubstr("public.a%25"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

}  // namespace
}  // namespace varve
