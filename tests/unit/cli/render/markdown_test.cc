#include "cli/render/markdown.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

struct TextCase {
  const char* name;
  const char* text;
  const char* markdown;
};
class TextInMarkdown : public ::testing::TestWithParam<TextCase> {};

TEST_P(TextInMarkdown, IsShownAsItIs) {
  EXPECT_EQ(MarkdownText(GetParam().text), GetParam().markdown);
}

INSTANTIATE_TEST_SUITE_P(
    All, TextInMarkdown,
    ::testing::Values(
        TextCase{"Plain", "source documents", "source documents"},
        TextCase{"SnakeCaseStays", "canonical_entity_uuid", "canonical_entity_uuid"},
        TextCase{"UnderscoreAtTheEdge", "_x_", "\\_x\\_"}, TextCase{"Pipe", "a|b", "a\\|b"},
        TextCase{"BackslashBeforeAPipe", "a\\|b", "a\\\\\\|b"},
        TextCase{"Backtick", "`x`", "\\`x\\`"}, TextCase{"Emphasis", "*x*", "\\*x\\*"},
        TextCase{"Html", "<script>", "\\<script>"}, TextCase{"Entity", "&lt;", "\\&lt;"},
        TextCase{"Link", "[a](b)", "\\[a](b)"}, TextCase{"Image", "![a](b)", "!\\[a](b)"},
        TextCase{"Heading", "# x", "\\# x"}, TextCase{"Strikethrough", "~~x~~", "\\~\\~x\\~\\~"},
        TextCase{"Formula", "$x$", "\\$x\\$"}, TextCase{"BareAddress", "http://a", "http\\://a"},
        TextCase{"BareHost", "www.a.b", "www\\.a.b"}, TextCase{"Mention", "@a", "\\@a"},
        TextCase{"NewLine", "a\nb\r\nc\td", "a b  c d"},
        TextCase{"Control", "a\x1b[2J", "a\\\\x1B\\[2J"}, TextCase{"SpacesAtTheEnds", " a ", "␠a␠"},
        TextCase{"Empty", "", ""}, TextCase{"NotUtf8", "a\xff", "a\\\\xFF"},
        TextCase{"BeyondAscii", "Straße ✓", "Straße ✓"}),
    [](const auto& info) { return info.param.name; });

TEST(MarkdownExcerpt, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(MarkdownExcerpt("äöüß", 4), "äöüß");
  EXPECT_EQ(MarkdownExcerpt("äöüß", 3), "äöü…");
  EXPECT_EQ(MarkdownExcerpt("||||", 2), "\\|\\|…");
}

TEST(MarkdownTable, HasOneLineARowBetweenEmptyLines) {
  MarkdownTable table({"A", "B"});
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.Text(), "");
  table.Add({"1", "2"});
  EXPECT_EQ(table.Text(), "\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n");
}

}  // namespace
}  // namespace varve
