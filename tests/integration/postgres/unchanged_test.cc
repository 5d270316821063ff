// Acts that change nothing: maintenance, rows, what sessions do, saying what is so, and making the
// same again.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

// Something of each kind, as little as possible at its default.
constexpr const char* kShop =
    "CREATE SCHEMA app;"
    "CREATE SEQUENCE numbers;"
    "CREATE TYPE mood AS ENUM ('good', 'bad');"
    "CREATE TYPE pair AS (a int, b text);"
    "CREATE TYPE span AS RANGE (subtype = float8);"
    "CREATE DOMAIN price AS numeric CHECK (VALUE > 0);"
    "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text DEFAULT 'x' NOT "
    "NULL, m mood, CONSTRAINT c CHECK (id > 0)) WITH (fillfactor = 70);"
    "CREATE INDEX i ON t (note) WHERE id > 5;"
    "CREATE INDEX x ON t ((id + 1));"
    "ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 9;"
    "ALTER TABLE t CLUSTER ON t_pkey;"
    "CREATE TABLE child (t int CONSTRAINT r REFERENCES t);"
    "CREATE VIEW v WITH (security_barrier = true) AS SELECT id FROM t;"
    "CREATE MATERIALIZED VIEW k AS SELECT id FROM t;"
    "CREATE UNIQUE INDEX k_id ON k (id);"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
    "CREATE POLICY p ON t USING (id > 1);"
    "CREATE RULE u AS ON UPDATE TO child DO INSTEAD NOTHING;"
    "CREATE STATISTICS s ON id, note FROM t;"
    "COMMENT ON TABLE t IS 'kept';"
    "COMMENT ON COLUMN t.note IS 'said';"
    "GRANT SELECT ON t TO PUBLIC";

class Unchanged : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Unchanged);

TEST_P(Unchanged, ByMaintenance) {
  Run(kShop);
  ExpectChanges({
      {"ANALYZE t", {}},
      {"ANALYZE", {}},
      {"ANALYZE t (note), child", {}},
      {"VACUUM", {}},
      {"VACUUM t", {}},
      {"VACUUM (FULL)", {}},
      {"VACUUM (DISABLE_PAGE_SKIPPING, INDEX_CLEANUP off, TRUNCATE off) t", {}},
      {"VACUUM (FREEZE) t", {}},
      {"VACUUM (FULL, ANALYZE) t", {}},
      {"VACUUM FULL pg_catalog.pg_class", {}},
      {"REINDEX INDEX i", {}},
      {"REINDEX INDEX CONCURRENTLY i", {}},
      {"REINDEX TABLE t", {}},
      {"REINDEX TABLE CONCURRENTLY t", {}},
      {"REINDEX INDEX CONCURRENTLY t_pkey", {}},
      {"REINDEX (VERBOSE) TABLE child", {}},
      {"REINDEX (TABLESPACE pg_default) INDEX i", {}, 14},
      {"REINDEX SCHEMA public", {}},
      {"REINDEX SCHEMA CONCURRENTLY public", {}},
      {absl::StrCat("REINDEX DATABASE ", database()), {}},
      {absl::StrCat("REINDEX DATABASE CONCURRENTLY ", database()), {}},
      {absl::StrCat("REINDEX SYSTEM ", database()), {}},
      {"CLUSTER t", {}},
      {"CLUSTER t USING t_pkey", {}},
      {"CLUSTER", {}},
      {"REFRESH MATERIALIZED VIEW k", {}},
      {"REFRESH MATERIALIZED VIEW k WITH DATA", {}},
      {"REFRESH MATERIALIZED VIEW CONCURRENTLY k", {}},
      {"ALTER TABLE t SET TABLESPACE pg_default", {}},
      {"ALTER INDEX i SET TABLESPACE pg_default", {}},
      {"ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default", {}},
      {"CHECKPOINT", {}},
      {"SELECT pg_stat_reset()", {}},
      {"SELECT pg_stat_reset_single_table_counters('t'::regclass)", {}},
      {"SELECT pg_stat_reset_shared('bgwriter')", {}},
      {"SELECT pg_switch_wal()", {}},
      {"SELECT pg_reload_conf()", {}},
  });
}

