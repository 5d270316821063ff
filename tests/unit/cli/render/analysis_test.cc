#include "cli/render/analysis.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "snapshot/rules/check_proto.h"
#include "snapshot/selection.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Analysis(const Snapshot& snapshot, bool validate = true) {
  const absl::StatusOr<RenderView> view = RenderView::Of(snapshot);
  if (!view.ok()) return view.status().ToString();
  RenderOptions options;
  if (validate) {
    absl::StatusOr<v1::CheckResult> result = Checked(snapshot, {});
    if (!result.ok()) return result.status().ToString();
    options.validation = *std::move(result);
  }
  return RenderAnalysis(*view, options);
}

// What a CommonMark renderer makes of `markdown`; it leaves raw HTML out and says where.
std::string RenderedByCmark(const std::string& markdown) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.Path("a.md")) << markdown;
  const std::string command = "cmark " + folder.Path("a.md");
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string html;
  std::array<char, 4096> buffer{};
  for (size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    html.append(buffer.data(), got);
  }
  return pclose(pipe) == 0 ? html : "cmark failed; is it installed?";
}

int CountOf(absl::string_view text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

// Cells of a table's line, by the rules of the tables that GitHub added to CommonMark.
int CellsOf(absl::string_view line) {
  int bars = 0;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == '|') {
      ++bars;
    }
  }
  return bars - 1;
}

TEST(Analysis, KeepsTheLinesOfATable) {
  const std::string text = Analysis(testing::SampleSnapshot());
  EXPECT_THAT(text, HasSubstr("\n#### source_documents\n"
                              "- **Columns:** 6\n"
                              "- **Primary Key:** document_uuid\n"
                              "- **Foreign Keys:** 0\n"
                              "- **Indexes:** 3\n"
                              "- **Row Count:** 1,234\n"
                              "- **References:** None\n"));
  EXPECT_THAT(text, HasSubstr("\n#### canonical_entities\n"
                              "- **Columns:** 5\n"
                              "- **Primary Key:** canonical_entity_uuid\n"
                              "- **Foreign Keys:** 0\n"
                              "- **Indexes:** 2\n"
                              "- **Row Count:** 50,000 (estimate)\n"
                              "- **References:** None\n"));
  EXPECT_THAT(text, HasSubstr("- **Primary Key:** None\n"
                              "- **Foreign Keys:** 1\n"
                              "- **Indexes:** 0\n"
                              "- **Row Count:** unknown\n"
                              "- **References:** canonical_entities\n"));
}

TEST(Analysis, KeepsTheLinesOfRedis) {
  const std::string text = Analysis(testing::SampleSnapshot());
  EXPECT_THAT(text, HasSubstr("\n### Key Distribution\n"
                              "- **cache**: 75 keys\n"
                              "- **doc**: 74 keys\n"
                              "- **a\\*\\|b**: 1 keys\n"));
  EXPECT_THAT(text, HasSubstr("\n### Memory Usage\n"
                              "- **Total Memory Usage:** 1.00 MB\n"));
}

struct SnapshotCase {
  const char* name;
  Snapshot (*make)();
};

Snapshot AllUnavailable() {
  std::vector<Section> sections;
  for (const char* const kind : {"postgres", "redis", "models"}) {
    sections.push_back(SectionBuilder::Unavailable(kind, kind, "h:1", "connecting to <b>|`x`",
                                                   "no\nroute", "start *it*"));
  }
  return testing::Assemble(std::move(sections));
}

Snapshot TwoOfAKind() {
  SectionBuilder second("que|ue", "redis", 1);
  second.redis_keyspace().set_total_keys(3);
  return testing::Assemble({testing::SampleRedis(), second.Finish()});
}

