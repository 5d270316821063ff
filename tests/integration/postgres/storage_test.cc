// How tables, columns and indexes are kept: methods, tablespaces, TOAST, statistics.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const EntityKey kMaterialized{"materialized_view", {"public", "m"}};

class StorageOf : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(StorageOf);

TEST_P(StorageOf, ColumnsIsToldWhereItIsNotTheTypes) {
  Run("CREATE TABLE t (id int, note text, amount numeric, tags text[], CONSTRAINT x CHECK (id > "
      "0));"
      "CREATE TYPE pair AS (a int); CREATE DOMAIN short AS varchar(9);"
      "ALTER TABLE t ADD p pair, ADD s short");
  const v1::TableStructure table = Gather().Table("t");
  for (const v1::Column& column : table.columns()) {
    EXPECT_EQ(column.storage(), "") << column.name();
    EXPECT_EQ(column.compression(), "") << column.name();
    EXPECT_FALSE(column.has_statistics_target()) << column.name();
    EXPECT_THAT(column.options(), IsEmpty()) << column.name();
    EXPECT_FALSE(column.inherited()) << column.name();
    EXPECT_FALSE(column.not_local()) << column.name();
  }
}

TEST_P(StorageOf, ColumnsChangesByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int, note text)");
  ExpectChanges({
      {"ALTER TABLE t ALTER note SET STORAGE EXTERNAL",
       {"table public.t structure: columns.note.storage nothing -> external"}},
      {"ALTER TABLE t ALTER note SET STORAGE MAIN",
       {"table public.t structure: columns.note.storage external -> main"}},
      {"ALTER TABLE t ALTER note SET STORAGE PLAIN",
       {"table public.t structure: columns.note.storage main -> plain"}},
      {"ALTER TABLE t ALTER note SET STORAGE EXTENDED",
       {"table public.t structure: columns.note.storage plain -> nothing"}},
      {"ALTER TABLE t ALTER note SET COMPRESSION pglz",
       {"table public.t structure: columns.note.compression nothing -> pglz"},
       14},
      {"ALTER TABLE t ALTER note SET COMPRESSION default",
       {"table public.t structure: columns.note.compression pglz -> nothing"},
       14},
      {"ALTER TABLE t ALTER id SET STATISTICS 500",
       {"table public.t structure: columns.id.statistics_target nothing -> 500"}},
      {"ALTER TABLE t ALTER id SET STATISTICS 0",
       {"table public.t structure: columns.id.statistics_target 500 -> 0"}},
      {"ALTER TABLE t ALTER id SET STATISTICS -1",
       {"table public.t structure: columns.id.statistics_target 0 -> nothing"}},
      {"ALTER TABLE t ALTER id SET (n_distinct = -0.5)",
       {"table public.t structure: columns.id.options.n_distinct nothing -> value -0.5"}},
      {"ALTER TABLE t ALTER id SET (n_distinct = 9)",
       {"table public.t structure: columns.id.options.n_distinct.value -0.5 -> 9"}},
      {"ALTER TABLE t ALTER id RESET (n_distinct)",
       {"table public.t structure: columns.id.options.n_distinct value 9 -> nothing"}},
  });
}

TEST_P(StorageOf, ForeignColumnsHasOptionsWhoseSecretsAreHidden) {
  Run("CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;"
      "CREATE FOREIGN TABLE remote (id int OPTIONS (column_name 'ID', password 's3cret-column'))"
      "  SERVER far");
  const Gathered gathered = Gather();
  const v1::Column column = gathered.Column("remote", "id");
  ASSERT_THAT(NamesOf(column.fdw_options()), ElementsAre("column_name", "password"));
  EXPECT_EQ(column.fdw_options(0).value(), "ID");
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  ExpectChanges(
      {{"ALTER FOREIGN TABLE remote ALTER id OPTIONS (SET column_name 'id')",
        {"table public.remote structure: columns.id.fdw_options.column_name.value ID -> id"}}});
}

TEST_P(StorageOf, TablesChangesByOnePropertyAtATime) {
  Run("CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;"
      "CREATE TABLE t (id int, note text); CREATE TABLE parts (id int) PARTITION BY LIST (id)");
  EXPECT_EQ(Gather().Table("t").access_method(), "heap");
  EXPECT_EQ(Gather().Table("parts").access_method(), "");
  ExpectChanges({
      {"ALTER TABLE t SET (toast.autovacuum_enabled = false)",
       {"table public.t structure: toast_parameters.autovacuum_enabled nothing -> value false"}},
      {"ALTER TABLE t SET (toast.autovacuum_enabled = true)",
       {"table public.t structure: toast_parameters.autovacuum_enabled.value false -> true"}},
      {"ALTER TABLE t RESET (toast.autovacuum_enabled)",
       {"table public.t structure: toast_parameters.autovacuum_enabled value true -> nothing"}},
      {"ALTER TABLE t SET ACCESS METHOD other",
       {"table public.t structure: access_method heap -> other"},
       15},
      {"ALTER TABLE parts SET ACCESS METHOD other",
       {"table public.parts structure: access_method nothing -> other"},
       17},
      {"VACUUM FULL t", {}},
      {"DROP TABLE t; CREATE TABLE t (id int, note text) USING other", {}, 15},
  });
}

