// Single changes of publications and subscriptions, and of event triggers and extended statistics.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class ReplicationChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(ReplicationChanges);

TEST_P(ReplicationChanges, OfPublicationsByEachClause) {
  if (major() < 13) GTEST_SKIP() << "of 13 and newer";
  Run("CREATE SCHEMA app; CREATE TABLE t (id int, a int); CREATE PUBLICATION p");
  const std::string structure = "publication p structure: ";
  const std::string again = "DROP PUBLICATION p; CREATE PUBLICATION p FOR ";
  ExpectChanges({
      {"ALTER PUBLICATION p SET (publish = 'insert')",
       {structure + "update true -> false", structure + "delete true -> false",
        structure + "truncate true -> false"}},
      {"ALTER PUBLICATION p SET (publish = 'update')",
       {structure + "insert true -> false", structure + "update false -> true"}},
      {"ALTER PUBLICATION p SET (publish = 'delete, truncate')",
       {structure + "update true -> false", structure + "delete false -> true",
        structure + "truncate false -> true"}},
      {"ALTER PUBLICATION p SET (publish = 'insert, update, delete, truncate')",
       {structure + "insert false -> true", structure + "update false -> true"}},
      {"ALTER PUBLICATION p ADD TABLE ONLY t",
       {structure + "tables.public.t nothing -> table public.t"}},
      {"ALTER PUBLICATION p ADD TABLES IN SCHEMA app, public",
       {structure + "schemas nothing -> [app, public]"},
       15},
      {"ALTER PUBLICATION p SET TABLES IN SCHEMA app",
       {structure + "tables.public.t table public.t -> nothing",
        structure + "schemas [app, public] -> [app]"},
       15},
      {"ALTER PUBLICATION p SET TABLE t",
       {structure + "tables.public.t nothing -> table public.t",
        structure + "schemas [app] -> nothing"},
       15},
      {"ALTER PUBLICATION p DROP TABLE t",
       {structure + "tables.public.t table public.t -> nothing"}},
      {again + "ALL TABLES", {structure + "all_tables false -> true"}},
      {again + "ALL TABLES WITH (publish_via_partition_root = true)",
       {structure + "via_root false -> true"}},
      {again + "TABLE t",
       {structure + "all_tables true -> false", structure + "via_root true -> false",
        structure + "tables.public.t nothing -> table public.t"}},
      {again + "TABLE t (id, a)", {structure + "tables.public.t.columns nothing -> [a, id]"}, 15},
      {again + "TABLE t WHERE (id > 0)",
       {structure + "tables.public.t.columns [a, id] -> nothing",
        structure + "tables.public.t.has_filter false -> true",
        "publication p expressions: tables.public.t nothing -> where (id > 0)"},
       15},
      {"DROP PUBLICATION p", {"- publication p"}},
  });
}

TEST_P(ReplicationChanges, OfSubscriptionsByEachClause) {
  Run("CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = "
      "false, slot_name = NONE)");
  const std::string structure = "subscription s structure: ";
  ExpectChanges({
      {"ALTER SUBSCRIPTION s ADD PUBLICATION q WITH (refresh = false)",
       {structure + "publications [p] -> [p, q]"},
       14},
      {"ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = false)",
       {structure + "publications [p, q] -> [q]"},
       14},
      {"ALTER SUBSCRIPTION s SET (slot_name = own)", {structure + "slot_name nothing -> own"}},
      {"ALTER SUBSCRIPTION s ENABLE; ALTER SUBSCRIPTION s DISABLE", {}},
      {"ALTER SUBSCRIPTION s SET (synchronous_commit = 'off')", {}},
      {"ALTER SUBSCRIPTION s SET (slot_name = NONE)", {structure + "slot_name own -> nothing"}},
      {"DROP SUBSCRIPTION s", {"- subscription s"}},
  });
}

TEST_P(ReplicationChanges, OfEventTriggersByEachClause) {
  Run("CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT "
      "TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()");
  const std::string structure = "event_trigger e structure: ";
  const std::string again = "DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON ";
  ExpectChanges({
      {again + "sql_drop EXECUTE FUNCTION f()",
       {structure + "event ddl_command_start -> sql_drop"}},
      {again + "table_rewrite EXECUTE FUNCTION f()",
       {structure + "event sql_drop -> table_rewrite"}},
      {again + "table_rewrite WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION f()",
       {structure + "tags nothing -> [ALTER TABLE]"}},
      {"DROP EVENT TRIGGER IF EXISTS nowhere", {}},
      {"DROP EVENT TRIGGER e", {"- event_trigger e"}},
  });
}

TEST_P(ReplicationChanges, OfStatisticsByEachClause) {
  Run("CREATE SCHEMA app; CREATE TABLE t (a int, b int, c int); CREATE STATISTICS s (ndistinct) ON "
      "a, b FROM t");
  const std::string structure = "extended_statistics public.s structure: ";
  const std::string again = "DROP STATISTICS s; CREATE STATISTICS s ";
  ExpectChanges({
      {again + "(dependencies) ON a, b FROM t",
       {structure + "kinds [ndistinct] -> [dependencies]"}},
      {again + "(mcv) ON a, b FROM t", {structure + "kinds [dependencies] -> [mcv]"}},
      {again + "(mcv, ndistinct) ON a, b FROM t", {structure + "kinds [mcv] -> [mcv, ndistinct]"}},
      {"CREATE STATISTICS IF NOT EXISTS s ON a, c FROM t", {}},
      {"ALTER STATISTICS s SET STATISTICS 100", {structure + "target nothing -> 100"}, 13},
      {"COMMENT ON STATISTICS s IS 'both'",
       {"extended_statistics public.s docs: comment nothing -> both"}},
      {absl::StrCat("ALTER STATISTICS s OWNER TO ", Role()),
       {absl::StrCat("extended_statistics public.s access: owner postgres -> ", Role())}},
      {"ALTER STATISTICS s SET SCHEMA app", {"renamed extended_statistics app.s was public.s"}},
      {"ALTER STATISTICS app.s RENAME TO r", {"renamed extended_statistics app.r was app.s"}},
      {"ALTER TABLE t DROP c", {"table public.t structure: columns.c integer -> nothing"}},
      {"DROP STATISTICS app.r", {"- extended_statistics app.r"}},
  });
}

}  // namespace
}  // namespace varve::testing
