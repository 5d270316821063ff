// Single changes of extensions, foreign data wrappers, servers, user mappings and default
// privileges.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class ExtensionAndServerChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(ExtensionAndServerChanges);

TEST_P(ExtensionAndServerChanges, OfExtensionsByEachClause) {
  Run("CREATE SCHEMA app; CREATE SCHEMA other; CREATE FUNCTION own() RETURNS int LANGUAGE sql AS "
      "'SELECT 1'; CREATE TABLE t (id int)");
  const std::string structure = "extension hstore structure: ";
  ExpectChanges({
      {"CREATE EXTENSION hstore VERSION '1.4' SCHEMA app", {"+ extension hstore"}},
      {"ALTER EXTENSION hstore UPDATE TO '1.5'", {structure + "version 1.4 -> 1.5"}},
      {"CREATE EXTENSION tsm_system_rows SCHEMA app", {"+ extension tsm_system_rows"}},
      {"ALTER EXTENSION tsm_system_rows SET SCHEMA public",
       {"extension tsm_system_rows structure: schema app -> public",
        "extension tsm_system_rows structure: members.function app.system_rows(internal) "
        "app.system_rows(internal) -> nothing",
        "extension tsm_system_rows structure: members.function public.system_rows(internal) "
        "nothing -> public.system_rows(internal)"}},
      {"DROP EXTENSION tsm_system_rows", {"- extension tsm_system_rows"}},
      {"ALTER EXTENSION hstore ADD TABLE t",
       {structure + "members.table public.t nothing -> public.t", "- table public.t"}},
      {"ALTER EXTENSION hstore DROP TABLE t",
       {structure + "members.table public.t public.t -> nothing", "+ table public.t"}},
      {"ALTER EXTENSION hstore ADD FUNCTION own()",
       {structure + "members.function public.own() nothing -> public.own()",
        "- function public.own()"}},
      {"ALTER EXTENSION hstore DROP FUNCTION own()",
       {structure + "members.function public.own() public.own() -> nothing",
        "+ function public.own()"}},
      {"ALTER EXTENSION hstore ADD SCHEMA other",
       {structure + "members.schema other nothing -> other", "- schema other"}},
      {"ALTER EXTENSION hstore DROP SCHEMA other",
       {structure + "members.schema other other -> nothing", "+ schema other"}},
      {"CREATE EXTENSION IF NOT EXISTS hstore", {}},
      {"COMMENT ON EXTENSION hstore IS 'pairs'",
       {"extension hstore docs: comment data type for storing sets of (key, value) pairs -> "
        "pairs"}},
      {"DROP EXTENSION hstore", {"- extension hstore"}},
  });
}

TEST_P(ExtensionAndServerChanges, OfForeignDataByEachClause) {
  Run("CREATE EXTENSION postgres_fdw; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA "
      "WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO postgres");
  const std::string structure = "server s structure: ";
  ExpectChanges({
      {"ALTER FOREIGN DATA WRAPPER w HANDLER postgres_fdw_handler",
       {"foreign_data_wrapper w structure: handler nothing -> public.postgres_fdw_handler()"}},
      {"ALTER FOREIGN DATA WRAPPER w NO HANDLER",
       {"foreign_data_wrapper w structure: handler public.postgres_fdw_handler() -> nothing"}},
      {"ALTER FOREIGN DATA WRAPPER w OPTIONS (ADD debug 'true')",
       {"foreign_data_wrapper w options: options.debug nothing -> value true"}},
      {"ALTER FOREIGN DATA WRAPPER w OPTIONS (DROP debug)",
       {"foreign_data_wrapper w options: options.debug value true -> nothing"}},
      {absl::StrCat("GRANT USAGE ON FOREIGN DATA WRAPPER w TO ", Role()),
       {absl::StrCat("foreign_data_wrapper w access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]")}},
      {"ALTER SERVER s VERSION '1'", {structure + "version nothing -> 1"}},
      {"DROP SERVER s; CREATE SERVER s TYPE 'sql' VERSION '1' FOREIGN DATA WRAPPER w",
       {structure + "type nothing -> sql"}},
      {"DROP SERVER s; CREATE SERVER s TYPE 'sql' FOREIGN DATA WRAPPER w OPTIONS (host 'far')",
       {structure + "version 1 -> nothing", "server s options: options.host nothing -> value far"}},
      {"CREATE SERVER IF NOT EXISTS s FOREIGN DATA WRAPPER w", {}},
      {absl::StrCat("CREATE USER MAPPING FOR ", Role(), " SERVER s"),
       {absl::StrCat("+ user_mapping ", Role(), " SERVER s")}},
      {absl::StrCat("ALTER USER MAPPING FOR ", Role(), " SERVER s OPTIONS (ADD \"user\" 'u')"),
       {absl::StrCat("user_mapping ", Role(),
                     " SERVER s options: options.user nothing -> value u")}},
      {absl::StrCat("DROP USER MAPPING FOR ", Role(), " SERVER s"),
       {absl::StrCat("- user_mapping ", Role(), " SERVER s")}},
      {"CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER s OPTIONS (\"user\" 'u')",
       {"+ user_mapping public SERVER s"}},
      {"ALTER SERVER s RENAME TO r",
       {"renamed server r was s", "renamed user_mapping public SERVER r was public SERVER s"}},
      {"ALTER FOREIGN DATA WRAPPER w RENAME TO v",
       {"renamed foreign_data_wrapper v was w", "follows: server r structure"}},
      {"DROP FOREIGN DATA WRAPPER v CASCADE",
       {"- foreign_data_wrapper v", "- server r", "- user_mapping public SERVER r"}},
  });
}

