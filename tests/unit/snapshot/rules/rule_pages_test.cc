// The pages of docs/rules/ say what the table of rules says. What they should be is written by
//   VARVE_UPDATE_GOLDEN=1 build/release/tests/snapshot_rules_test --gtest_filter='*RulePages*'
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/rules.h"

namespace varve {
namespace {

const std::filesystem::path kFolder = VARVE_RULE_PAGES_FOLDER;

std::string FileOf(const Rule& rule) {
  return absl::StrCat(absl::StrReplaceAll(rule.id, {{"/", "-"}}), ".md");
}

std::string Words(const Need& need) {
  const std::string kind = absl::StrReplaceAll(need.kind, {{"_", " "}});
  return need.measure.empty() ? absl::StrCat(kind, " ", FacetName(need.facet))
                              : absl::StrCat(kind, " measure `", need.measure, "`");
}

std::string PageOf(const Rule& rule) {
  const std::string needs = absl::StrJoin(rule.needs, ", ", [](std::string* out, const Need& need) {
    absl::StrAppend(out, Words(need));
  });
  return absl::StrCat(
      "# ", rule.id, "\n\n", SeverityName(rule.severity), ", ", rule.category, ", ",
      rule.by_default ? "asked by default" : "asked only where it is named", "\n\n", rule.why,
      "\n\n**What to do.** ", rule.remedy, "\n\n**What it needs.** ",
      needs.empty() ? "No facet: what the section says of itself."
                    : absl::StrCat(needs, ". Where that was not captured, the rule cannot say."),
      "\n\n```\nvarve check prod --rules ", rule.id, "\n```\n");
}

std::string ListOfRules() {
  std::string text =
      "# Rules\n\n"
      "What `varve check` asks of a snapshot, and `--validate` in the report. The pages are "
      "written "
      "from the table of rules; a test holds them to it.\n"
      "A rule has three answers: found, nothing found, and cannot say, where what it needs was not "
      "captured. Rules of taste and policy are asked only where they are named: "
      "`--rules pg/wide-primary-key`, or `--rules 'pg/*'` for all of a family.\n\n"
      "| Rule | Severity | Category | By default | Why |\n| --- | --- | --- | --- | --- |\n";
  for (const Rule& rule : Rules()) {
    absl::StrAppend(&text, "| [", rule.id, "](", FileOf(rule), ") | ", SeverityName(rule.severity),
                    " | ", rule.category, " | ", rule.by_default ? "yes" : "", " | ", rule.why,
                    " |\n");
  }
  return text;
}

std::map<std::string, std::string> Wanted() {
  std::map<std::string, std::string> pages = {{"README.md", ListOfRules()}};
  for (const Rule& rule : Rules()) pages.emplace(FileOf(rule), PageOf(rule));
  return pages;
}

std::map<std::string, std::string> There() {
  std::map<std::string, std::string> pages;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    pages.emplace(entry.path().filename(), text.str());
  }
  return pages;
}

TEST(RulePages, SayWhatTheTableOfRulesSays) {
  const std::map<std::string, std::string> wanted = Wanted();
  if (std::getenv("VARVE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::remove_all(kFolder);
    std::filesystem::create_directories(kFolder);
    for (const auto& [name, text] : wanted) {
      std::ofstream(kFolder / name, std::ios::binary) << text;
    }
    GTEST_SKIP() << "wrote " << kFolder;
  }
  const std::map<std::string, std::string> there = There();
  for (const auto& [name, text] : wanted) {
    const auto page = there.find(name);
    ASSERT_TRUE(page != there.end()) << name << " is not there";
    EXPECT_EQ(page->second, text) << name;
  }
  EXPECT_EQ(there.size(), wanted.size()) << "a page of a rule that is no more";
}

}  // namespace
}  // namespace varve