TEST_P(Unchanged, ByRows) {
  Run(kShop);
  Run("SELECT lo_create(4710)");  // the first of an owner is a change
  ExpectChanges({
      {"INSERT INTO t (note) VALUES ('a'), ('b'), (repeat('long', 100000))", {}},
      {"UPDATE t SET note = note || '.'", {}},
      {"DELETE FROM t", {}},
      {"TRUNCATE ONLY child", {}},
      {"TRUNCATE t, child CONTINUE IDENTITY RESTRICT", {}},
      {"TRUNCATE t CASCADE", {}},
      {"TRUNCATE t RESTART IDENTITY CASCADE", {}},
      {"INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (7, 'c') ON CONFLICT DO NOTHING", {}},
      {"SELECT nextval('numbers')", {}},
      {"SELECT nextval('numbers'), currval('numbers'), lastval()", {}},
      {"SELECT setval('numbers', 77)", {}},
      {"SELECT setval('numbers', 78, false)", {}},
      {"ALTER SEQUENCE numbers RESTART", {}},
      {"SELECT lo_create(4711)", {}},
      {"SELECT lo_unlink(4711)", {}},
      {"WITH gone AS (DELETE FROM t RETURNING *) SELECT count(*) FROM gone", {}},
      {"DO $$ BEGIN FOR n IN 1..50 LOOP INSERT INTO t (note) VALUES (n); END LOOP; END $$", {}},
      {"COPY t (note) FROM PROGRAM 'echo copied'", {}},
      {"COPY t (note) FROM PROGRAM 'echo copied' WITH (FREEZE off, FORMAT csv)", {}},
      {"COPY (SELECT note FROM t) TO PROGRAM 'cat >/dev/null'", {}},
      {"MERGE INTO t USING (VALUES ('z')) AS given (note) ON t.note = given.note WHEN NOT MATCHED "
       "THEN INSERT (note) VALUES (given.note) WHEN MATCHED THEN DELETE",
       {},
       15},
      {"BEGIN; UPDATE t SET note = 'y'; ROLLBACK", {}},
  });
}

// The server must be told that it may keep them, and that takes a restart. It is left so: nobody
// else here asks, and it would not replay them with less.
TEST_P(Unchanged, ByTransactionsInTwoPhases) {
  Run(kShop);
  Run("ALTER SYSTEM SET max_prepared_transactions = 3");
  Run("CHECKPOINT");  // it stops at once, and commits wait for no disk
  VARVE_ASSERT_OK(server().Restart());
  ExpectChanges({
      {"BEGIN; INSERT INTO t (note) VALUES ('a'); PREPARE TRANSACTION 'rows'", {}},
      {"COMMIT PREPARED 'rows'", {}},
      {"BEGIN; DELETE FROM t; PREPARE TRANSACTION 'no rows'", {}},
      {"ROLLBACK PREPARED 'no rows'", {}},
      {"BEGIN; CREATE TABLE never (id int); PREPARE TRANSACTION 'never'", {}},
      {"ROLLBACK PREPARED 'never'", {}},
      {"BEGIN; CREATE TABLE later (id int); PREPARE TRANSACTION 'later'", {}},
      {"COMMIT PREPARED 'later'", {"+ table public.later"}},
  });
}

