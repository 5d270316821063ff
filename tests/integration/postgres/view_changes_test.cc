// Single changes of views and materialized views.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class ViewChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(ViewChanges);

TEST_P(ViewChanges, ByTheirQuery) {
  Run("CREATE VIEW v AS SELECT 1 AS id");
  const std::string expressions = "view public.v expressions: ";
  const std::string structure = "view public.v structure: ";
  ExpectChanges({
      {"CREATE OR REPLACE VIEW v AS SELECT 2 AS id",
       {expressions + "query  SELECT 1 AS id; ->  SELECT 2 AS id;"}},
      {"CREATE OR REPLACE VIEW v AS SELECT 2 AS id, 'x'::text AS name",
       {structure + "columns.name nothing -> text",
        expressions + "query  SELECT 2 AS id; ->  SELECT 2 AS id,\n    'x'::text AS name;"}},
      {"DROP VIEW v; CREATE VIEW v (id, called) AS SELECT 2, 'x'::text",
       {structure + "columns.name text -> nothing", structure + "columns.called nothing -> text",
        expressions + "query  SELECT 2 AS id,\n    'x'::text AS name; ->  SELECT 2 AS id,\n    "
                      "'x'::text AS called;"}},
      {"DROP VIEW v; CREATE VIEW v (id) AS SELECT '2'::text",
       {structure + "columns.called text -> nothing", structure + "columns.id.type integer -> text",
        expressions +
            "query  SELECT 2 AS id,\n    'x'::text AS called; ->  SELECT '2'::text AS id;"}},
      {"DROP VIEW v; CREATE VIEW v (id) AS SELECT '2'::text COLLATE \"C\"",
       {structure + "columns.id.collation nothing -> pg_catalog.C",
        expressions +
            "query  SELECT '2'::text AS id; ->  SELECT ('2'::text COLLATE \"C\") AS id;"}},
      {"DROP VIEW v; CREATE VIEW v AS SELECT 2 AS id",
       {structure + "columns.id.type text -> integer",
        structure + "columns.id.collation pg_catalog.C -> nothing",
        expressions + "query  SELECT ('2'::text COLLATE \"C\") AS id; ->  SELECT 2 AS id;"}},
      {"CREATE OR REPLACE VIEW v AS SELECT DISTINCT 2 AS id",
       {expressions + "query  SELECT 2 AS id; ->  SELECT DISTINCT 2 AS id;"}},
      {"CREATE OR REPLACE VIEW v AS SELECT 2 AS id WHERE true",
       {expressions + "query  SELECT DISTINCT 2 AS id; ->  SELECT 2 AS id\n  WHERE true;"}},
      {"CREATE OR REPLACE VIEW v AS SELECT 2 AS id UNION SELECT 3",
       {expressions +
        "query  SELECT 2 AS id\n  WHERE true; ->  SELECT 2 AS id\nUNION\n SELECT 3 AS id;"}},
      {"CREATE OR REPLACE VIEW v AS SELECT 2 AS id LIMIT 1",
       {expressions +
        "query  SELECT 2 AS id\nUNION\n SELECT 3 AS id; ->  SELECT 2 AS id\n LIMIT 1;"}},
      {"CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 9",
       {"+ view public.r"}},
      {"DROP VIEW r", {"- view public.r"}},
      {"ALTER TABLE v RENAME id TO number", {"renamed column public.v.number was public.v.id"}},
      {"ALTER VIEW v RENAME COLUMN number TO id",
       {"renamed column public.v.id was public.v.number"},
       13},
      {"DROP VIEW v; CREATE TABLE v (id int)", {"+ table public.v", "- view public.v"}},
  });
}

