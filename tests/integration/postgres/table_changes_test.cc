// Single changes of tables: each clause of CREATE TABLE and ALTER TABLE that is not about a column,
// a constraint or a trigger.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class TableChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(TableChanges);

// The parameters that CREATE TABLE takes, each once.
struct Parameter {
  const char* name;
  const char* value;
  bool of_toast;  // the table's TOAST table takes it too
  int since = 0;
};
const Parameter kParameters[] = {
    {"fillfactor", "70", false},
    {"toast_tuple_target", "1000", false},
    {"parallel_workers", "3", false},
    {"autovacuum_enabled", "false", true},
    {"vacuum_index_cleanup", "off", true},
    {"vacuum_truncate", "false", true},
    {"autovacuum_vacuum_threshold", "51", true},
    {"autovacuum_vacuum_scale_factor", "0.3", true},
    {"autovacuum_vacuum_insert_threshold", "52", true, 13},
    {"autovacuum_vacuum_insert_scale_factor", "0.4", true, 13},
    {"autovacuum_analyze_threshold", "53", false},
    {"autovacuum_analyze_scale_factor", "0.5", false},
    {"autovacuum_vacuum_cost_delay", "7", true},
    {"autovacuum_vacuum_cost_limit", "54", true},
    {"autovacuum_freeze_min_age", "1000", true},
    {"autovacuum_freeze_max_age", "200000", true},
    {"autovacuum_freeze_table_age", "1001", true},
    {"autovacuum_multixact_freeze_min_age", "1002", true},
    {"autovacuum_multixact_freeze_max_age", "20000", true},
    {"autovacuum_multixact_freeze_table_age", "1003", true},
    {"log_autovacuum_min_duration", "55", true},
    {"user_catalog_table", "true", false},
};

TEST_P(TableChanges, ByEachStorageParameter) {
  Run("CREATE TABLE t (id int, note text)");
  std::vector<Change> changes;
  for (const Parameter& parameter : kParameters) {
    changes.push_back(
        {absl::StrCat("ALTER TABLE t SET (", parameter.name, " = ", parameter.value, ")"),
         {absl::StrCat("table public.t structure: storage_parameters.", parameter.name,
                       " nothing -> value ", parameter.value)},
         parameter.since});
  }
  ExpectChanges(changes);
}

TEST_P(TableChanges, ByEachParameterOfTheirToastTable) {
  Run("CREATE TABLE t (id int, note text)");
  std::vector<Change> changes;
  for (const Parameter& parameter : kParameters) {
    if (!parameter.of_toast) continue;
    changes.push_back(
        {absl::StrCat("ALTER TABLE t SET (toast.", parameter.name, " = ", parameter.value, ")"),
         {absl::StrCat("table public.t structure: toast_parameters.", parameter.name,
                       " nothing -> value ", parameter.value)},
         parameter.since});
  }
  ExpectChanges(changes);
}

