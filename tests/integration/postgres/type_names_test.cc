// How columns, arguments and domains name the types of the database.
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;

class TypeNames : public PostgresCase {
 protected:
  void SetUp() override {
    PostgresCase::SetUp();
    Run("CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN price AS numeric(12,2);"
        "CREATE TYPE pair AS (a int); CREATE TYPE span AS RANGE (subtype = float8);"
        "CREATE TABLE orders (id int); CREATE VIEW recent AS SELECT 1 AS id; CREATE TYPE shell");
  }
};
VARVE_ON_EVERY_POSTGRES(TypeNames);

std::string NameOf(const v1::DataType& type) {
  return absl::StrCat(type.type().kind(), " ", TypeText(type));
}

TEST_P(TypeNames, OfColumnsSayTheKind) {
  Run("CREATE DOMAIN prices AS price[]; CREATE TABLE every (a mood, b mood[], c price, d price[],"
      "  e pair, f pair[], g span, h span[], i orders, j recent[], k prices, l prices[])");
  std::vector<std::string> names;
  const v1::TableStructure every = Gather().Table("every");
  for (const v1::Column& column : every.columns()) names.push_back(NameOf(column.type()));
  EXPECT_THAT(names,
              ElementsAre("enum public.mood", "enum public.mood[]", "domain public.price",
                          "domain public.price[]", "composite_type public.pair",
                          "composite_type public.pair[]", "range_type public.span",
                          "range_type public.span[]", "table public.orders", "view public.recent[]",
                          "domain public.prices", "domain public.prices[]"));
}

TEST_P(TypeNames, OfMultirangesSayTheKind) {
  if (major() < 14) GTEST_SKIP() << "multiranges are of 14 and newer";
  Run("CREATE TABLE every (a span_multirange, b span_multirange[])");
  const v1::TableStructure every = Gather().Table("every");
  EXPECT_EQ(NameOf(every.columns(0).type()), "multirange_type public.span_multirange");
  EXPECT_EQ(NameOf(every.columns(1).type()), "multirange_type public.span_multirange[]");
}

TEST_P(TypeNames, OfArgumentsSayTheKind) {
  Run("SET client_min_messages = warning; CREATE FUNCTION f(a price, b pair[], c span)"
      "  RETURNS price[] LANGUAGE sql AS 'SELECT NULL::price[]';"
      "CREATE FUNCTION s(cstring) RETURNS shell LANGUAGE internal STRICT AS 'int4in'");
  const Gathered gathered = Gather();
  const v1::RoutineStructure f =
      gathered
          .Shape({"function", {"public", "f", "public.price", "public.pair[]", "public.span"}},
                 v1::FACET_STRUCTURE)
          .routine();
  EXPECT_EQ(NameOf(f.arguments(0).type()), "domain public.price");
  EXPECT_EQ(NameOf(f.arguments(1).type()), "composite_type public.pair[]");
  EXPECT_EQ(NameOf(f.arguments(2).type()), "range_type public.span");
  EXPECT_EQ(NameOf(f.returns()), "domain public.price[]");
  EXPECT_EQ(NameOf(gathered.Shape({"function", {"public", "s", "cstring"}}, v1::FACET_STRUCTURE)
                       .routine()
                       .returns()),
            "base_type public.shell");
}

TEST_P(TypeNames, FollowARename) {
  Run("CREATE TABLE t (c price, d price[], e pair, f span)");
  ExpectChanges({
      {"ALTER DOMAIN price RENAME TO cost",
       {"renamed domain public.cost was public.price", "follows: table public.t structure"}},
      {"ALTER TYPE pair RENAME TO two",
       {"renamed composite_type public.two was public.pair", "follows: table public.t structure"}},
      {"ALTER TYPE span RENAME TO reach",
       {"renamed range_type public.reach was public.span", "follows: table public.t structure"}},
  });
}

}  // namespace
}  // namespace varve::testing