TEST_P(ViewChanges, ByEachClause) {
  Run("CREATE SCHEMA app; CREATE TABLE t (id int, name text); CREATE VIEW v AS SELECT id, name "
      "FROM t; CREATE VIEW w AS SELECT 1 AS n; GRANT SELECT ON w TO postgres");
  const std::string structure = "view public.v structure: ";
  const std::string expressions = "view public.v expressions: ";
  ExpectChanges({
      {"CREATE OR REPLACE VIEW v WITH (check_option = local) AS SELECT id, name FROM t",
       {structure + "options.check_option nothing -> value local"}},
      {"CREATE OR REPLACE VIEW v AS SELECT id, name FROM t WITH CASCADED CHECK OPTION",
       {structure + "options.check_option.value local -> cascaded"}},
      {"CREATE OR REPLACE VIEW v AS SELECT id, name FROM t WITH LOCAL CHECK OPTION",
       {structure + "options.check_option.value cascaded -> local"}},
      {"ALTER VIEW v RESET (check_option)",
       {structure + "options.check_option value local -> nothing"}},
      {"ALTER VIEW v SET (security_barrier)",
       {structure + "options.security_barrier nothing -> value true"}},
      {"ALTER VIEW v SET (security_barrier = false)",
       {structure + "options.security_barrier.value true -> false"}},
      {"ALTER VIEW v RESET (security_barrier)",
       {structure + "options.security_barrier value false -> nothing"}},
      {"ALTER VIEW v SET (security_invoker = true)",
       {structure + "options.security_invoker nothing -> value true"},
       15},
      {"ALTER VIEW v SET (security_invoker = false)",
       {structure + "options.security_invoker.value true -> false"},
       15},
      {"ALTER VIEW v RESET (security_invoker)",
       {structure + "options.security_invoker value false -> nothing"},
       15},
      {"ALTER VIEW v ALTER COLUMN id SET DEFAULT 7",
       {structure + "columns.id.has_default false -> true",
        expressions + "columns.id nothing -> 7"}},
      {"ALTER VIEW v ALTER COLUMN id SET DEFAULT 8",
       {expressions + "columns.id.expression 7 -> 8"}},
      {"ALTER VIEW v ALTER COLUMN id DROP DEFAULT",
       {structure + "columns.id.has_default true -> false",
        expressions + "columns.id 8 -> nothing"}},
      {absl::StrCat("ALTER VIEW v OWNER TO ", Role()),
       {absl::StrCat("view public.v access: owner postgres -> ", Role())}},
      {"COMMENT ON VIEW v IS 'seen'", {"view public.v docs: comment nothing -> seen"}},
      {"COMMENT ON COLUMN v.id IS 'number'",
       {"view public.v docs: elements.column id nothing -> comment number"}},
      {"GRANT SELECT ON w TO PUBLIC",
       {"view public.w access: grants.public postgres nothing -> privileges [SELECT]"}},
      {"GRANT UPDATE (n) ON w TO PUBLIC",
       {"view public.w access: columns.n nothing -> grants [grantee public grantor postgres "
        "privileges [UPDATE]]"}},
      {"ALTER VIEW v SET SCHEMA app", {"renamed view app.v was public.v"}},
      {"ALTER VIEW app.v RENAME TO x", {"renamed view app.x was app.v"}},
      {"ALTER VIEW IF EXISTS nowhere RENAME TO x", {}},
      {"CREATE RULE put AS ON INSERT TO w DO INSTEAD NOTHING",
       {"view public.w structure: rules.put nothing -> event insert instead enabled origin",
        "view public.w expressions: rules.put nothing -> definition CREATE RULE put AS\n    ON "
        "INSERT TO public.w DO INSTEAD NOTHING;"}},
      {"CREATE OR REPLACE TEMPORARY VIEW passing AS SELECT 1 AS one", {}},
      {"DROP VIEW app.x, w", {"- view app.x", "- view public.w"}},
  });
}

