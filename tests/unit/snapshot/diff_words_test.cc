#include "snapshot/diff_words.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

// public.orders is called sales.purchases now, its column total amount; public.f(integer) is called
// public.g(integer); public."Odd" is called public.even.
RenamedWords Words() {
  return RenamedWords(
      RenameMap({{"table", {"public", "orders"}, {"sales", "purchases"}},
                 {"column", {"public", "orders", "total"}, {"sales", "purchases", "amount"}},
                 {"function", {"public", "f", "integer"}, {"public", "g", "integer"}},
                 {"operator_class", {"public", "up", "btree"}, {"public", "down", "btree"}},
                 {"table", {"public", "Odd"}, {"public", "even"}}}));
}

struct WordsCase {
  const char* name;
  const char* before;
  const char* after;
  bool explained;
};
class DeparsedText : public ::testing::TestWithParam<WordsCase> {};

TEST_P(DeparsedText, IsExplainedByRenamesOrNot) {
  EXPECT_EQ(Words().ExplainDifference({"public", "orders"}, GetParam().before, GetParam().after),
            GetParam().explained);
}

INSTANTIATE_TEST_SUITE_P(
    All, DeparsedText,
    ::testing::Values(WordsCase{"Column", "(total > 0)", "(amount > 0)", true},
                      WordsCase{"BeforeAMethod", "(a public.up)", "(a public.down)", true},
                      WordsCase{"SeveralTimes", "total + total", "amount + amount", true},
                      WordsCase{"TableAndSchema", "SELECT public.orders.total FROM public.orders",
                                "SELECT sales.purchases.amount FROM sales.purchases", true},
                      WordsCase{"Spaces", "(total>0)", "( amount  > 0 )", true},
                      WordsCase{"Function", "f(1)", "g(1)", true},
                      WordsCase{"QuotedName", "\"Odd\".x", "even.x", true},
                      WordsCase{"AliasThatKeepsTheOldName", "SELECT orders.total FROM orders",
                                "SELECT purchases.amount AS total FROM purchases", true},
                      WordsCase{"AliasThatTheNewNameMakesNeedless",
                                "SELECT total AS amount FROM orders",
                                "SELECT amount FROM purchases", true},
                      WordsCase{"NameInARegclass", "nextval('public.orders'::regclass)",
                                "nextval('sales.purchases'::regclass)", true},
                      WordsCase{"AnotherNumber", "(total > 0)", "(amount > 1)", false},
                      WordsCase{"BackToTheOldName", "(amount > 0)", "(total > 0)", false},
                      WordsCase{"AnotherColumn", "(total > 0)", "(tax > 0)", false},
                      WordsCase{"InALiteral", "'total'", "'amount'", false},
                      WordsCase{"InATypedLiteral", "'total'::text", "'amount'::text", false},
                      WordsCase{"PartOfAWord", "(subtotal > 0)", "(subamount > 0)", false},
                      WordsCase{"MoreBehind", "(total > 0)", "(amount > 0) AND x", false},
                      WordsCase{"LessBehind", "(total > 0) AND x", "(amount > 0)", false},
                      WordsCase{"AnotherAlias", "SELECT total FROM orders",
                                "SELECT amount AS sum FROM purchases", false},
                      WordsCase{"OpenQuote", "total 'x", "amount 'y", false},
                      WordsCase{"OpenQuoteEqual", "total 'x", "amount 'x", true},
                      WordsCase{"Empty", "", "amount", false}),
    [](const auto& info) { return info.param.name; });

TEST(RenamedWords, AColumnsRenameExplainsTextsOfOthersOnlyWhereTheyNameItsRelation) {
  const std::vector<std::string> view = {"public", "totals"};
  EXPECT_TRUE(Words().ExplainDifference(view, "SELECT total FROM orders",
                                        "SELECT amount AS total FROM purchases"));
  EXPECT_FALSE(Words().ExplainDifference(view, "SELECT total FROM bills",
                                         "SELECT amount AS total FROM bills"));
  EXPECT_FALSE(Words().ExplainDifference({"public", "bills"}, "(total > 0)", "(amount > 0)"));
}

TEST(RenamedWords, WhereNothingWasRenamedNothingIsExplained) {
  EXPECT_FALSE(RenamedWords().ExplainDifference({"public", "orders"}, "total", "amount"));
  EXPECT_FALSE(RenamedWords().MayConcern("total"));
}

TEST(RenamedWords, MayConcernBytesThatHoldAnOldOrANewName) {
  EXPECT_TRUE(Words().MayConcern("x total y"));
  EXPECT_TRUE(Words().MayConcern("x purchases y"));
  EXPECT_TRUE(Words().MayConcern("the function f"));
  EXPECT_FALSE(Words().MayConcern("customers"));
}

// A schema's rename alone renames no word of the objects in it.
TEST(RenamedWords, ASchemasRenameExplainsQualifiedNames) {
  const RenamedWords words(RenameMap({{"schema", {"a"}, {"b"}}}));
  EXPECT_TRUE(
      words.ExplainDifference({"c", "v"}, "SELECT a.t.x FROM a.t", "SELECT b.t.x FROM b.t"));
  EXPECT_FALSE(
      words.ExplainDifference({"c", "v"}, "SELECT a.t.x FROM a.t", "SELECT b.u.x FROM b.u"));
}

}  // namespace
}  // namespace varve
