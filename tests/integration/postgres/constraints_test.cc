// Constraints: keys, references with their actions, checks, exclusions.
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class Constraints : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Constraints);

constexpr const char* kOrders =
    "CREATE TABLE customers (id int, region text, name text, CONSTRAINT customers_pk"
    "  PRIMARY KEY (region, id), CONSTRAINT customers_name UNIQUE (name));"
    "CREATE TABLE orders (id int, customer_id int, customer_region text, total numeric,"
    "  CONSTRAINT orders_customer FOREIGN KEY (customer_region, customer_id) REFERENCES customers"
    "    MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,"
    "  CONSTRAINT orders_total CHECK (total >= 0) NO INHERIT)";

TEST_P(Constraints, AreThoseThatTheCatalogLists) {
  Run(kOrders);
  const Gathered gathered = Gather();
  std::vector<std::string> found;
  for (const char* const name : {"customers", "orders"}) {
    for (const std::string& constraint : NamesOf(gathered.Table(name).constraints())) {
      found.push_back(absl::StrCat(name, ".", constraint));
    }
  }
  EXPECT_THAT(found, ElementsAreArray(Ask("SELECT conrelid::regclass || '.' || conname FROM "
                                          "pg_constraint WHERE conrelid > 16384 ORDER BY 1")));
}

TEST_P(Constraints, KeepTheOrderOfTheirColumns) {
  Run(kOrders);
  const Gathered gathered = Gather();
  const v1::Constraint key = gathered.Constraint("customers", "customers_pk");
  EXPECT_EQ(key.type(), v1::CONSTRAINT_TYPE_PRIMARY_KEY);
  EXPECT_THAT(key.columns(), ElementsAre("region", "id"));
  EXPECT_EQ(key.index(), "customers_pk");
  EXPECT_EQ(gathered.Constraint("customers", "customers_name").type(), v1::CONSTRAINT_TYPE_UNIQUE);
}

TEST_P(Constraints, ThatReferToATableSayHow) {
  Run(kOrders);
  const v1::Constraint reference = Gather().Constraint("orders", "orders_customer");
  EXPECT_EQ(reference.type(), v1::CONSTRAINT_TYPE_FOREIGN_KEY);
  EXPECT_THAT(reference.columns(), ElementsAre("customer_region", "customer_id"));
  EXPECT_EQ(reference.references().kind(), "table");
  EXPECT_EQ(DisplayName(KeyOf(reference.references())), "public.customers");
  EXPECT_THAT(reference.referenced_columns(), ElementsAre("region", "id"));
  EXPECT_EQ(reference.on_update(), v1::REFERENTIAL_ACTION_CASCADE);
  EXPECT_EQ(reference.on_delete(), v1::REFERENTIAL_ACTION_SET_NULL);
  EXPECT_EQ(reference.match(), "full");
  EXPECT_TRUE(reference.deferrable());
  EXPECT_TRUE(reference.initially_deferred());
}

TEST_P(Constraints, SayEachActionAsTheServerDoes) {
  const std::map<std::string, v1::ReferentialAction> actions = {
      {"NO ACTION", v1::REFERENTIAL_ACTION_NO_ACTION},
      {"RESTRICT", v1::REFERENTIAL_ACTION_RESTRICT},
      {"CASCADE", v1::REFERENTIAL_ACTION_CASCADE},
      {"SET NULL", v1::REFERENTIAL_ACTION_SET_NULL},
      {"SET DEFAULT", v1::REFERENTIAL_ACTION_SET_DEFAULT}};
  Run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int)");
  for (const auto& [words, action] : actions) {
    Run(absl::StrCat("ALTER TABLE b ADD CONSTRAINT \"", words, "\" FOREIGN KEY (a) REFERENCES a ",
                     "ON UPDATE ", words, " ON DELETE ", words));
  }
  const Gathered gathered = Gather();
  for (const auto& [words, action] : actions) {
    EXPECT_EQ(gathered.Constraint("b", words).on_update(), action) << words;
    EXPECT_EQ(gathered.Constraint("b", words).on_delete(), action) << words;
  }
}

TEST_P(Constraints, NameTheColumnsThatAreSetOnDelete) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  Run("CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));"
      "CREATE TABLE b (x int, y int, CONSTRAINT r FOREIGN KEY (x, y) REFERENCES a"
      "  ON DELETE SET NULL (y))");
  EXPECT_THAT(Gather().Constraint("b", "r").delete_set_columns(), ElementsAre("y"));
}

TEST_P(Constraints, ThatCheckReadAsTheServerPrintsThem) {
  Run(kOrders);
  const Gathered gathered = Gather();
  const v1::Constraint check = gathered.Constraint("orders", "orders_total");
  EXPECT_EQ(check.type(), v1::CONSTRAINT_TYPE_CHECK);
  EXPECT_TRUE(check.no_inherit());
  EXPECT_EQ(absl::StrCat("CHECK (", gathered.ConstraintExpression("orders", "orders_total"),
                         ") NO INHERIT"),
            Ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = "
                "'orders_total'")
                .front());
}

