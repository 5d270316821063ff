// Acts that change nothing: maintenance, rows, what sessions do, saying what is so, and making the
// same again.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

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
      {"VACUUM t", {}},
      {"VACUUM (FREEZE) t", {}},
      {"VACUUM (FULL, ANALYZE) t", {}},
      {"VACUUM FULL pg_catalog.pg_class", {}},
      {"REINDEX INDEX i", {}},
      {"REINDEX INDEX CONCURRENTLY i", {}},
      {"REINDEX TABLE t", {}},
      {"REINDEX TABLE CONCURRENTLY t", {}},
      {"REINDEX SCHEMA public", {}},
      {"CLUSTER t", {}},
      {"CLUSTER t USING t_pkey", {}},
      {"REFRESH MATERIALIZED VIEW k", {}},
      {"REFRESH MATERIALIZED VIEW CONCURRENTLY k", {}},
      {"ALTER TABLE t SET TABLESPACE pg_default", {}},
      {"ALTER INDEX i SET TABLESPACE pg_default", {}},
      {"ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default", {}},
      {"CHECKPOINT", {}},
      {"SELECT pg_stat_reset()", {}},
      {"SELECT pg_stat_reset_single_table_counters('t'::regclass)", {}},
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
      {"TRUNCATE t CASCADE", {}},
      {"TRUNCATE t RESTART IDENTITY CASCADE", {}},
      {"INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (7, 'c') ON CONFLICT DO NOTHING", {}},
      {"SELECT nextval('numbers')", {}},
      {"SELECT setval('numbers', 77)", {}},
      {"ALTER SEQUENCE numbers RESTART", {}},
      {"SELECT lo_create(4711)", {}},
      {"SELECT lo_unlink(4711)", {}},
      {"WITH gone AS (DELETE FROM t RETURNING *) SELECT count(*) FROM gone", {}},
      {"DO $$ BEGIN FOR n IN 1..50 LOOP INSERT INTO t (note) VALUES (n); END LOOP; END $$", {}},
      {"COPY t (note) FROM PROGRAM 'echo copied'", {}},
  });
}

TEST_P(Unchanged, ByWhatASessionDoes) {
  Run(kShop);
  ExpectChanges({
      {"SET work_mem = '9MB'; RESET work_mem", {}},
      {absl::StrCat("SET SESSION AUTHORIZATION ", Role(), "; RESET SESSION AUTHORIZATION"), {}},
      {absl::StrCat("SET ROLE ", Role(), "; RESET ROLE"), {}},
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
      {"LOAD 'plpgsql'", {}},
      {"SET CONSTRAINTS ALL DEFERRED", {}},
      {"SELECT set_config('app.user', 'ann', false)", {}},
      {"SELECT txid_current()", {}},
  });
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
      {"ALTER TABLE t OWNER TO postgres", {}},
      {"ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 9", {}},
      {"ALTER INDEX i RESET (fillfactor)", {}},
      {"ALTER SEQUENCE numbers INCREMENT 1 NO MINVALUE CACHE 1 NO CYCLE OWNED BY NONE", {}},
      {"ALTER VIEW v SET (security_barrier = true)", {}},
      {"ALTER VIEW v ALTER id DROP DEFAULT", {}},
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
  });
}

}  // namespace
}  // namespace varve::testing