Snapshot HostileNames() {
  SectionBuilder builder("postgres", "postgres", 1);
  builder.CoverWhole("table");
  for (const char* const name : {"|",
                                 "||",
                                 "`",
                                 "``x``",
                                 "*a*",
                                 "_a_",
                                 "<script>alert(1)</script>",
                                 "[a](http://b)",
                                 "![a](b)",
                                 "# a",
                                 "a\n\n# b",
                                 "a\r\n- b",
                                 "> a",
                                 "&lt;",
                                 "\\",
                                 "\\|",
                                 "http://a.b",
                                 "www.a.b",
                                 "a@b.c",
                                 "~~a~~",
                                 " a ",
                                 "---",
                                 "1. a",
                                 "<!-- x",
                                 "\t",
                                 "a\\\n|b",
                                 "***",
                                 "www.a|b",
                                 "\x01\x7f"}) {
    v1::TableStructure table;
    table.set_kind(v1::TABLE_KIND_PLAIN);
    *table.add_columns() = testing::NullableColumn(name, testing::CatalogType("text"));
    testing::AddTable(builder, testing::Table("public", name), table);
  }
  return testing::Assemble({builder.Finish()});
}

constexpr int kHostileNames = 29;

class EveryAnalysis : public ::testing::TestWithParam<SnapshotCase> {};

TEST_P(EveryAnalysis, HasTheSectionsThatPeopleLookFor) {
  const std::string text = Analysis(GetParam().make());
  for (const char* const heading :
       {"\n## Executive Summary\n", "\n## Database Schema", "\n## Redis",
        "\n### Key Distribution\n", "\n### Memory Usage\n", "\n- **Total Memory Usage:** ",
        "\n## Application Models", "\n## Validation Results\n", "\n## Errors and Warnings\n"}) {
    EXPECT_THAT(text, HasSubstr(heading));
  }
}

TEST_P(EveryAnalysis, HasNoBrokenTable) {
  const std::vector<std::string> lines = absl::StrSplit(Analysis(GetParam().make()), '\n');
  int tables = 0;
  for (size_t at = 1; at < lines.size(); ++at) {
    if (!absl::StartsWith(lines[at], "|") || absl::StartsWith(lines[at - 1], "|")) continue;
    ++tables;
    EXPECT_EQ(lines[at - 1], "") << "text before a table: " << lines[at];
    EXPECT_THAT(lines[at + 1], ::testing::MatchesRegex("\\|( --- \\|)+"));
    size_t row = at;
    for (; absl::StartsWith(lines[row], "|"); ++row) {
      EXPECT_EQ(CellsOf(lines[row]), CellsOf(lines[at])) << lines[row];
      EXPECT_TRUE(absl::EndsWith(lines[row], " |")) << lines[row];
    }
    EXPECT_EQ(lines[row], "") << "text behind a table";
  }
  EXPECT_GT(tables, 0);
}

TEST_P(EveryAnalysis, RendersWithoutMarkupOfTheNamesInIt) {
  const std::string html = RenderedByCmark(Analysis(GetParam().make()));
  ASSERT_THAT(html, HasSubstr("<h2>Errors and Warnings</h2>"));
  for (const char* const markup : {"<em>", "<code>", "<a ", "<img", "<pre>", "<blockquote>", "<ol>",
                                   "<hr", "<script", "raw HTML omitted"}) {
    EXPECT_THAT(html, Not(HasSubstr(markup)));
  }
}

TEST_P(EveryAnalysis, EndsEveryLineOnceAndLeavesNoSpacesBehind) {
  const std::string text = Analysis(GetParam().make());
  EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
  EXPECT_TRUE(absl::EndsWith(text, "\n"));
  EXPECT_FALSE(absl::EndsWith(text, "\n\n"));
}

