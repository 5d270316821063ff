#include "cli/render/sql/sql_words.h"

#include "tests/support/matchers.h"

namespace varve::sql {
namespace {

using ::testing::ElementsAre;

TEST(Name, QuotesWhatNeedsIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"orders", "orders"},
      {"Orders", "\"Orders\""},
      {"order", "\"order\""},
      {"a b", "\"a b\""},
      {"say \"x\"", "\"say \"\"x\"\"\""},
      {"values", "\"values\""},
      {"1st", "\"1st\""},
      {"", "\"\""},
  };
  for (const auto& [name, sql] : cases) EXPECT_EQ(Name(name), sql) << name;
}

v1::DataType TypeOf(const std::string& schema, const std::string& name,
                    const std::string& modifier = "", bool array = false) {
  v1::DataType type;
  type.mutable_type()->add_names(schema);
  type.mutable_type()->add_names(name);
  type.set_modifier(modifier);
  type.set_array(array);
  return type;
}

TEST(Type, IsWrittenAsTheServerReadsIt) {
  EXPECT_EQ(Type(TypeOf("pg_catalog", "numeric", "12,2")), "numeric(12,2)");
  EXPECT_EQ(Type(TypeOf("pg_catalog", "interval", "day to second(3)")),
            "interval day to second(3)");
  EXPECT_EQ(Type(TypeOf("pg_catalog", "timestamptz", "3", true)), "timestamp(3) with time zone[]");
  EXPECT_EQ(Type(TypeOf("user", "order")), "\"user\".\"order\"");
}

TEST(Literal, KeepsEveryByte) {
  EXPECT_EQ(Literal("it's"), "'it''s'");
  EXPECT_EQ(Literal("a\\b"), "E'a\\\\b'");
  EXPECT_EQ(Literal(""), "''");
}

TEST(DollarQuoted, FindsATagThatIsNotInTheText) {
  EXPECT_EQ(DollarQuoted("select 1"), "$$select 1$$");
  EXPECT_EQ(DollarQuoted("$$"), "$_$$$$_$");
  EXPECT_EQ(DollarQuoted("a $$ b $_$ c"), "$__$a $$ b $_$ c$__$");
  EXPECT_EQ(DollarQuoted("costs 5$"), "$_$costs 5$$_$");
}

TEST(ListItems, DividesAtCommasOutsideOfQuotesAndBrackets) {
  EXPECT_THAT(ListItems("'a, b'::text,f(1, 2),ARRAY[1, 2]"),
              ElementsAre("'a, b'::text", "f(1, 2)", "ARRAY[1, 2]"));
  EXPECT_THAT(ListItems("'it''s, so'"), ElementsAre("'it''s, so'"));
}

}  // namespace
}  // namespace varve::sql
