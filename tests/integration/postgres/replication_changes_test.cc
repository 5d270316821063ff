// Single changes of publications and subscriptions, and of event triggers and extended statistics.
#include <string>
#include <vector>

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

TEST_P(ReplicationChanges, OfPublicationsByEachForm) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  Run("CREATE SCHEMA app; CREATE TABLE t (id int, a int); CREATE TABLE u (id int); CREATE TABLE "
      "child () INHERITS (u); CREATE PUBLICATION p");
  const std::string structure = "publication p structure: ";
  const std::string expressions = "publication p expressions: ";
  const std::string again = "DROP PUBLICATION p; CREATE PUBLICATION p ";
  ExpectChanges({
      {again + "FOR TABLES IN SCHEMA app", {structure + "schemas nothing -> [app]"}},
      {again + "FOR TABLES IN SCHEMA app, CURRENT_SCHEMA",
       {structure + "schemas [app] -> [app, public]"}},
      {again + "FOR TABLES IN SCHEMA app, TABLE t",
       {structure + "tables.public.t nothing -> table public.t",
        structure + "schemas [app, public] -> [app]"}},
      {again + "FOR TABLE ONLY u",
       {structure + "tables.public.t table public.t -> nothing",
        structure + "tables.public.u nothing -> table public.u",
        structure + "schemas [app] -> nothing"}},
      {again + "FOR TABLE u", {structure + "tables.public.child nothing -> table public.child"}},
      {again + "FOR TABLE u WHERE (id > 0)",
       {structure + "tables.public.child.has_filter false -> true",
        structure + "tables.public.u.has_filter false -> true",
        expressions + "tables.public.child nothing -> where (id > 0)",
        expressions + "tables.public.u nothing -> where (id > 0)"}},
      {again + "FOR TABLE ONLY u WHERE (id > 0), TABLE t (id) WHERE (id > 1)",
       {structure + "tables.public.child has filter -> nothing",
        structure + "tables.public.t nothing -> columns [id] has filter",
        expressions + "tables.public.child where (id > 0) -> nothing",
        expressions + "tables.public.t nothing -> where (id > 1)"}},
      {"ALTER PUBLICATION p SET TABLE t (id) WHERE (id > 2)",
       {structure + "tables.public.u has filter -> nothing",
        expressions + "tables.public.t.where (id > 1) -> (id > 2)",
        expressions + "tables.public.u where (id > 0) -> nothing"}},
      {"ALTER PUBLICATION p DROP TABLE t; ALTER PUBLICATION p ADD TABLE t (a), TABLE u",
       {structure + "tables.public.t.columns [id] -> [a]",
        structure + "tables.public.t.has_filter true -> false",
        structure + "tables.public.child nothing -> table public.child",
        structure + "tables.public.u nothing -> table public.u",
        expressions + "tables.public.t where (id > 2) -> nothing"}},
      {"ALTER PUBLICATION p SET TABLE t, TABLES IN SCHEMA app",
       {structure + "tables.public.t.columns [a] -> nothing",
        structure + "tables.public.child table public.child -> nothing",
        structure + "tables.public.u table public.u -> nothing",
        structure + "schemas nothing -> [app]"}},
      {again + "WITH (publish = '')",
       {structure + "insert true -> false", structure + "update true -> false",
        structure + "delete true -> false", structure + "truncate true -> false",
        structure + "tables.public.t table public.t -> nothing",
        structure + "schemas [app] -> nothing"}},
      {again + "WITH (publish = 'insert, truncate', publish_via_partition_root)",
       {structure + "insert false -> true", structure + "truncate false -> true",
        structure + "via_root false -> true"}},
      {again + "WITH (publish = 'insert, truncate', publish_via_partition_root, "
               "publish_generated_columns = stored)",
       {structure + "generated_columns nothing -> stored"},
       18},
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
      {"ALTER SUBSCRIPTION s ENABLE", {structure + "enabled false -> true"}},
      {"ALTER SUBSCRIPTION s DISABLE", {structure + "enabled true -> false"}},
      {"ALTER SUBSCRIPTION s ENABLE; ALTER SUBSCRIPTION s DISABLE", {}},
      // What is passed over once is no part of how it is set up: the server forgets it then.
      {"ALTER SUBSCRIPTION s SKIP (lsn = '0/12345678')", {}, 15},
      {"ALTER SUBSCRIPTION s SKIP (lsn = NONE)", {}, 15},
      {"ALTER SUBSCRIPTION s SET PUBLICATION p, q WITH (refresh = false)",
       {structure + "publications [p] -> [p, q]"},
       0,
       14},
      {"ALTER SUBSCRIPTION s SET PUBLICATION p, q WITH (refresh = false)",
       {structure + "publications [q] -> [p, q]"},
       14},
      {"ALTER SUBSCRIPTION s SET (synchronous_commit = 'off')", {}},
      {"ALTER SUBSCRIPTION s SET (slot_name = NONE)", {structure + "slot_name own -> nothing"}},
      {"DROP SUBSCRIPTION s", {"- subscription s"}},
  });
}

// A parameter of CREATE SUBSCRIPTION, and what it changes.
struct Parameter {
  const char* text;
  const char* line;
  int since = 0;
};

TEST_P(ReplicationChanges, OfSubscriptionsByEachParameter) {
  const std::string again =
      "DROP SUBSCRIPTION s; CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p "
      "WITH (connect = false";
  Run("CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = "
      "false, slot_name = NONE)");
  std::string with = ", slot_name = NONE";
  std::vector<Change> changes = {
      {absl::StrCat(again, with, ", enabled = false, create_slot = false, copy_data = false)"),
       {}}};
  for (const Parameter& parameter : {
           Parameter{"synchronous_commit = 'remote_apply'",
                     "synchronous_commit off -> remote_apply"},
           Parameter{"binary = true", "binary false -> true", 14},
           Parameter{"streaming = on",
                     major() >= 18 ? "streaming parallel -> on" : "streaming nothing -> on", 14},
           Parameter{"two_phase = true", "two_phase false -> true", 15},
           Parameter{"disable_on_error = true", "disable_on_error false -> true", 15},
           Parameter{"password_required = false", "password_not_required false -> true", 16},
           Parameter{"run_as_owner = true", "run_as_owner false -> true", 16},
           Parameter{"origin = none", "origin nothing -> none", 16},
           Parameter{"failover = true", "failover false -> true", 17},
       }) {
    if (major() < parameter.since) continue;
    absl::StrAppend(&with, ", ", parameter.text);
    changes.push_back({absl::StrCat(again, with, ")"),
                       {absl::StrCat("subscription s structure: ", parameter.line)}});
  }
  ExpectChanges(changes);
  Run("DROP SUBSCRIPTION s");
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
      {again + "login EXECUTE FUNCTION f()",
       {structure + "event table_rewrite -> login", structure + "tags [ALTER TABLE] -> nothing"},
       17},
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