TEST_P(Constraints, ThatExcludeSayByWhichOperators) {
  Run("CREATE EXTENSION btree_gist;"
      "CREATE TABLE bookings (room int, during tsrange, cancelled boolean, CONSTRAINT no_overlap"
      "  EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled))");
  const Gathered gathered = Gather();
  const v1::Constraint exclusion = gathered.Constraint("bookings", "no_overlap");
  EXPECT_EQ(exclusion.type(), v1::CONSTRAINT_TYPE_EXCLUSION);
  EXPECT_THAT(exclusion.columns(), ElementsAre("room", "during"));
  EXPECT_THAT(exclusion.operators(), ElementsAre("=", "&&"));
  EXPECT_EQ(gathered.ConstraintExpression("bookings", "no_overlap"),
            Ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = "
                "'no_overlap'")
                .front());
}

TEST_P(Constraints, OfPartitionedTablesHaveNoRowsOfTheServersMaking) {
  Run("CREATE TABLE a (id int PRIMARY KEY) PARTITION BY RANGE (id);"
      "CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE a2 PARTITION OF a FOR VALUES FROM (10) TO (20);"
      "CREATE TABLE b (id int, CONSTRAINT to_a FOREIGN KEY (id) REFERENCES a)");
  const Gathered gathered = Gather();
  ASSERT_EQ(gathered.Table("b").constraints_size(), 1);
  EXPECT_EQ(DisplayName(KeyOf(gathered.Constraint("b", "to_a").references())), "public.a");
}

TEST_P(Constraints, OfTypesAreNoTables) {
  Run("CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TABLE t (n positive)");
  EXPECT_THAT(Gather().Table("t").constraints(), IsEmpty());
}

TEST_P(Constraints, ThatArePeriodsOrNotEnforcedSaySo) {
  if (major() < 18) GTEST_SKIP() << "of 18 and newer";
  Run("CREATE EXTENSION btree_gist;"
      "CREATE TABLE a (id int, valid daterange, CONSTRAINT pk PRIMARY KEY (id, valid WITHOUT "
      "OVERLAPS));"
      "CREATE TABLE b (id int, valid daterange, CONSTRAINT fk FOREIGN KEY (id, PERIOD valid) "
      "REFERENCES a (id, PERIOD valid), CONSTRAINT hoped CHECK (id > 0) NOT ENFORCED)");
  const Gathered gathered = Gather();
  EXPECT_TRUE(gathered.Constraint("a", "pk").period());
  EXPECT_TRUE(gathered.Constraint("b", "fk").period());
  EXPECT_TRUE(gathered.Constraint("b", "hoped").not_enforced());
}

TEST_P(Constraints, ChangeByOnePropertyAtATime) {
  Run(kOrders);
  ExpectChanges({
      {"ALTER TABLE orders ALTER CONSTRAINT orders_customer DEFERRABLE INITIALLY IMMEDIATE",
       {"table public.orders structure: constraints.orders_customer.initially_deferred true -> "
        "false"}},
      {"ALTER TABLE orders ALTER CONSTRAINT orders_customer NOT DEFERRABLE",
       {"table public.orders structure: constraints.orders_customer.deferrable true -> false"}},
      {"ALTER TABLE orders DROP CONSTRAINT orders_total, ADD CONSTRAINT orders_total "
       "CHECK (total >= 1) NO INHERIT",
       {"table public.orders expressions: constraints.orders_total.expression "
        "(total >= (0)::numeric) -> (total >= (1)::numeric)"}},
      {"ALTER TABLE orders ADD CONSTRAINT later CHECK (id > 0) NOT VALID",
       {"table public.orders structure: constraints.later nothing -> check columns [id] not valid",
        "table public.orders expressions: constraints.later nothing -> (id > 0)"}},
      {"ALTER TABLE orders VALIDATE CONSTRAINT later",
       {"table public.orders structure: constraints.later.not_valid true -> false"}},
      {"ALTER TABLE orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer "
       "FOREIGN KEY (customer_region, customer_id) REFERENCES customers MATCH FULL "
       "ON UPDATE CASCADE ON DELETE RESTRICT",
       {"table public.orders structure: constraints.orders_customer.on_delete set null -> "
        "restrict"}},
      {"ALTER TABLE customers DROP CONSTRAINT customers_name",
       {"table public.customers structure: constraints.customers_name unique columns [name] index "
        "customers_name -> nothing",
        "table public.customers structure: indexes.customers_name method btree unique keys [name] "
        "of constraint -> nothing",
        "table public.customers state: indexes.customers_name valid ready -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