TEST_P(EveryAnalysis, HasAnEmptyLineBeforeEveryHeading) {
  const std::vector<std::string> lines = absl::StrSplit(Analysis(GetParam().make()), '\n');
  for (size_t at = 1; at < lines.size(); ++at) {
    if (!absl::StartsWith(lines[at], "#")) continue;
    EXPECT_EQ(lines[at - 1], "") << lines[at];
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryAnalysis,
                         ::testing::Values(SnapshotCase{"Sample", testing::SampleSnapshot},
                                           SnapshotCase{"AllUnavailable", AllUnavailable},
                                           SnapshotCase{"TwoOfAKind", TwoOfAKind},
                                           SnapshotCase{"HostileNames", HostileNames}),
                         [](const auto& info) { return info.param.name; });

TEST(Analysis, EachHostileNameIsOneHeading) {
  const std::string html = RenderedByCmark(Analysis(HostileNames(), /*validate=*/false));
  EXPECT_EQ(CountOf(html, "<h4>"), kHostileNames);
  EXPECT_EQ(CountOf(html, "<h1>"), 1);
}

TEST(Analysis, OfNoSourceAtAllStillHasEverySection) {
  const std::string text = Analysis(testing::Assemble({}));
  EXPECT_THAT(text, HasSubstr("No source was configured on 2025-06-08 04:24 UTC.\n"));
  EXPECT_EQ(CountOf(text, "Not configured.\n"), 3);
  EXPECT_THAT(text, HasSubstr("## Errors and Warnings\n\n0 errors, 0 warnings, 0 things that could "
                              "not be seen.\n\n- None\n"));
  EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
}

TEST(Analysis, WhatCouldNotBeReadIsUnknownAndNotZero) {
  const std::string text = Analysis(AllUnavailable());
  EXPECT_THAT(text, HasSubstr("0 of 3 sources read whole"));
  EXPECT_THAT(text, HasSubstr("- **Database Tables:** unknown\n"));
  EXPECT_THAT(text, HasSubstr("- **Redis Keys:** unknown\n"));
  EXPECT_THAT(text, HasSubstr("- **Pydantic Models:** unknown\n"));
  EXPECT_THAT(text, HasSubstr("- **Total Memory Usage:** unknown\n"));
}

TEST(Analysis, WhatWasLeftOutIsExcludedAndNotZero) {
  SectionBuilder builder("postgres", "postgres", 1);
  const Selection selection = *Selection::Of({}, {"audit_*", "function:*"});
  builder.CoverWhole("table");
  builder.CoverWhole("view");
  builder.CoverLeftOut(selection.Coverage("table", {3, 0}, 0));
  builder.CoverLeftOut(selection.Coverage("function", {0, 0}, 0));
  const std::string text = Analysis(testing::Assemble({builder.Finish()}));
  EXPECT_THAT(text, HasSubstr("- **Functions:** excluded\n"));
  EXPECT_THAT(text, HasSubstr("- **Views:** 0\n"));
  EXPECT_THAT(text, HasSubstr("### Tables\n\nExcluded: tables: 3 left out by audit"));
  EXPECT_THAT(text, HasSubstr("### Views\n\nNone.\n"));
  EXPECT_THAT(text, HasSubstr("- **excluded** postgres: functions: none is read: pattern audit"));
}

TEST(Analysis, ListsErrorsAndWhatWasNotSeen) {
  const std::string text = Analysis(testing::SampleSnapshot());
  EXPECT_THAT(text, HasSubstr("## Errors and Warnings\n\n"
                              "1 error, 0 warnings, 1 thing that could not be seen.\n\n"
                              "- **error** postgres: deparsing app.mentions: lock timeout (55P03); "
                              "read again when it is free\n"
                              "- **not seen** postgres: sequence access: not permitted: "));
}

TEST(Analysis, SaysHowToHaveTheRulesRun) {
  EXPECT_THAT(Analysis(testing::SampleSnapshot(), /*validate=*/false),
              HasSubstr("## Validation Results\n\nNot asked for: add --validate.\n"));
}

TEST(Analysis, SeveralSourcesOfAKindAreToldApart) {
  const std::string text = Analysis(TwoOfAKind());
  EXPECT_THAT(text, HasSubstr("\n## Redis: redis\n"));
  EXPECT_THAT(text, HasSubstr("\n## Redis: que\\|ue\n"));
}

}  // namespace
}  // namespace varve
