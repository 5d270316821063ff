#include "cli/render/text_table.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

TEST(TextTable, ColumnsAreAsWideAsTheirWidestCell) {
  TextTable table({"NAME", "KEYS", "LAST"}, {1});
  table.AddRow({"prod-eu", "1,204", "now"});
  table.AddRow({"b", "7", "1 h ago"});
  EXPECT_EQ(table.Aligned(),
            "NAME      KEYS  LAST\n"
            "prod-eu  1,204  now\n"
            "b            7  1 h ago\n");
}

TEST(TextTable, WidthIsCountedInCharactersNotBytes) {
  TextTable table({"A", "B"});
  table.AddRow({"‹ü›", "x"});
  table.AddRow({"abcd", "y"});
  EXPECT_EQ(table.Aligned(),
            "A     B\n"
            "‹ü›   x\n"
            "abcd  y\n");
}

TEST(TextTable, NoCellCanEndALineOrMoveTheCursor) {
  TextTable table({"A", "B"});
  table.AddRow({"a\nb", "c\x1b[2Jd"});
  EXPECT_EQ(table.Aligned(), "A    B\na b  c [2Jd\n");
}

TEST(TextTable, AShortRowIsFilledWithEmptyCells) {
  TextTable table({"A", "B"});
  table.AddRow({"a"});
  EXPECT_EQ(table.Aligned(), "A  B\na\n");
}

TEST(TextTable, MarkdownKeepsTheTableWhateverTheCellsHold) {
  TextTable table({"A", "N"}, {1});
  table.AddRow({"a|b", "1"});
  table.AddRow({"<b>`x`", "2"});
  EXPECT_EQ(table.Markdown(),
            "| A | N |\n"
            "| --- | ---: |\n"
            "| a\\|b | 1 |\n"
            "| \\<b>\\`x\\` | 2 |\n");
}

}  // namespace
}  // namespace varve
