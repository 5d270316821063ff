// Tables of all sorts: plain, unlogged, partitioned, inherited, foreign.
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class Tables : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Tables);

constexpr const char* kForeign =
    "CREATE FOREIGN DATA WRAPPER nowhere;"  // it has no handler: nothing can be read through it
    "CREATE SERVER far FOREIGN DATA WRAPPER nowhere OPTIONS (host 'db', password 's3cret-server');"
    "CREATE FOREIGN TABLE remote (id int NOT NULL, note text DEFAULT 'none') SERVER far"
    "  OPTIONS (table_name 'orders', password 's3cret-table')";

TEST_P(Tables, AreThoseThatTheCatalogLists) {
  Run("CREATE TABLE plain (id int); CREATE UNLOGGED TABLE quick (id int);"
      "CREATE SCHEMA app; CREATE TABLE app.orders (id int);"
      "CREATE TABLE parts (id int) PARTITION BY LIST (id);"
      "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);"
      "CREATE VIEW no_table AS SELECT 1 AS one");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("table"),
              ElementsAreArray(Ask("SELECT table_schema || '.' || table_name FROM "
                                   "information_schema.tables WHERE table_type <> 'VIEW' AND "
                                   "table_schema NOT IN ('pg_catalog', 'information_schema') "
                                   "ORDER BY 1")));
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(Tables, OfOtherSessionsThatAreTemporaryAreLeftOut) {
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("CREATE TEMPORARY TABLE mine (id serial PRIMARY KEY)"));
  EXPECT_THAT(Gather().Names("table"), IsEmpty());
}

TEST_P(Tables, SayHowLongTheyLast) {
  Run("CREATE TABLE plain (id int); CREATE UNLOGGED TABLE quick (id int)");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Table("plain").kind(), v1::TABLE_KIND_PLAIN);
  EXPECT_EQ(gathered.Table("plain").persistence(), v1::PERSISTENCE_PERMANENT);
  EXPECT_EQ(gathered.Table("quick").persistence(), v1::PERSISTENCE_UNLOGGED);
}

TEST_P(Tables, SayHowTheyAreDivided) {
  Run("CREATE TABLE events (region text, at timestamptz, id int)"
      "  PARTITION BY RANGE (at, lower(region));"
      "CREATE TABLE events_2026 PARTITION OF events"
      "  FOR VALUES FROM ('2026-01-01 00:00+00', 'a') TO ('2027-01-01 00:00+00', 'a')"
      "  PARTITION BY HASH (id);"
      "CREATE TABLE events_2026_0 PARTITION OF events_2026"
      "  FOR VALUES WITH (MODULUS 4, REMAINDER 0);"
      "CREATE TABLE events_rest PARTITION OF events DEFAULT");
  const Gathered gathered = Gather();
  const v1::TableStructure events = gathered.Table("events");
  EXPECT_EQ(events.kind(), v1::TABLE_KIND_PARTITIONED);
  EXPECT_EQ(events.partitioning().strategy(), "range");
  EXPECT_THAT(events.partitioning().columns(), ElementsAre("at", ""));
  EXPECT_EQ(gathered.TableExpressions("events").partition_key(), "RANGE (at, lower(region))");
  const v1::TableStructure part = gathered.Table("events_2026");
  EXPECT_TRUE(part.partition());
  ASSERT_EQ(part.parents_size(), 1);
  EXPECT_EQ(DisplayName(KeyOf(part.parents(0))), "public.events");
  EXPECT_EQ(part.partitioning().strategy(), "hash");
  EXPECT_EQ(gathered.TableExpressions("events_2026_0").partition_bound(),
            "FOR VALUES WITH (modulus 4, remainder 0)");
  EXPECT_EQ(gathered.TableExpressions("events_rest").partition_bound(), "DEFAULT");
}

