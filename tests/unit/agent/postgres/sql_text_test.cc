#include "agent/source/postgres/sql_text.h"

#include "gmock/gmock.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAreArray;

struct ConditionCase {
  const char* name;
  const char* definition;
  const char* condition;
};
class Condition : public ::testing::TestWithParam<ConditionCase> {};

TEST_P(Condition, OfATriggerIsWhatStandsInWhen) {
  EXPECT_EQ(TriggerCondition(GetParam().definition), GetParam().condition);
}

INSTANTIATE_TEST_SUITE_P(
    All, Condition,
    ::testing::Values(
        ConditionCase{"Plain",
                      "CREATE TRIGGER t BEFORE UPDATE ON public.x FOR EACH ROW WHEN ((old.a = 1)) "
                      "EXECUTE FUNCTION f()",
                      "(old.a = 1)"},
        ConditionCase{"BracketsInAConstant", "… WHEN ((old.a = ')('::text)) EXECUTE FUNCTION f()",
                      "(old.a = ')('::text)"},
        ConditionCase{"BracketsInAName", "… WHEN ((old.\"a)\" > 0)) EXECUTE FUNCTION f()",
                      "(old.\"a)\" > 0)"},
        ConditionCase{
            "TheWordInAName",
            "CREATE TRIGGER \"x WHEN (\" BEFORE UPDATE ON t WHEN ((a)) EXECUTE FUNCTION f()",
            "(a)"},
        ConditionCase{"DoubledQuotes", "… WHEN ((a = 'it''s (')) EXECUTE FUNCTION f('WHEN (b)')",
                      "(a = 'it''s (')"},
        ConditionCase{"None", "CREATE TRIGGER t AFTER INSERT ON x EXECUTE FUNCTION f()", ""},
        ConditionCase{"Nothing", "", ""}, ConditionCase{"Open", "… WHEN ((a", ""},
        ConditionCase{"QuoteThatNeverEnds", "… WHEN (('a", ""}),
    [](const auto& info) { return info.param.name; });

struct LiteralsCase {
  const char* name;
  const char* expression;
  std::vector<std::string> contents;
};
class Literals : public ::testing::TestWithParam<LiteralsCase> {};

TEST_P(Literals, AreTheStringConstants) {
  std::vector<std::string> contents;
  for (const StringLiteral& literal : StringLiterals(GetParam().expression)) {
    contents.emplace_back(literal.content);
  }
  EXPECT_THAT(contents, ElementsAreArray(GetParam().contents));
}

INSTANTIATE_TEST_SUITE_P(
    All, Literals,
    ::testing::Values(LiteralsCase{"Plain", "'a'::text", {"a"}},
                      LiteralsCase{"Several", "('a'::text || 'b'::text)", {"a", "b"}},
                      LiteralsCase{"DoubledQuote", "'it''s'::text", {"it''s"}},
                      LiteralsCase{"Escapes", R"(E'a\\b'::text)", {R"(a\\b)"}},
                      LiteralsCase{"QuoteInAName", "\"it's\" || 'a'", {"a"}},
                      LiteralsCase{"Empty", "''::text", {""}}, LiteralsCase{"None", "(a + 1)", {}},
                      LiteralsCase{"NeverEnds", "a || 'b", {"b"}},
                      LiteralsCase{"EndsWithADoubledQuote", "'b''", {"b''"}},
                      LiteralsCase{"OpenAlone", "'", {""}}),
    [](const auto& info) { return info.param.name; });

TEST(Listed, ExpressionsAreSplitAtTheirOwnCommas) {
  EXPECT_THAT(ListedExpressions("'a, (b'::text, ARRAY[1, 2], f(\"x,\", 3), 4"),
              ElementsAreArray({"'a, (b'::text", " ARRAY[1, 2]", " f(\"x,\", 3)", " 4"}));
  EXPECT_THAT(ListedExpressions(""), ElementsAreArray({""}));
  EXPECT_THAT(ListedExpressions("1, 'a, b"), ElementsAreArray({"1", " 'a, b"}));
}

TEST(LiteralsRest, SayWhatFollowsThem) {
  const auto literals = StringLiterals("nextval('s'::regclass)");
  ASSERT_EQ(literals.size(), 1u);
  EXPECT_EQ(literals[0].rest, "::regclass)");
}

TEST(AlwaysQuoted, DoublesQuotes) {
  EXPECT_EQ(AlwaysQuoted("order"), "\"order\"");
  EXPECT_EQ(AlwaysQuoted("say \"x\"; --"), "\"say \"\"x\"\"; --\"");
}

}  // namespace
}  // namespace varve::postgres