TEST_P(Unchanged, ByWhatASessionDoes) {
  Run(kShop);
  ExpectChanges({
      {"SET work_mem = '9MB'; RESET work_mem", {}},
      {absl::StrCat("SET SESSION AUTHORIZATION ", Role(), "; RESET SESSION AUTHORIZATION"), {}},
      {absl::StrCat("SET ROLE ", Role(), "; RESET ROLE"), {}},
      {"BEGIN; SET LOCAL work_mem = '9MB'; COMMIT", {}},
      {absl::StrCat("BEGIN; SET LOCAL ROLE ", Role(), "; COMMIT"), {}},
      {"BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE; SELECT * FROM t; COMMIT", {}},
      {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", {}},
      {"DISCARD ALL", {}},
      {"PREPARE q AS SELECT 1; EXECUTE q; DEALLOCATE q", {}},
      {"CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY) ON COMMIT DROP", {}},
      {"CREATE TEMPORARY VIEW passing AS SELECT * FROM t", {}},
      {"CREATE TEMPORARY SEQUENCE passing", {}},
      {"CREATE FUNCTION pg_temp.passing() RETURNS int LANGUAGE sql AS 'SELECT 1'", {}},
      {"LISTEN news; NOTIFY news, 'x'", {}},
      {"SELECT pg_advisory_lock(5)", {}},
      {"BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; COMMIT", {}},
      {"BEGIN; DECLARE c CURSOR FOR SELECT * FROM t; FETCH c; COMMIT", {}},
      {"BEGIN; DROP TABLE t CASCADE; CREATE TABLE other (id int); ROLLBACK", {}},
      {"BEGIN; SAVEPOINT a; ALTER TABLE t ADD z int; ROLLBACK TO a; COMMIT", {}},
      {"EXPLAIN ANALYZE SELECT * FROM t", {}},
      {"SELECT pg_create_restore_point('here')", {}},
      {"SELECT pg_create_physical_replication_slot('passing'); SELECT "
       "pg_drop_replication_slot('passing')",
       {}},
      {"SELECT pg_create_physical_replication_slot('kept')", {}},
      {"SELECT pg_drop_replication_slot('kept')", {}},
      {"SELECT pg_replication_origin_create('far away')", {}},
      {"SELECT pg_replication_origin_drop('far away')", {}},
      {"LOAD 'plpgsql'", {}},
      {"SET CONSTRAINTS ALL DEFERRED", {}},
      {"SELECT set_config('app.user', 'ann', false)", {}},
      {"SELECT txid_current()", {}},
  });
}

// What is there while a session lasts: each is held open while the database is read.
TEST_P(Unchanged, ByWhatASessionHolds) {
  Run(kShop);
  const Gathered before = Gather();
  for (const char* const sql : {
           "SELECT 1",
           "BEGIN",
           "BEGIN; SELECT * FROM t",
           "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT pg_export_snapshot()",
           "BEGIN; INSERT INTO t (note) VALUES ('a'); UPDATE t SET note = 'b'; DELETE FROM t",
           "BEGIN; CREATE TABLE held (id int); CREATE VIEW held_too AS SELECT * FROM held",
           "BEGIN; CREATE INDEX held ON child (t)",
           "BEGIN; COMMENT ON TABLE t IS 'let go'; GRANT ALL ON t TO PUBLIC",
           "BEGIN; LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE",
           "BEGIN; SELECT * FROM t FOR UPDATE",
           "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT * FROM t; COMMIT",
           "PREPARE held AS SELECT * FROM t",
           "LISTEN held",
           "SELECT pg_advisory_lock(7), pg_advisory_lock_shared(8)",
           "SET search_path = app; SELECT set_config('app.user', 'ann', false)",
           "SELECT pg_create_physical_replication_slot('held', false, true)",
           ("CREATE TEMPORARY TABLE held (id serial PRIMARY KEY, note text UNIQUE CHECK (note > "
            "'a')); CREATE INDEX ON held (lower(note)); COMMENT ON TABLE held IS 'for now'"),
           "CREATE TEMPORARY TABLE t (LIKE public.t INCLUDING ALL)",
           ("CREATE TEMPORARY TABLE held (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE "
            "TEMPORARY TABLE part PARTITION OF held DEFAULT"),
           ("CREATE TEMPORARY TABLE held (id int, note text) ON COMMIT DELETE ROWS; CREATE "
            "STATISTICS pg_temp.s ON id, note FROM held"),
           "CREATE TEMPORARY VIEW held AS SELECT * FROM t",
           "CREATE TEMPORARY SEQUENCE held",
           "CREATE FUNCTION pg_temp.held() RETURNS int LANGUAGE sql AS 'SELECT 1'",
           "CREATE TYPE pg_temp.held AS ENUM ('a'); CREATE TYPE pg_temp.pair AS (a int)",
           "CREATE TYPE pg_temp.span AS RANGE (subtype = float8)",
           "CREATE DOMAIN pg_temp.held AS int CHECK (VALUE > 0)",
           "CREATE AGGREGATE pg_temp.held(int) (SFUNC = int4pl, STYPE = int)",
           "CREATE OPERATOR pg_temp.### (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)",
           "CREATE COLLATION pg_temp.held FROM \"C\"",
           "CREATE TEXT SEARCH CONFIGURATION pg_temp.held (COPY = english)",
       }) {
    SCOPED_TRACE(sql);
    const auto session = Open();
    VARVE_ASSERT_OK(session->Run(sql));
    CountActThatChangesNothing();
    EXPECT_THAT(Differences(before, Gather()), ::testing::IsEmpty());
  }
  const auto of_another = PostgresSession::Open(server().Connection(database(), Role()));
  VARVE_ASSERT_OK(of_another);
  CountActThatChangesNothing();
  EXPECT_THAT(Differences(before, Gather()), ::testing::IsEmpty());
}

TEST_P(Unchanged, BySayingWhatIsSo) {
  Run(kShop);
  ExpectChanges({
      {"ALTER TABLE t SET (fillfactor = 70)", {}},
      {"ALTER TABLE t RESET (parallel_workers)", {}},
      {"ALTER TABLE t ALTER note TYPE text", {}},
      {"ALTER TABLE t ALTER note SET DEFAULT 'x'", {}},
      {"ALTER TABLE t ALTER m DROP DEFAULT", {}},
      {"ALTER TABLE t ALTER note SET NOT NULL", {}},
      {"ALTER TABLE t ALTER m DROP NOT NULL", {}},
      {"ALTER TABLE t ALTER note SET STORAGE EXTENDED", {}},
      {"ALTER TABLE t ALTER note SET STATISTICS -1", {}},
      {"ALTER TABLE t ALTER id SET GENERATED ALWAYS", {}},
      {"ALTER TABLE t VALIDATE CONSTRAINT c", {}},
      {"ALTER TABLE child ALTER CONSTRAINT r NOT DEFERRABLE", {}},
      {"ALTER TABLE t CLUSTER ON t_pkey", {}},
      {"ALTER TABLE t REPLICA IDENTITY DEFAULT", {}},
      {"ALTER TABLE t DISABLE ROW LEVEL SECURITY", {}},
      {"ALTER TABLE t ENABLE TRIGGER one", {}},
      {"ALTER TABLE t SET LOGGED", {}},
      {"ALTER TABLE t SET WITHOUT OIDS", {}},
      {"ALTER TABLE t SET SCHEMA public", {}},
      {"ALTER TABLE t SET ACCESS METHOD heap", {}, 15},
      {"ALTER TABLE t ENABLE TRIGGER USER", {}},
      {"ALTER TABLE t NO FORCE ROW LEVEL SECURITY", {}},
      {"ALTER TABLE t ALTER note SET COMPRESSION default", {}, 14},
      {"ALTER TABLE t ALTER id SET (n_distinct = 5); ALTER TABLE t ALTER id RESET (n_distinct)",
       {}},
      {"ALTER TABLE child ENABLE RULE u", {}},
      {"ALTER TABLE t OWNER TO postgres", {}},
      {"ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 9", {}},
      {"ALTER INDEX i RESET (fillfactor)", {}},
      {"ALTER SEQUENCE numbers INCREMENT 1 NO MINVALUE CACHE 1 NO CYCLE OWNED BY NONE", {}},
      {"ALTER VIEW v SET (security_barrier = true)", {}},
      {"ALTER VIEW v ALTER id DROP DEFAULT", {}},
      {"ALTER VIEW v RESET (check_option)", {}},
      {"ALTER VIEW v SET SCHEMA public", {}},
      {"ALTER MATERIALIZED VIEW k SET (fillfactor = 100); ALTER MATERIALIZED VIEW k RESET "
       "(fillfactor)",
       {}},
      {"ALTER MATERIALIZED VIEW k SET WITHOUT CLUSTER", {}},
      {"ALTER MATERIALIZED VIEW k OWNER TO postgres", {}},
      {"ALTER SEQUENCE numbers AS bigint", {}},
      {"ALTER SEQUENCE numbers SET LOGGED", {}, 15},
      {"ALTER SEQUENCE numbers SET SCHEMA public", {}},
      {"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'good'", {}},
      {"ALTER TYPE mood OWNER TO postgres", {}},
      {"ALTER TYPE pair SET SCHEMA public", {}},
      {"ALTER TYPE pair DROP ATTRIBUTE IF EXISTS nowhere", {}},
      {"ALTER DOMAIN price VALIDATE CONSTRAINT price_check", {}},
      {"ALTER DOMAIN price DROP DEFAULT", {}},
      {"ALTER SCHEMA app OWNER TO postgres", {}},
      {"ALTER FUNCTION f() RESET ALL", {}},
      {"ALTER FUNCTION f() NOT LEAKPROOF", {}},
      {"ALTER FUNCTION f() OWNER TO postgres", {}},
      {"ALTER FUNCTION f() VOLATILE CALLED ON NULL INPUT SECURITY INVOKER PARALLEL UNSAFE COST 100",
       {}},
      {"ALTER POLICY p ON t TO PUBLIC", {}},
      {"ALTER POLICY p ON t USING (id > 1)", {}},
      {"ALTER DOMAIN price DROP NOT NULL", {}},
      {"ALTER STATISTICS s SET STATISTICS -1", {}, 13},
      {"GRANT SELECT ON t TO PUBLIC", {}},
      {"REVOKE INSERT ON t FROM PUBLIC", {}},
      {"GRANT ALL ON t TO postgres", {}},
      {"COMMENT ON TABLE t IS 'kept'", {}},
      {"COMMENT ON COLUMN t.note IS 'said'", {}},
      {"COMMENT ON VIEW v IS NULL", {}},
      {"COMMENT ON INDEX i IS ''", {}},
      {"ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC", {}},
      {"CREATE SCHEMA IF NOT EXISTS app", {}},
      {"CREATE TABLE IF NOT EXISTS t (other int)", {}},
      {"CREATE EXTENSION IF NOT EXISTS plpgsql", {}},
      {"CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS other", {}},
      {"CREATE INDEX IF NOT EXISTS i ON t (m)", {}},
      {"CREATE MATERIALIZED VIEW IF NOT EXISTS k AS SELECT 1 AS other", {}},
      {"CREATE SEQUENCE IF NOT EXISTS numbers AS smallint", {}},
      {"CREATE STATISTICS IF NOT EXISTS s ON id, m FROM t", {}},
      {"ALTER TABLE IF EXISTS nowhere ADD z int", {}},
      {"ALTER INDEX IF EXISTS nowhere RENAME TO somewhere", {}},
      {"ALTER SEQUENCE IF EXISTS nowhere OWNED BY NONE", {}},
      {"ALTER MATERIALIZED VIEW IF EXISTS nowhere SET SCHEMA app", {}},
      {"ALTER FOREIGN TABLE IF EXISTS nowhere DROP z", {}},
      {"ALTER POLICY p ON t RENAME TO q; ALTER POLICY q ON t RENAME TO p", {}},
  });
}

TEST_P(Unchanged, ByMakingTheSameAgain) {
  Run(kShop);
  ExpectChanges({
      {"CREATE OR REPLACE VIEW v WITH (security_barrier = true) AS SELECT id FROM t", {}},
      {"CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
       {}},
      {"CREATE OR REPLACE RULE u AS ON UPDATE TO child DO INSTEAD NOTHING", {}},
      {"CREATE OR REPLACE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", {}, 14},
      {"DROP VIEW v; CREATE VIEW v WITH (security_barrier = true) AS SELECT t.id FROM public.t",
       {}},
      {"DROP INDEX i; CREATE INDEX i ON public.t USING btree (note) WHERE id > 5", {}},
      {"DROP INDEX x; CREATE INDEX x ON t ((id + 1)); ALTER INDEX x ALTER COLUMN 1 SET STATISTICS "
       "9",
       {}},
      {"DROP TRIGGER one ON t; CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION "
       "f()",
       {}},
      {"DROP POLICY p ON t; CREATE POLICY p ON t AS PERMISSIVE FOR ALL TO PUBLIC USING (id > 1)",
       {}},
      {"DROP RULE u ON child; CREATE RULE u AS ON UPDATE TO child DO INSTEAD NOTHING", {}},
      {"DROP STATISTICS s; CREATE STATISTICS s ON note, id FROM t", {}},
      {"DROP MATERIALIZED VIEW k; CREATE MATERIALIZED VIEW k AS SELECT id FROM t; CREATE UNIQUE "
       "INDEX k_id ON k (id)",
       {}},
      {"DROP SEQUENCE numbers; CREATE SEQUENCE numbers AS bigint START 1", {}},
      {"ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (id > 0)", {}},
      {"ALTER TABLE child DROP CONSTRAINT r, ADD CONSTRAINT r FOREIGN KEY (t) REFERENCES t (id) "
       "MATCH SIMPLE ON DELETE NO ACTION NOT DEFERRABLE",
       {}},
      {"DROP TABLE child; CREATE TABLE child (t int CONSTRAINT r REFERENCES t); CREATE RULE u AS "
       "ON UPDATE TO child DO INSTEAD NOTHING",
       {}},
      {"DROP DOMAIN price; CREATE DOMAIN price AS numeric CONSTRAINT price_check CHECK (VALUE > 0)",
       {}},
      {"DROP TYPE pair; CREATE TYPE pair AS (a integer, b text)", {}},
      {"DROP TYPE span; CREATE TYPE span AS RANGE (subtype = double precision)", {}},
      {"DROP SCHEMA app; CREATE SCHEMA app", {}},
      {"ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t", {}},
      {"ALTER TABLE t RENAME note TO z; ALTER TABLE t RENAME z TO note", {}},
      {"ALTER TABLE t ADD z int; ALTER TABLE t DROP z", {}},
      {"ALTER TABLE t ALTER note TYPE varchar(9); ALTER TABLE t ALTER note TYPE text", {}},
      {"REVOKE SELECT ON t FROM PUBLIC; GRANT SELECT ON t TO PUBLIC", {}},
      {"ALTER TYPE mood RENAME VALUE 'bad' TO 'z'; ALTER TYPE mood RENAME VALUE 'z' TO 'bad'", {}},
      {"ALTER TABLE t SET SCHEMA app; ALTER TABLE app.t SET SCHEMA public", {}},
      {"CREATE TABLE gone (id int); DROP TABLE gone", {}},
      {"ALTER TABLE t ALTER note SET STORAGE EXTERNAL; ALTER TABLE t ALTER note SET STORAGE "
       "EXTENDED",
       {}},
      {"ALTER TABLE child SET UNLOGGED; ALTER TABLE child SET LOGGED", {}},
      {"ALTER TABLE t DISABLE TRIGGER one; ALTER TABLE t ENABLE TRIGGER one", {}},
      {absl::StrCat("ALTER TABLE t OWNER TO ", Role(), "; ALTER TABLE t OWNER TO postgres"), {}},
      {"ALTER VIEW v RENAME TO w; ALTER VIEW w RENAME TO v", {}},
      {"ALTER INDEX i RENAME TO j; ALTER INDEX j RENAME TO i", {}},
      {"COMMENT ON TABLE t IS NULL; COMMENT ON TABLE t IS 'kept'", {}},
  });
}

TEST_P(Unchanged, ByMakingAgainWhatStandsInNoSchema) {
  const std::string extension =
      "CREATE EXTENSION hstore VERSION '1.4'; ALTER EXTENSION hstore "
      "UPDATE TO '1.5'";
  const std::string foreign =
      "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true'); CREATE SERVER s TYPE 'sql' FOREIGN "
      "DATA WRAPPER w OPTIONS (host 'far'); CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS "
      "(\"user\" 'u', password 'hidden'); CREATE FOREIGN TABLE remote (id int) SERVER s";
  const std::string publication = "CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert')";
  const std::string trigger =
      "CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION f()";
  const std::string privileges =
      absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO ", Role());
  Run(
      absl::StrCat("CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS event_trigger LANGUAGE "
                   "plpgsql AS 'BEGIN END';",
                   extension, ";", foreign, ";", publication, ";", trigger, ";", privileges));
  ExpectChanges({
      {absl::StrCat("DROP EXTENSION hstore; ", extension), {}},
      {absl::StrCat("DROP FOREIGN DATA WRAPPER w CASCADE; ", foreign), {}},
      {absl::StrCat("DROP PUBLICATION p; ", publication), {}},
      {absl::StrCat("DROP EVENT TRIGGER e; ", trigger), {}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SEQUENCES FROM ", Role(), "; ",
                    privileges),
       {}},
      {"ALTER SERVER s RENAME TO r; ALTER SERVER r RENAME TO s", {}},
      {"ALTER FOREIGN DATA WRAPPER w RENAME TO x; ALTER FOREIGN DATA WRAPPER x RENAME TO w", {}},
      {"CREATE SERVER IF NOT EXISTS s FOREIGN DATA WRAPPER w", {}},
      {"CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER s", {}},
      {"CREATE FOREIGN TABLE IF NOT EXISTS remote (other text) SERVER s", {}},
  });
}

}  // namespace
}  // namespace varve::testing
