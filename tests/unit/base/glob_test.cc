#include "base/glob.h"

#include <string>

#include "gtest/gtest.h"

namespace varve {
namespace {

struct GlobCase {
  const char* name;
  const char* pattern;
  const char* text;
  bool matches;
};

class GlobTest : public ::testing::TestWithParam<GlobCase> {};

TEST_P(GlobTest, MatchesAsKeysDoes) {
  EXPECT_EQ(GlobMatches(GetParam().pattern, GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    All, GlobTest,
    ::testing::Values(
        GlobCase{"Literal", "doc:1", "doc:1", true}, GlobCase{"Shorter", "doc:1", "doc:", false},
        GlobCase{"Longer", "doc:1", "doc:12", false}, GlobCase{"EmptyBoth", "", "", true},
        GlobCase{"EmptyPattern", "", "a", false}, GlobCase{"StarTakesNothing", "*", "", true},
        GlobCase{"StarTakesAll", "*", "a:b/c", true}, GlobCase{"Prefix", "doc:*", "doc:1:x", true},
        GlobCase{"Suffix", "*:x", "doc:1:x", true}, GlobCase{"Middle", "d*x", "doc:x:x", true},
        GlobCase{"MiddleNot", "d*x", "doc:x:y", false},
        GlobCase{"StarTriesAgain", "*ab", "aab", true}, GlobCase{"Stars", "a**b*", "ab", true},
        GlobCase{"QuestionMark", "d?c", "doc", true},
        GlobCase{"QuestionMarkNeedsOne", "d?", "d", false}, GlobCase{"Class", "k[a-c]", "kb", true},
        GlobCase{"ClassNot", "k[a-c]", "kd", false},
        GlobCase{"ClassBackwards", "k[c-a]", "kb", true},
        GlobCase{"ClassOfSome", "k[xyz]1", "ky1", true},
        GlobCase{"NegatedClass", "k[^a-c]", "kd", true},
        GlobCase{"NegatedClassNot", "k[^a-c]", "kb", false},
        GlobCase{"EscapedStar", "a\\*b", "a*b", true},
        GlobCase{"EscapedStarNot", "a\\*b", "aXb", false},
        GlobCase{"EscapeInClass", "[\\]]", "]", true},
        GlobCase{"ClassWithoutEnd", "k[ab", "kb", true},
        GlobCase{"BackslashLast", "a\\", "a\\", true}),
    [](const auto& info) { return info.param.name; });

TEST(GlobMatches, ManyStarsCostNoMoreThanTheProductOfTheSizes) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  // With one 'a' too few this would try every way to share the text out among the stars.
  EXPECT_FALSE(GlobMatches(pattern + "b", std::string(2000, 'a')));
  EXPECT_TRUE(GlobMatches(pattern, std::string(2000, 'a')));
}

}  // namespace
}  // namespace varve