TEST_P(TableChanges, ByHowTheyAreKept) {
  Run("CREATE SCHEMA app; CREATE TABLE t (id int NOT NULL, note text); CREATE UNIQUE INDEX t_id ON "
      "t (id)");
  const std::string structure = "table public.t structure: ";
  ExpectChanges({
      {"ALTER TABLE t SET UNLOGGED", {structure + "persistence permanent -> unlogged"}},
      {"ALTER TABLE t SET LOGGED", {structure + "persistence unlogged -> permanent"}},
      {"ALTER TABLE t SET (fillfactor = 80, parallel_workers = 4)",
       {structure + "storage_parameters.fillfactor nothing -> value 80",
        structure + "storage_parameters.parallel_workers nothing -> value 4"}},
      {"ALTER TABLE t RESET (parallel_workers)",
       {structure + "storage_parameters.parallel_workers value 4 -> nothing"}},
      {"ALTER TABLE t SET (fillfactor = 70, vacuum_truncate = off)",
       {structure + "storage_parameters.fillfactor.value 80 -> 70",
        structure + "storage_parameters.vacuum_truncate nothing -> value off"}},
      {"ALTER TABLE t RESET (fillfactor, vacuum_truncate)",
       {structure + "storage_parameters.fillfactor value 70 -> nothing",
        structure + "storage_parameters.vacuum_truncate value off -> nothing"}},
      {"ALTER TABLE t REPLICA IDENTITY NOTHING",
       {structure + "replica_identity default -> nothing"}},
      {"ALTER TABLE t REPLICA IDENTITY DEFAULT",
       {structure + "replica_identity nothing -> default"}},
      {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", {structure + "row_security false -> true"}},
      {"ALTER TABLE t FORCE ROW LEVEL SECURITY", {structure + "force_row_security false -> true"}},
      {"ALTER TABLE t NO FORCE ROW LEVEL SECURITY",
       {structure + "force_row_security true -> false"}},
      {"ALTER TABLE t DISABLE ROW LEVEL SECURITY", {structure + "row_security true -> false"}},
      {"ALTER TABLE t CLUSTER ON t_id", {structure + "indexes.t_id.clustered false -> true"}},
      {"ALTER TABLE t SET WITHOUT CLUSTER", {structure + "indexes.t_id.clustered true -> false"}},
      {"COMMENT ON TABLE t IS 'kept'", {"table public.t docs: comment nothing -> kept"}},
      {"COMMENT ON TABLE t IS NULL", {"table public.t docs: comment kept -> nothing"}},
      {absl::StrCat("ALTER TABLE t OWNER TO ", Role()),
       {absl::StrCat("table public.t access: owner postgres -> ", Role())}},
      {"ALTER TABLE t SET SCHEMA app", {"renamed table app.t was public.t"}},
      {"ALTER TABLE app.t RENAME TO u", {"renamed table app.u was app.t"}},
      {"DROP SCHEMA app CASCADE", {"- schema app", "- table app.u"}},
  });
}

TEST_P(TableChanges, ByWhoMayUseThem) {
  Run("CREATE TABLE t (id int, note text); GRANT SELECT ON t TO postgres");
  const std::string access = "table public.t access: ";
  ExpectChanges({
      {absl::StrCat("GRANT TRUNCATE, REFERENCES, TRIGGER ON t TO ", Role()),
       {absl::StrCat(access, "grants.", Role(),
                     " postgres nothing -> privileges [REFERENCES, TRIGGER, TRUNCATE]")}},
      {absl::StrCat("GRANT SELECT ON ALL TABLES IN SCHEMA public TO ", Role(),
                    " WITH GRANT OPTION"),
       {absl::StrCat(access, "grants.", Role(),
                     " postgres.privileges [REFERENCES, TRIGGER, TRUNCATE] -> [REFERENCES, SELECT, "
                     "TRIGGER, TRUNCATE]"),
        absl::StrCat(access, "grants.", Role(), " postgres.grantable nothing -> [SELECT]")}},
      {absl::StrCat("REVOKE GRANT OPTION FOR SELECT ON t FROM ", Role()),
       {absl::StrCat(access, "grants.", Role(), " postgres.grantable [SELECT] -> nothing")}},
      {absl::StrCat("REVOKE SELECT ON t FROM ", Role()),
       {absl::StrCat(access, "grants.", Role(),
                     " postgres.privileges [REFERENCES, SELECT, TRIGGER, TRUNCATE] -> [REFERENCES, "
                     "TRIGGER, TRUNCATE]")}},
      {"GRANT SELECT, INSERT, UPDATE, DELETE ON t TO PUBLIC",
       {access + "grants.public postgres nothing -> privileges [DELETE, INSERT, SELECT, UPDATE]"}},
      {"REVOKE INSERT, UPDATE ON t FROM PUBLIC",
       {access +
        "grants.public postgres.privileges [DELETE, INSERT, SELECT, UPDATE] -> [DELETE, SELECT]"}},
      {absl::StrCat("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, ", Role()),
       {access + "grants.public postgres privileges [DELETE, SELECT] -> nothing",
        absl::StrCat(access, "grants.", Role(),
                     " postgres privileges [REFERENCES, TRIGGER, TRUNCATE] -> nothing")}},
      {absl::StrCat("GRANT MAINTAIN ON t TO ", Role()),
       {absl::StrCat(access, "grants.", Role(), " postgres nothing -> privileges [MAINTAIN]")},
       17},
  });
}

TEST_P(TableChanges, ByWhatCreateTableSays) {
  Run("CREATE TABLE t (id int); CREATE TABLE parent (id int); CREATE TYPE pair AS (a int, b text); "
      "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE source (id "
      "int DEFAULT 5 CHECK (id > 0), note text COLLATE \"C\"); CREATE INDEX source_i ON source "
      "(note); COMMENT ON COLUMN source.id IS 'number'; CREATE STATISTICS source_s ON id, note "
      "FROM source");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  const std::string again = "DROP TABLE t; CREATE TABLE t ";
  ExpectChanges({
      {"DROP TABLE t; CREATE UNLOGGED TABLE t (id int)",
       {structure + "persistence permanent -> unlogged"}},
      {again + "(id int) WITH (fillfactor = 50)",
       {structure + "persistence unlogged -> permanent",
        structure + "storage_parameters.fillfactor nothing -> value 50"}},
      {again + "() INHERITS (parent)",
       {structure + "columns.id.inherited false -> true",
        structure + "columns.id.not_local false -> true",
        structure + "parents nothing -> [public.parent]",
        structure + "storage_parameters.fillfactor value 50 -> nothing"}},
      {again + "OF pair",
       {structure + "columns.id integer inherited not local -> nothing",
        structure + "columns.a nothing -> integer", structure + "columns.b nothing -> text",
        structure + "parents [public.parent] -> nothing",
        structure + "of_type nothing -> public.pair"}},
      {again + "OF pair (a WITH OPTIONS DEFAULT 7)",
       {structure + "columns.a.has_default false -> true", expressions + "columns.a nothing -> 7"}},
      {again + "(a int, b text)",
       {structure + "columns.a.has_default true -> false",
        structure + "of_type public.pair -> nothing", expressions + "columns.a 7 -> nothing"}},
      {again + "(a int, b text) USING other", {structure + "access_method heap -> other"}},
      {again + "(LIKE pair)", {structure + "access_method other -> heap"}},
      {again + "(LIKE source)",
       {structure + "columns.a integer -> nothing", structure + "columns.b text -> nothing",
        structure + "columns.id nothing -> integer",
        structure + "columns.note nothing -> text collation pg_catalog.C"}},
      {again + "(LIKE source INCLUDING DEFAULTS)",
       {structure + "columns.id.has_default false -> true",
        expressions + "columns.id nothing -> 5"}},
      {again + "(LIKE source INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
       {structure + "constraints.source_id_check nothing -> check columns [id]",
        expressions + "constraints.source_id_check nothing -> (id > 0)"}},
      {again + "(LIKE source INCLUDING COMMENTS)",
       {structure + "columns.id.has_default true -> false",
        structure + "constraints.source_id_check check columns [id] -> nothing",
        expressions + "columns.id 5 -> nothing",
        expressions + "constraints.source_id_check (id > 0) -> nothing",
        "table public.t docs: elements.column id nothing -> comment number"}},
      {again + "(LIKE source INCLUDING INDEXES)",
       {structure + "indexes.t_note_idx nothing -> method btree keys [note]",
        "table public.t docs: elements.column id comment number -> nothing",
        "table public.t state: indexes.t_note_idx nothing -> valid ready"}},
      {again + "(LIKE source INCLUDING STATISTICS)",
       {"+ extended_statistics public.t_id_note_stat",
        structure + "indexes.t_note_idx method btree keys [note] -> nothing",
        "table public.t state: indexes.t_note_idx valid ready -> nothing"}},
      {again + "AS SELECT id, note FROM source", {"- extended_statistics public.t_id_note_stat"}},
      {"DROP TABLE t; SELECT id AS number INTO t FROM source",
       {structure + "columns.id integer -> nothing",
        structure + "columns.note text collation pg_catalog.C -> nothing",
        structure + "columns.number nothing -> integer"}},
      {"DROP TABLE t", {"- table public.t"}},
      {"CREATE TABLE IF NOT EXISTS t (id int)", {"+ table public.t"}},
      {"CREATE TABLE IF NOT EXISTS t (other text)", {}},
  });
}

TEST_P(TableChanges, ByHowTheyAreDivided) {
  Run("CREATE TABLE whole (id int, name text) PARTITION BY RANGE (id); CREATE TABLE part (id int, "
      "name text)");
  const std::string structure = "table public.part structure: ";
  const std::string expressions = "table public.part expressions: ";
  const std::string again =
      "DROP TABLE whole; CREATE TABLE whole (id int, name text) PARTITION BY ";
  const std::string another = "table public.another structure: ";
  const std::string another_text = "table public.another expressions: ";
  ExpectChanges({
      {"ALTER TABLE whole ATTACH PARTITION part FOR VALUES FROM (1) TO (10)",
       {structure + "columns.id.inherited false -> true",
        structure + "columns.id.not_local false -> true",
        structure + "columns.name.inherited false -> true",
        structure + "columns.name.not_local false -> true",
        structure + "parents nothing -> [public.whole]", structure + "partition false -> true",
        expressions + "partition_bound nothing -> FOR VALUES FROM (1) TO (10)"}},
      {"ALTER TABLE whole DETACH PARTITION part",
       {structure + "columns.id.inherited true -> false",
        structure + "columns.id.not_local true -> false",
        structure + "columns.name.inherited true -> false",
        structure + "columns.name.not_local true -> false",
        structure + "parents [public.whole] -> nothing", structure + "partition true -> false",
        expressions + "partition_bound FOR VALUES FROM (1) TO (10) -> nothing"}},
      {"ALTER TABLE whole ATTACH PARTITION part DEFAULT",
       {structure + "columns.id.inherited false -> true",
        structure + "columns.id.not_local false -> true",
        structure + "columns.name.inherited false -> true",
        structure + "columns.name.not_local false -> true",
        structure + "parents nothing -> [public.whole]", structure + "partition false -> true",
        expressions + "partition_bound nothing -> DEFAULT"}},
      {"ALTER TABLE whole DETACH PARTITION part",
       {structure + "columns.id.inherited true -> false",
        structure + "columns.id.not_local true -> false",
        structure + "columns.name.inherited true -> false",
        structure + "columns.name.not_local true -> false",
        structure + "parents [public.whole] -> nothing", structure + "partition true -> false",
        expressions + "partition_bound DEFAULT -> nothing"}},
      {"ALTER TABLE whole ATTACH PARTITION part FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
       {structure + "columns.id.inherited false -> true",
        structure + "columns.id.not_local false -> true",
        structure + "columns.name.inherited false -> true",
        structure + "columns.name.not_local false -> true",
        structure + "parents nothing -> [public.whole]", structure + "partition false -> true",
        expressions + "partition_bound nothing -> FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"}},
      {"ALTER TABLE whole DETACH PARTITION part",
       {structure + "columns.id.inherited true -> false",
        structure + "columns.id.not_local true -> false",
        structure + "columns.name.inherited true -> false",
        structure + "columns.name.not_local true -> false",
        structure + "parents [public.whole] -> nothing", structure + "partition true -> false",
        expressions + "partition_bound FOR VALUES FROM (MINVALUE) TO (MAXVALUE) -> nothing"}},
      {"CREATE TABLE another PARTITION OF whole FOR VALUES FROM (10) TO (20)",
       {"+ table public.another"}},
      {"CREATE TABLE sub PARTITION OF whole FOR VALUES FROM (20) TO (30) PARTITION BY LIST (name)",
       {"+ table public.sub"}},
      {"CREATE TABLE leaf PARTITION OF sub FOR VALUES IN ('a', NULL)", {"+ table public.leaf"}},
      {"DROP TABLE leaf", {"- table public.leaf"}},
      {"ALTER TABLE whole DETACH PARTITION another CONCURRENTLY",
       {another + "columns.id.inherited true -> false",
        another + "columns.id.not_local true -> false",
        another + "columns.name.inherited true -> false",
        another + "columns.name.not_local true -> false",
        another + "constraints.another_id_check nothing -> check columns [id]",
        another + "parents [public.whole] -> nothing", another + "partition true -> false",
        another_text + "constraints.another_id_check nothing -> ((id IS NOT "
                       "NULL) AND (id >= 10) AND (id < 20))",
        another_text + "partition_bound FOR VALUES FROM (10) TO (20) -> nothing"},
       14},
      {"DROP TABLE another", {"- table public.another"}},
      {again + "RANGE (id)", {"- table public.sub"}},
      {again + "LIST (id)",
       {"table public.whole structure: partitioning.strategy range -> list",
        "table public.whole expressions: partition_key RANGE (id) -> LIST (id)"}},
      {again + "HASH (id)",
       {"table public.whole structure: partitioning.strategy list -> hash",
        "table public.whole expressions: partition_key LIST (id) -> HASH (id)"}},
      {again + "HASH (id, name)",
       {"table public.whole structure: partitioning.columns [id] -> [id, name]",
        "table public.whole expressions: partition_key HASH (id) -> HASH (id, name)"}},
      {again + "HASH (id, name COLLATE \"C\")",
       {"table public.whole expressions: partition_key HASH (id, name) -> HASH (id, name COLLATE "
        "\"C\")"}},
      {again + "HASH (id, name COLLATE \"C\" text_pattern_ops)",
       {"table public.whole expressions: partition_key HASH (id, name COLLATE \"C\") -> HASH (id, "
        "name COLLATE \"C\" text_pattern_ops)"}},
      {again + "HASH (id, lower(name))",
       {"table public.whole structure: partitioning.columns [id, name] -> [id, ]",
        "table public.whole expressions: partition_key HASH (id, name COLLATE \"C\" "
        "text_pattern_ops) -> HASH (id, lower(name))"}},
      {"ALTER TABLE whole ATTACH PARTITION part FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
       {structure + "columns.id.inherited false -> true",
        structure + "columns.id.not_local false -> true",
        structure + "columns.name.inherited false -> true",
        structure + "columns.name.not_local false -> true",
        structure + "parents nothing -> [public.whole]", structure + "partition false -> true",
        expressions + "partition_bound nothing -> FOR VALUES WITH (modulus 4, remainder 1)"}},
      {"ALTER TABLE whole DETACH PARTITION part; ALTER TABLE whole ATTACH PARTITION part FOR "
       "VALUES WITH (MODULUS 4, REMAINDER 2)",
       {expressions + "partition_bound FOR VALUES WITH (modulus 4, remainder 1) -> FOR VALUES WITH "
                      "(modulus 4, remainder 2)"}},
  });
}

TEST_P(TableChanges, ByWhatTheyInherit) {
  Run("CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE child (id int)");
  const std::string structure = "table public.child structure: ";
  const std::string expressions = "table public.a expressions: ";
  ExpectChanges({
      {"ALTER TABLE child INHERIT a",
       {structure + "columns.id.inherited false -> true",
        structure + "parents nothing -> [public.a]"}},
      {"ALTER TABLE child INHERIT b", {structure + "parents [public.a] -> [public.a, public.b]"}},
      {"ALTER TABLE child NO INHERIT a; ALTER TABLE child INHERIT a",
       {structure + "parents [public.a, public.b] -> [public.b, public.a]"}},
      {"ALTER TABLE a ADD note text",
       {"table public.a structure: columns.note nothing -> text",
        structure + "columns.note nothing -> text inherited not local"}},
      {"ALTER TABLE ONLY a ALTER note SET DEFAULT 'x'",
       {"table public.a structure: columns.note.has_default false -> true",
        expressions + "columns.note nothing -> 'x'::text"}},
      {"ALTER TABLE a ALTER note SET DEFAULT 'y'",
       {expressions + "columns.note.expression 'x'::text -> 'y'::text",
        structure + "columns.note.has_default false -> true",
        "table public.child expressions: columns.note nothing -> 'y'::text"}},
      {"ALTER TABLE a DROP note",
       {"table public.a structure: columns.note text has default -> nothing",
        expressions + "columns.note 'y'::text -> nothing",
        structure + "columns.note text has default inherited not local -> nothing",
        "table public.child expressions: columns.note 'y'::text -> nothing"}},
      {"ALTER TABLE child NO INHERIT b",
       {structure + "parents [public.b, public.a] -> [public.a]"}},
      {"DROP TABLE a CASCADE", {"- table public.a", "- table public.child"}},
  });
}

}  // namespace
}  // namespace varve::testing
