// docs/changes.md says what the table of change rules says. What it should be is written by
//   VARVE_UPDATE_GOLDEN=1 build/release/tests/snapshot_changes_test --gtest_filter='ChangePage*'
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "snapshot/changes/change_rules.h"

namespace varve {
namespace {

std::string Page() {
  std::string text =
      "# What a difference may do\n\n"
      "`varve diff` gives each difference a class, for who reads and writes there and got along "
      "before:\n\n"
      "- **breaking**: something that worked before fails.\n"
      "- **risky**: it may matter; data or use decide.\n"
      "- **additive**: who got along before still does.\n"
      "- **cosmetic**: words, representation, how things are kept; no answer changes.\n\n"
      "`--fail-on breaking` fails a pipeline only for the first, `--fail-on risky` for the first "
      "two. The classes follow from the shapes alone: that a narrower type still holds every value "
      "that is stored is not known here.\n"
      "The page is written from the table of change rules (`snapshot/changes/`), in its order; the "
      "first rule that matches decides. A test holds the page to it.\n\n"
      "| Rule | Class | What it does |\n| --- | --- | --- |\n";
  for (const ChangeRule& rule : ChangeRules()) {
    absl::StrAppend(&text, "| ", rule.id, " | ", ChangeClassName(rule.change_class), " | ",
                    rule.why, " |\n");
  }
  return text;
}

TEST(ChangePage, SaysWhatTheTableSays) {
  if (std::getenv("VARVE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(VARVE_CHANGES_PAGE, std::ios::binary) << Page();
  }
  std::ifstream file(VARVE_CHANGES_PAGE, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), Page());
}

}  // namespace
}  // namespace varve