// What others call by a word alone, and not as an object with its kind.
TEST_P(ExtensionAndServerChanges, OfNamesThatOthersSay) {
  Run("CREATE SCHEMA app; CREATE EXTENSION tsm_system_rows SCHEMA app; CREATE FOREIGN DATA WRAPPER "
      "w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (id int) SERVER s; CREATE "
      "LANGUAGE talk HANDLER plpgsql_call_handler; CREATE FUNCTION g() RETURNS int LANGUAGE talk "
      "AS 'BEGIN RETURN 1; END'; CREATE TRANSFORM FOR int LANGUAGE talk (FROM SQL WITH FUNCTION "
      "prsd_lextype(internal))");
  ExpectChanges({
      {"ALTER SERVER s RENAME TO r",
       {"renamed server r was s", "follows: table public.f structure"}},
      {"ALTER LANGUAGE talk RENAME TO speech",
       {"renamed language speech was talk",
        "renamed transform integer LANGUAGE speech was integer LANGUAGE talk",
        "follows: function public.g() structure"}},
      {"ALTER SCHEMA app RENAME TO area",
       {"renamed schema area was app", "follows: extension tsm_system_rows structure"}},
      // The old name is another's now.
      {"ALTER SERVER r RENAME TO q; CREATE SERVER r FOREIGN DATA WRAPPER w",
       {"renamed server q was r", "+ server r", "follows: table public.f structure"}},
      {"DROP FOREIGN TABLE f; CREATE FOREIGN TABLE f (id int) SERVER r",
       {"table public.f structure: foreign.server q -> r"}},
      // The table stays where it was, and only its server's name was changed to that of another.
      {"ALTER SERVER q RENAME TO x; ALTER SERVER r RENAME TO q; ALTER SERVER x RENAME TO r",
       {"renamed server q was r", "renamed server r was q", "follows: table public.f structure"}},
  });
}

TEST_P(ExtensionAndServerChanges, OfManyAtOnce) {
  Run(
      absl::StrCat("CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE t (id int); ALTER "
                   "TABLE t OWNER TO ",
                   Role(), "; GRANT SELECT ON app.t TO postgres, ", Role(),
                   "; CREATE EXTENSION postgres_fdw; CREATE SERVER here FOREIGN DATA WRAPPER "
                   "postgres_fdw OPTIONS (host "
                   "'127.0.0.1', port '",
                   server().port(), "', dbname '", database(),
                   "'); CREATE USER MAPPING FOR postgres SERVER here OPTIONS (\"user\" 'postgres', "
                   "password '",
                   PostgresServer::password(), "')"));
  ExpectChanges({
      {"CREATE EXTENSION earthdistance CASCADE", {"+ extension cube", "+ extension earthdistance"}},
      {"DROP EXTENSION cube CASCADE", {"- extension cube", "- extension earthdistance"}},
      {"CREATE SCHEMA far; IMPORT FOREIGN SCHEMA app LIMIT TO (t) FROM SERVER here INTO far",
       {"+ schema far", "+ table far.t"}},
      {absl::StrCat("REASSIGN OWNED BY ", Role(), " TO postgres"),
       {absl::StrCat("table public.t access: owner ", Role(), " -> postgres")}},
      {absl::StrCat("DROP OWNED BY ", Role()),
       {absl::StrCat("table app.t access: grants.", Role(),
                     " postgres privileges [SELECT] -> nothing")}},
  });
}

TEST_P(ExtensionAndServerChanges, OfDefaultPrivilegesByEachClause) {
  Run("CREATE SCHEMA app");
  ExpectChanges({
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ", Role()),
       {"+ default_privileges table by postgres"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ", Role(),
                    " WITH GRANT OPTION"),
       {absl::StrCat("default_privileges table by postgres access: grants.", Role(),
                     " postgres.grantable nothing -> [SELECT]")}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES REVOKE GRANT OPTION FOR SELECT ON TABLES FROM ",
                    Role()),
       {absl::StrCat("default_privileges table by postgres access: grants.", Role(),
                     " postgres.grantable [SELECT] -> nothing")}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM ", Role()),
       {"- default_privileges table by postgres"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO ", Role()),
       {"+ default_privileges sequence by postgres"}},
      {"ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC",
       {"+ default_privileges function by postgres"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO ", Role()),
       {"+ default_privileges type by postgres"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT USAGE, CREATE ON SCHEMAS TO ", Role()),
       {"+ default_privileges schema by postgres"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES GRANT UPDATE ON LARGE OBJECTS TO ", Role()),
       {"+ default_privileges large object by postgres"},
       18},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO ", Role()),
       {"+ default_privileges sequence by postgres in app"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO ", Role(),
                    ", PUBLIC"),
       {"default_privileges sequence by postgres in app access: grants.public postgres nothing -> "
        "privileges [USAGE]"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE USAGE ON SEQUENCES FROM ",
                    Role(), ", PUBLIC"),
       {"- default_privileges sequence by postgres in app"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES FOR ROLE ", Role(),
                    " IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC"),
       {absl::StrCat("+ default_privileges table by ", Role(), " in app")}},
  });
}

}  // namespace
}  // namespace varve::testing
