#include "base/utf8.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  std::string text;  // as it arrives; equal to `bytes` where they are valid
};
class Bytes : public ::testing::TestWithParam<Case> {};

TEST_P(Bytes, ArriveAsUtf8) {
  EXPECT_EQ(ToUtf8(GetParam().bytes), GetParam().text);
  EXPECT_EQ(IsUtf8(GetParam().bytes), GetParam().bytes == GetParam().text);
}

TEST_P(Bytes, AreUtf8Afterwards) { EXPECT_TRUE(IsUtf8(ToUtf8(GetParam().bytes))); }

// The bounds are those of RFC 3629, section 4.
INSTANTIATE_TEST_SUITE_P(
    All, Bytes,
    ::testing::Values(Case{"Empty", "", ""}, Case{"Ascii", "orders", "orders"},
                      Case{"BackslashInValidTextStays", "a\\b", "a\\b"},
                      Case{"TwoBytes", "\xC3\xBC", "\xC3\xBC"},
                      Case{"ThreeBytes", "\xE2\x82\xAC", "\xE2\x82\xAC"},
                      Case{"FourBytes", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
                      Case{"LastCharacter", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
                      Case{"Latin1", "M\xFCller", "M\\xFCller"},
                      Case{"BackslashBesideABadByteIsDoubled", "a\\\xFF", "a\\\\\\xFF"},
                      Case{"LoneContinuation", "\x80", "\\x80"},
                      Case{"CutShort", "a\xE2\x82", "a\\xE2\\x82"},
                      Case{"OverlongSlash", "\xC0\xAF", "\\xC0\\xAF"},
                      Case{"OverlongThreeBytes", "\xE0\x9F\xBF", "\\xE0\\x9F\\xBF"},
                      Case{"Surrogate", "\xED\xA0\x80", "\\xED\\xA0\\x80"},
                      Case{"BeyondUnicode", "\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
                      Case{"OverlongFourBytes", "\xF0\x8F\xBF\xBF", "\\xF0\\x8F\\xBF\\xBF"},
                      Case{"NulByte", std::string("a\0b", 3), "a\\x00b"},
                      Case{"ValidBesideInvalid", "\xC3\xBC\xFF", "\xC3\xBC\\xFF"}),
    [](const auto& info) { return info.param.name; });

TEST(Utf8, DifferentBytesStayDifferent) {
  EXPECT_NE(ToUtf8("\\xFF\xFE"), ToUtf8("\xFF\xFE"));
  EXPECT_NE(ToUtf8("\xFC"), ToUtf8("\xFD"));
}

TEST_P(Bytes, AreHadBackFromTheirEscape) {
  EXPECT_TRUE(IsUtf8(EscapedUtf8(GetParam().bytes)));
  EXPECT_EQ(UnescapedUtf8(EscapedUtf8(GetParam().bytes)), GetParam().bytes);
}

TEST(Utf8, EscapedTextsStayDifferentEvenWhereOneLooksLikeTheOther) {
  EXPECT_EQ(EscapedUtf8("a\xE9"), "a\\xE9");
  EXPECT_EQ(EscapedUtf8("a\\xE9"), "a\\\\xE9");
  EXPECT_EQ(UnescapedUtf8("a\\\\xE9\\xE9"), "a\\xE9\xE9");
  EXPECT_EQ(UnescapedUtf8("\\"), "\\");
  EXPECT_EQ(UnescapedUtf8("\\xE"), "\\xE");
}

}  // namespace
}  // namespace varve