TEST_P(StorageOf, MaterializedViewsIsThatOfTables) {
  Run("CREATE TABLE t (id int, note text);"
      "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;"
      "CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT id, note FROM t WITH NO DATA");
  EXPECT_EQ(Gather().Shape(kMaterialized, v1::FACET_STRUCTURE).view().access_method(), "heap");
  const std::string m = "materialized_view public.m structure: ";
  ExpectChanges({
      {"ALTER MATERIALIZED VIEW m SET (fillfactor = 80)",
       {m + "options.fillfactor.value 70 -> 80"}},
      {"ALTER MATERIALIZED VIEW m SET (toast.autovacuum_enabled = false)",
       {m + "toast_parameters.autovacuum_enabled nothing -> value false"}},
      {"ALTER MATERIALIZED VIEW m ALTER note SET STORAGE EXTERNAL",
       {m + "columns.note.storage nothing -> external"}},
      {"ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS 7",
       {m + "columns.id.statistics_target nothing -> 7"}},
      {"ALTER MATERIALIZED VIEW m SET ACCESS METHOD other",
       {m + "access_method heap -> other"},
       15},
      {"REFRESH MATERIALIZED VIEW m",
       {"materialized_view public.m state: not_populated true -> false"}},
      {"REFRESH MATERIALIZED VIEW m WITH NO DATA",
       {"materialized_view public.m state: not_populated false -> true"}},
  });
}

TEST_P(StorageOf, IndexesHasStatisticsAndOptionsOfKeys) {
  Run("CREATE TABLE t (id int, note text, at int4); CREATE INDEX i ON t (id, (id + 1), "
      "lower(note))");
  const std::string i = "table public.t structure: indexes.i.keys ";
  ExpectChanges({
      {"ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 50",
       {i + "[id, , ] -> [id, statistics target 50, ]"}},
      {"ALTER INDEX i ALTER COLUMN 2 SET STATISTICS -1",
       {i + "[id, statistics target 50, ] -> [id, , ]"}},
  });
}

TEST_P(StorageOf, IndexesNamesTheOptionsOfOperatorClasses) {
  if (major() < 13) GTEST_SKIP() << "of 13 and newer";
  Run("CREATE TABLE t (v tsvector);"
      "CREATE INDEX i ON t USING gist (v tsvector_ops (siglen = 200))");
  const v1::Index index = Gather().Index("t", "i");
  ASSERT_THAT(index.keys(0).operator_class_options(), SizeIs(1));
  EXPECT_EQ(index.keys(0).operator_class_options(0).name(), "siglen");
  EXPECT_EQ(index.keys(0).operator_class_options(0).value(), "200");
  EXPECT_EQ(index.keys(0).operator_class().names(1), "tsvector_ops") << "the type's default";
}

TEST_P(StorageOf, ThingsInATablespaceNamesIt) {
  const std::string space = "space_of_" + database();
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("SET allow_in_place_tablespaces = on"));
  VARVE_ASSERT_OK(session->Run(absl::StrCat("CREATE TABLESPACE ", space, " LOCATION ''")));
  Run("CREATE TABLE t (id int); CREATE INDEX i ON t (id);"
      "CREATE MATERIALIZED VIEW m AS SELECT id FROM t");
  ExpectChanges({
      {absl::StrCat("ALTER TABLE t SET TABLESPACE ", space),
       {"table public.t structure: tablespace nothing -> " + space}},
      {absl::StrCat("ALTER INDEX i SET TABLESPACE ", space),
       {"table public.t structure: indexes.i.tablespace nothing -> " + space}},
      {absl::StrCat("ALTER MATERIALIZED VIEW m SET TABLESPACE ", space),
       {"materialized_view public.m structure: tablespace nothing -> " + space}},
      {"ALTER TABLE t SET TABLESPACE pg_default",
       {"table public.t structure: tablespace " + space + " -> nothing"}},
      {"DROP INDEX i; DROP MATERIALIZED VIEW m",
       {"- materialized_view public.m",
        "table public.t structure: indexes.i method btree keys [id] tablespace " + space +
            " -> nothing",
        "table public.t state: indexes.i valid ready -> nothing"}},
  });
  VARVE_ASSERT_OK(session->Run("DROP TABLESPACE " + space));
}

TEST_P(StorageOf, TypedTablesNamesTheirType) {
  Run("CREATE TYPE pair AS (a int, b text); CREATE TABLE t OF pair; CREATE TABLE u (a int, b "
      "text)");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Table("t").of_type().kind(), "composite_type");
  EXPECT_EQ(DisplayName(KeyOf(gathered.Table("t").of_type())), "public.pair");
  EXPECT_FALSE(gathered.Table("u").has_of_type());
  ExpectChanges({
      {"ALTER TABLE u OF pair", {"table public.u structure: of_type nothing -> public.pair"}},
      {"ALTER TABLE u NOT OF", {"table public.u structure: of_type public.pair -> nothing"}},
  });
}

TEST_P(StorageOf, TablesOf1600ColumnsIsReadWhole) {
  std::vector<std::string> columns;
  for (int i = 1; i <= 1600; ++i) columns.push_back(absl::StrCat("c", i, " int"));
  Run(absl::StrCat("CREATE TABLE wide (", absl::StrJoin(columns, ","), ")"));
  const v1::TableStructure wide = Gather().Table("wide");
  ASSERT_THAT(wide.columns(), SizeIs(1600));
  EXPECT_EQ(wide.columns(1599).name(), "c1600");
  ExpectChanges({{"ALTER TABLE wide ALTER c1600 SET STATISTICS 3",
                  {"table public.wide structure: columns.c1600.statistics_target nothing -> 3"}}});
}

TEST_P(StorageOf, SequencesThatAreUnloggedSaySo) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  Run("CREATE SEQUENCE s");
  ExpectChanges({
      {"ALTER SEQUENCE s SET UNLOGGED", {"sequence public.s structure: unlogged false -> true"}},
      {"ALTER SEQUENCE s SET LOGGED", {"sequence public.s structure: unlogged true -> false"}},
  });
}

}  // namespace
}  // namespace varve::testing
