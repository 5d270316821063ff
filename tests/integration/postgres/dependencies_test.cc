// What each entity needs of others, as pg_depend has it.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class DependenciesOf : public PostgresCase {
 protected:
  // "default total -> function public.tax(), normal".
  static std::vector<std::string> Lines(const v1::Shape& shape) {
    std::vector<std::string> lines;
    const auto part_text = [](const v1::Dependency::Part& part) {
      return absl::StrCat(part.kind(), part.kind().empty() ? "" : " ", part.name());
    };
    for (const v1::Dependency& dependency : shape.dependencies()) {
      const std::string part = part_text(dependency.part());
      const std::string on_part = part_text(dependency.on_part());
      lines.push_back(absl::StrCat(part, part.empty() ? "" : " ", "-> ", dependency.on().kind(),
                                   " ", DisplayName(KeyOf(dependency.on())),
                                   on_part.empty() ? "" : " ", on_part, " ", dependency.type()));
    }
    return lines;
  }
};
VARVE_ON_EVERY_POSTGRES(DependenciesOf);

TEST_P(DependenciesOf, TablesNameTheirPart) {
  Run("CREATE TYPE mood AS ENUM ('fine');"
      "CREATE FUNCTION tax() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TABLE customers (id int PRIMARY KEY);"
      "CREATE TABLE orders (id serial, customer int REFERENCES customers, mood mood,"
      "  total int DEFAULT tax() CHECK (total > tax()));"
      "CREATE INDEX by_tax ON orders ((total * tax()));"
      "CREATE TRIGGER stamp BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp()");
  const Gathered gathered = Gather();
  EXPECT_THAT(
      Lines(gathered.Shape(TableKey("orders"), v1::FACET_STRUCTURE)),
      UnorderedElementsAre(
          "column mood -> enum public.mood 1",
          "constraint orders_customer_fkey -> table public.customers column id 1",
          "constraint orders_customer_fkey -> table public.customers index customers_pkey 1",
          "trigger stamp -> function public.stamp() 1"));
  EXPECT_THAT(Lines(gathered.Shape(TableKey("orders"), v1::FACET_EXPRESSIONS)),
              UnorderedElementsAre("default id -> sequence public.orders_id_seq 1",
                                   "default total -> function public.tax() 1",
                                   "constraint orders_total_check -> function public.tax() 1",
                                   "index by_tax -> function public.tax() 1"));
  EXPECT_THAT(Lines(gathered.Shape({"sequence", {"public", "orders_id_seq"}}, v1::FACET_STRUCTURE)),
              ElementsAre("-> table public.orders column id 2"));
}

TEST_P(DependenciesOf, ViewsAreThoseOfTheirQuery) {
  Run("CREATE TABLE t (id int, note text); CREATE VIEW v AS SELECT id FROM t;"
      "CREATE VIEW w AS SELECT id FROM v");
  const Gathered gathered = Gather();
  EXPECT_THAT(Lines(gathered.Shape({"view", {"public", "v"}}, v1::FACET_EXPRESSIONS)),
              ElementsAre("-> table public.t column id 1"));
  EXPECT_THAT(Lines(gathered.Shape({"view", {"public", "w"}}, v1::FACET_EXPRESSIONS)),
              ElementsAre("-> view public.v column id 1"));
  EXPECT_THAT(Lines(gathered.Shape({"view", {"public", "w"}}, v1::FACET_STRUCTURE)), IsEmpty());
}

TEST_P(DependenciesOf, RoutinesAreTheirTypes) {
  Run("CREATE TABLE t (id int); CREATE FUNCTION f(t[]) RETURNS t LANGUAGE sql AS 'SELECT $1[1]'");
  EXPECT_THAT(
      Lines(Gather().Shape({"function", {"public", "f", "public.t[]"}}, v1::FACET_STRUCTURE)),
      ElementsAre("-> table public.t 1"));
}

TEST_P(DependenciesOf, MembersOfExtensionsAreNamed) {
  Run("CREATE EXTENSION citext; CREATE TABLE t (name citext)");
  EXPECT_THAT(Lines(Gather().Shape(TableKey("t"), v1::FACET_STRUCTURE)),
              Contains(HasSubstr("column name -> base_type public.citext")));
}

// What the server notes of a change is no change of its own: the query alone is told.
TEST_P(DependenciesOf, AreNoDifference) {
  Run("CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE VIEW v AS SELECT id FROM t");
  const Gathered before = Gather();
  Run("CREATE OR REPLACE VIEW v AS SELECT id FROM u");
  const std::vector<std::string> differences = Differences(before, Gather());
  ASSERT_EQ(differences.size(), 1);
  EXPECT_THAT(differences.front(), StartsWith("view public.v expressions: query "));
}

}  // namespace
}  // namespace varve::testing
