#include "agent/redaction/text.h"

#include <string>

#include "gtest/gtest.h"

namespace varve {
namespace {

struct TextCase {
  const char* name;
  std::string bytes;
  std::string text;
};

class ToUtf8Test : public ::testing::TestWithParam<TextCase> {};

TEST_P(ToUtf8Test, IsUtf8WithEveryOtherByteEscaped) {
  EXPECT_EQ(ToUtf8(GetParam().bytes), GetParam().text);
  EXPECT_TRUE(IsUtf8(ToUtf8(GetParam().bytes)));
  EXPECT_EQ(IsUtf8(GetParam().bytes), GetParam().bytes == GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, ToUtf8Test,
    ::testing::Values(TextCase{"Empty", "", ""}, TextCase{"Ascii", "plain\n", "plain\n"},
                      TextCase{"BackslashOfValidTextStays", "a\\b", "a\\b"},
                      TextCase{"TwoThreeFour", "é用😀", "é用😀"},
                      TextCase{"Latin1", "caf\xE9", "caf\\xE9"},
                      TextCase{"BackslashBesideABadByte", "\\\xFF", "\\\\\\xFF"},
                      TextCase{"Nul", std::string("a\0b", 3), "a\\x00b"},
                      TextCase{"Cut", "a\xE4\xBD", "a\\xE4\\xBD"},
                      TextCase{"Overlong", "\xC0\xAF", "\\xC0\\xAF"},
                      TextCase{"OverlongThree", "\xE0\x80\x80", "\\xE0\\x80\\x80"},
                      TextCase{"Surrogate", "\xED\xA0\x80", "\\xED\\xA0\\x80"},
                      TextCase{"BeyondUnicode", "\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
                      TextCase{"GoodBesideBad", "é\xFF", "é\\xFF"}),
    [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace varve