TEST_P(ViewChanges, OfMaterializedViewsByWhatAltersThem) {
  Run("CREATE SCHEMA app; CREATE EXTENSION hstore; CREATE ACCESS METHOD other TYPE TABLE HANDLER "
      "heap_tableam_handler; CREATE TABLE t (id int, note text); CREATE MATERIALIZED VIEW m AS "
      "SELECT id, note FROM t; CREATE UNIQUE INDEX i ON m (id); CREATE MATERIALIZED VIEW w AS "
      "SELECT 1 AS n; GRANT SELECT ON w TO postgres");
  const std::string structure = "materialized_view public.m structure: ";
  ExpectChanges({
      {"CREATE INDEX j ON m (note)",
       {structure + "indexes.j nothing -> method btree keys [note]",
        "materialized_view public.m state: indexes.j nothing -> valid ready"}},
      {"ALTER INDEX j SET (fillfactor = 60)",
       {structure + "indexes.j.storage_parameters.fillfactor nothing -> value 60"}},
      {"ALTER MATERIALIZED VIEW m CLUSTER ON i", {structure + "indexes.i.clustered false -> true"}},
      {"ALTER MATERIALIZED VIEW m SET WITHOUT CLUSTER",
       {structure + "indexes.i.clustered true -> false"}},
      {"ALTER MATERIALIZED VIEW m ALTER note SET COMPRESSION pglz",
       {structure + "columns.note.compression nothing -> pglz"},
       14},
      {"ALTER MATERIALIZED VIEW m ALTER note SET COMPRESSION default",
       {structure + "columns.note.compression pglz -> nothing"},
       14},
      {"ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS 0",
       {structure + "columns.id.statistics_target nothing -> 0"}},
      {"ALTER MATERIALIZED VIEW m ALTER id SET STATISTICS -1",
       {structure + "columns.id.statistics_target 0 -> nothing"}},
      {"ALTER MATERIALIZED VIEW m ALTER id SET (n_distinct = 5)",
       {structure + "columns.id.options.n_distinct nothing -> value 5"}},
      {"ALTER MATERIALIZED VIEW m ALTER id RESET (n_distinct)",
       {structure + "columns.id.options.n_distinct value 5 -> nothing"}},
      {"ALTER MATERIALIZED VIEW m ALTER note SET STORAGE MAIN",
       {structure + "columns.note.storage nothing -> main"}},
      {"ALTER MATERIALIZED VIEW m ALTER note SET STORAGE EXTENDED",
       {structure + "columns.note.storage main -> nothing"}},
      {"ALTER MATERIALIZED VIEW m SET (autovacuum_enabled = false, fillfactor = 90)",
       {structure + "options.autovacuum_enabled nothing -> value false",
        structure + "options.fillfactor nothing -> value 90"}},
      {"ALTER MATERIALIZED VIEW m RESET (autovacuum_enabled, fillfactor)",
       {structure + "options.autovacuum_enabled value false -> nothing",
        structure + "options.fillfactor value 90 -> nothing"}},
      {"ALTER MATERIALIZED VIEW m SET (toast.vacuum_truncate = false)",
       {structure + "toast_parameters.vacuum_truncate nothing -> value false"}},
      {"ALTER MATERIALIZED VIEW m RESET (toast.vacuum_truncate)",
       {structure + "toast_parameters.vacuum_truncate value false -> nothing"}},
      {"ALTER MATERIALIZED VIEW w RENAME COLUMN n TO number",
       {"renamed column public.w.number was public.w.n"}},
      {absl::StrCat("ALTER MATERIALIZED VIEW m OWNER TO ", Role()),
       {absl::StrCat("materialized_view public.m access: owner postgres -> ", Role())}},
      {"COMMENT ON MATERIALIZED VIEW m IS 'kept'",
       {"materialized_view public.m docs: comment nothing -> kept"}},
      {"COMMENT ON COLUMN m.id IS 'number'",
       {"materialized_view public.m docs: elements.column id nothing -> comment number"}},
      {"GRANT SELECT ON w TO PUBLIC",
       {"materialized_view public.w access: grants.public postgres nothing -> privileges "
        "[SELECT]"}},
      {"GRANT SELECT (number) ON w TO PUBLIC",
       {"materialized_view public.w access: columns.number nothing -> grants [grantee public "
        "grantor postgres privileges [SELECT]]"}},
      {"ALTER MATERIALIZED VIEW m SET SCHEMA app",
       {"renamed materialized_view app.m was public.m"}},
      {"ALTER MATERIALIZED VIEW app.m RENAME TO n", {"renamed materialized_view app.n was app.m"}},
      {"DROP INDEX app.j",
       {"materialized_view app.n structure: indexes.j method btree keys [note] storage parameters "
        "[fillfactor value 60] -> nothing",
        "materialized_view app.n state: indexes.j valid ready -> nothing"}},
      {"DROP MATERIALIZED VIEW app.n", {"- materialized_view app.n"}},
      {"ALTER MATERIALIZED VIEW w DEPENDS ON EXTENSION hstore",
       {"materialized_view public.w structure: depends_on_extensions nothing -> [hstore]"}},
      {"ALTER MATERIALIZED VIEW w NO DEPENDS ON EXTENSION hstore",
       {"materialized_view public.w structure: depends_on_extensions [hstore] -> nothing"},
       13},
  });
}

TEST_P(ViewChanges, OfMaterializedViewsByEachClause) {
  Run("CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (id int, "
      "note text)");
  const std::string structure = "materialized_view public.m structure: ";
  ExpectChanges({
      {"CREATE MATERIALIZED VIEW m AS SELECT 1 AS id", {"+ materialized_view public.m"}},
      {"CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT note FROM t", {}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT 1 AS id WITH NO DATA",
       {"materialized_view public.m state: not_populated false -> true"}},
      {"REFRESH MATERIALIZED VIEW m WITH DATA",
       {"materialized_view public.m state: not_populated true -> false"}},
      {"REFRESH MATERIALIZED VIEW m", {}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT 1 AS id LIMIT 2",
       {"materialized_view public.m expressions: query  SELECT 1 AS id; ->  SELECT 1 AS id\n LIMIT "
        "2;"}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m (number) AS SELECT 1 AS id LIMIT 2",
       {structure + "columns.id integer -> nothing",
        structure + "columns.number nothing -> integer",
        "materialized_view public.m expressions: query  SELECT 1 AS id\n LIMIT 2; ->  SELECT 1 AS "
        "number\n LIMIT 2;"}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m (number) WITH (fillfactor = 80) AS "
       "SELECT 1 AS id LIMIT 2",
       {structure + "options.fillfactor nothing -> value 80"}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m (number) USING other WITH (fillfactor "
       "= 80) AS SELECT 1 AS id LIMIT 2",
       {structure + "access_method heap -> other"}},
  });
}

}  // namespace
}  // namespace varve::testing
