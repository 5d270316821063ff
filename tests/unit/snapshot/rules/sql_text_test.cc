#include "snapshot/rules/sql_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

struct PlainCase {
  const char* name;
  const char* printed;
  const char* plain;
};
class Plain : public ::testing::TestWithParam<PlainCase> {};

TEST_P(Plain, IsWhatBothSidesSay) {
  EXPECT_EQ(PlainExpression(GetParam().printed), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(
    All, Plain,
    ::testing::Values(
        PlainCase{"Literal", "'x'::character varying", "'x'"},
        PlainCase{"LiteralWithASize", "'x'::character varying(40)", "'x'"},
        PlainCase{"Quoted", "'it''s :: (here)'::text", "'it''s :: (here)'"},
        PlainCase{"OwnType", "'A'::app.\"Mood of It\"", "'A'"},
        PlainCase{"Array", "'{}'::text[]", "'{}'"},
        PlainCase{"Zone", "'2020-01-01'::timestamp without time zone", "'2020-01-01'"},
        PlainCase{"Brackets", "((e * 2))", "e*2"},
        PlainCase{"BracketsThatAreNotAround", "(a + 1) * (b - 1)", "(a+1)*(b-1)"},
        PlainCase{"BracketsAroundOne", "f('simple'::regconfig, (kind)::text)", "f('simple',kind)"},
        PlainCase{"BracketsOfACall", "f((a), (b + 1))", "f(a,(b+1))"},
        PlainCase{"Fields", "'1 day'::interval day to second", "'1 day'"},
        PlainCase{"Inner", "lower('X'::text)", "lower('X')"},
        PlainCase{"Case", "LOWER(Name)", "lower(name)"},
        PlainCase{"Spaces", "  a   AND\n b ", "a and b"},
        PlainCase{"Now", "CURRENT_TIMESTAMP", "now()"},
        PlainCase{"CastsChained", "('x'::text)::character varying", "'x'"},
        PlainCase{"Unclosed", "'x", "'x"}, PlainCase{"Empty", "", ""}),
    [](const auto& info) { return info.param.name; });

TEST(TextOfLiteral, IsTheTextThatWasQuoted) {
  EXPECT_EQ(TextOfLiteral("'it''s'"), "it's");
  EXPECT_EQ(TextOfLiteral("''"), "");
  EXPECT_EQ(TextOfLiteral("'a'||'b'"), std::nullopt);
  EXPECT_EQ(TextOfLiteral("1"), std::nullopt);
  EXPECT_EQ(TextOfLiteral("'"), std::nullopt);
}

struct AllowedCase {
  const char* name;
  const char* check;
  const char* column;
  std::optional<std::vector<std::string>> texts;
};
class Allowed : public ::testing::TestWithParam<AllowedCase> {};

TEST_P(Allowed, AreReadOfChecksAsTheServerPrintsThem) {
  EXPECT_EQ(AllowedTexts(GetParam().check, GetParam().column), GetParam().texts);
}

using Texts = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    All, Allowed,
    ::testing::Values(
        AllowedCase{"OfText", "(status = ANY (ARRAY['a'::text, 'b'::text]))", "status",
                    Texts{"a", "b"}},
        AllowedCase{"OfVarchar",
                    "((status)::text = ANY ((ARRAY['a'::character varying, 'b,c'::character "
                    "varying])::text[]))",
                    "status", Texts{"a", "b,c"}},
        AllowedCase{"OfOne", "(status = 'a'::text)", "status", Texts{"a"}},
        AllowedCase{"Or", "((status = 'a'::text) OR (status = 'b'::text))", "status",
                    Texts{"a", "b"}},
        AllowedCase{"Reserved", "(\"order\" = ANY (ARRAY['a'::text]))", "order", Texts{"a"}},
        AllowedCase{"OtherColumn", "(status = 'a'::text)", "state", std::nullopt},
        AllowedCase{"LongerColumn", "(status_old = 'a'::text)", "status", std::nullopt},
        AllowedCase{"Numbers", "(size = ANY (ARRAY[1, 2]))", "size", std::nullopt},
        AllowedCase{"Comparison", "(size > 0)", "size", std::nullopt},
        AllowedCase{"OrSomethingElse", "((status = 'a'::text) OR (size > 0))", "status",
                    std::nullopt},
        AllowedCase{"Not", "(status <> 'a'::text)", "status", std::nullopt},
        AllowedCase{"Empty", "", "status", std::nullopt}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