TEST_P(Tables, NameTheirParentsInOrder) {
  Run("CREATE TABLE b (id int); CREATE TABLE a (note text); CREATE TABLE child () INHERITS (b, a)");
  const v1::TableStructure child = Gather().Table("child");
  EXPECT_FALSE(child.partition());
  ASSERT_EQ(child.parents_size(), 2);
  EXPECT_EQ(DisplayName(KeyOf(child.parents(0))), "public.b");
  EXPECT_EQ(DisplayName(KeyOf(child.parents(1))), "public.a");
}

TEST_P(Tables, OfAnotherServerSayWhichAndHideItsSecrets) {
  Run(kForeign);
  const Gathered gathered = Gather();
  const v1::TableStructure remote = gathered.Table("remote");
  EXPECT_EQ(remote.kind(), v1::TABLE_KIND_FOREIGN);
  EXPECT_EQ(remote.foreign().server(), "far");
  ASSERT_EQ(remote.foreign().options_size(), 2);
  EXPECT_EQ(gathered.ColumnExpression("remote", "note"), "'none'::text");
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

TEST_P(Tables, ChangeByOnePropertyAtATime) {
  Run(kForeign);
  Run("CREATE TABLE plain (id int NOT NULL); CREATE UNIQUE INDEX plain_id ON plain (id);"
      "CREATE TABLE parent (id int NOT NULL);"
      "CREATE TABLE parts (id int) PARTITION BY LIST (id);"
      "CREATE TABLE part (id int)");
  std::vector<std::string> inherits = {
      "table public.plain structure: parents nothing -> [public.parent]",
      "table public.plain structure: columns.id.inherited false -> true"};
  if (major() >= 18) {
    inherits.emplace_back(
        "table public.plain structure: constraints.plain_id_not_null.inherited false -> true");
  }
  ExpectChanges({
      {"ALTER TABLE plain SET UNLOGGED",
       {"table public.plain structure: persistence permanent -> unlogged"}},
      {"ALTER TABLE plain SET (fillfactor = 70)",
       {"table public.plain structure: storage_parameters.fillfactor nothing -> value 70"}},
      {"ALTER TABLE plain SET (fillfactor = 80)",
       {"table public.plain structure: storage_parameters.fillfactor.value 70 -> 80"}},
      {"ALTER TABLE plain REPLICA IDENTITY FULL",
       {"table public.plain structure: replica_identity default -> full"}},
      {"ALTER TABLE plain REPLICA IDENTITY USING INDEX plain_id",
       {"table public.plain structure: replica_identity full -> index",
        "table public.plain structure: indexes.plain_id.replica_identity false -> true"}},
      {"ALTER TABLE plain ENABLE ROW LEVEL SECURITY",
       {"table public.plain structure: row_security false -> true"}},
      {"ALTER TABLE plain FORCE ROW LEVEL SECURITY",
       {"table public.plain structure: force_row_security false -> true"}},
      {"ALTER TABLE plain INHERIT parent", inherits},
      {"ALTER TABLE parts ATTACH PARTITION part FOR VALUES IN (1, 2)",
       {"table public.part structure: parents nothing -> [public.parts]",
        "table public.part structure: columns.id.inherited false -> true",
        "table public.part structure: columns.id.not_local false -> true",
        "table public.part structure: partition false -> true",
        "table public.part expressions: partition_bound nothing -> FOR VALUES IN (1, 2)"}},
      {"ALTER FOREIGN TABLE remote OPTIONS (SET table_name 'invoices')",
       {"table public.remote structure: foreign.options.table_name.value orders -> invoices"}},
      {"ALTER FOREIGN TABLE remote OPTIONS (SET password 's3cret-other')",
       {"table public.remote structure: masked part changed"}},
      {"ALTER TABLE plain RENAME TO simple", {"renamed table public.simple was public.plain"}},
      {"DROP TABLE simple", {"- table public.simple"}},
      {"CREATE TABLE fresh (id int)", {"+ table public.fresh"}},
  });
}

}  // namespace
}  // namespace varve::testing
