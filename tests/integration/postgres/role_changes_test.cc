// Single changes of roles: each clause of CREATE ROLE and ALTER ROLE.
#include <string>

#include "tests/integration/postgres/cluster_case.h"

namespace varve::testing {
namespace {

class RoleChanges : public ClusterCase {};
VARVE_ON_EVERY_POSTGRES(RoleChanges);

TEST_P(RoleChanges, ByEachClause) {
  CreateRole("staff");
  CreateRole("boss");
  Undo("DROP ROLE IF EXISTS ann");
  const std::string access = "role ann access: ";
  const std::string options = "role ann options: ";
  ExpectClusterChanges({
      {"CREATE ROLE ann LOGIN CONNECTION LIMIT 5 VALID UNTIL '2040-01-01 00:00:00+00'",
       {"+ role ann"}},
      {"ALTER ROLE ann NOLOGIN", {access + "login true -> false"}},
      {"ALTER ROLE ann CONNECTION LIMIT -1", {options + "connection_limit 5 -> -1"}},
      {"ALTER ROLE ann VALID UNTIL 'infinity'",
       {options + "valid_until 2040-01-01 00:00:00+00 -> infinity"}},
      {"ALTER ROLE ann SUPERUSER", {access + "superuser false -> true"}},
      {"ALTER ROLE ann NOSUPERUSER", {access + "superuser true -> false"}},
      {"ALTER ROLE ann CREATEDB", {access + "create_database false -> true"}},
      {"ALTER ROLE ann NOCREATEDB", {access + "create_database true -> false"}},
      {"ALTER ROLE ann CREATEROLE", {access + "create_role false -> true"}},
      {"ALTER ROLE ann NOCREATEROLE", {access + "create_role true -> false"}},
      {"ALTER ROLE ann NOINHERIT", {access + "inherit true -> false"}},
      {"ALTER ROLE ann INHERIT", {access + "inherit false -> true"}},
      {"ALTER ROLE ann REPLICATION", {access + "replication false -> true"}},
      {"ALTER ROLE ann NOREPLICATION", {access + "replication true -> false"}},
      {"ALTER ROLE ann BYPASSRLS", {access + "bypass_row_security false -> true"}},
      {"ALTER ROLE ann NOBYPASSRLS", {access + "bypass_row_security true -> false"}},
      {"ALTER ROLE ann SET search_path = app, public",
       {options + "settings.search_path nothing -> value app, public"}},
      {"ALTER ROLE ann SET search_path TO DEFAULT",
       {options + "settings.search_path value app, public -> nothing"}},
      {"ALTER ROLE ann SET work_mem FROM CURRENT",
       {options + "settings.work_mem nothing -> value 4MB"}},
      {"ALTER ROLE ann RESET work_mem", {options + "settings.work_mem value 4MB -> nothing"}},
      {"ALTER ROLE ann SET lock_timeout = 5",
       {options + "settings.lock_timeout nothing -> value 5"}},
      {"ALTER ROLE ann RESET ALL", {options + "settings.lock_timeout value 5 -> nothing"}},
      {"ALTER ROLE ann PASSWORD NULL", {}},
      {"ALTER USER ann CREATEDB", {access + "create_database false -> true"}},
      {"ALTER GROUP staff ADD USER ann",
       {access + "memberships.staff postgres nothing -> role staff grantor postgres"}},
      {"ALTER GROUP staff DROP USER ann",
       {access + "memberships.staff postgres role staff grantor postgres -> nothing"}},
      {"COMMENT ON ROLE ann IS 'a clerk'", {"role ann docs: comment nothing -> a clerk"}},
      {"COMMENT ON ROLE ann IS NULL", {"role ann docs: comment a clerk -> nothing"}},
      {"CREATE USER bob IN ROLE staff", {"+ role bob"}},
      {"DROP USER bob", {"- role bob"}},
      {"CREATE GROUP club ROLE ann ADMIN boss",
       {access + "memberships.club postgres nothing -> role club grantor postgres",
        "role boss access: memberships.club postgres nothing -> admin", "+ role club"}},
      {"DROP GROUP club",
       {access + "memberships.club postgres role club grantor postgres -> nothing",
        "role boss access: memberships.club postgres admin -> nothing", "- role club"}},
      {"DROP ROLE ann", {"- role ann"}},
      {"CREATE ROLE ann CREATEDB PASSWORD 'one'", {"+ role ann"}},
      {"DROP ROLE ann; CREATE USER ann NOLOGIN CREATEDB ENCRYPTED PASSWORD 'two'", {}},
      {"DROP ROLE ann", {"- role ann"}},
  });
}

TEST_P(RoleChanges, ByEachPrivilegeOnASetting) {
  if (major() < 15) GTEST_SKIP() << "settings have no privileges";
  CreateRole("ann");
  Undo("REVOKE ALL ON PARAMETER work_mem FROM ann");
  const std::string access = "parameter_privileges work_mem access: grants.ann postgres";
  ExpectClusterChanges({
      {"GRANT SET ON PARAMETER work_mem TO ann", {"+ parameter_privileges work_mem"}},
      {"GRANT ALTER SYSTEM ON PARAMETER work_mem TO ann",
       {access + ".privileges [SET] -> [ALTER SYSTEM, SET]"}},
      {"GRANT SET ON PARAMETER work_mem TO ann WITH GRANT OPTION",
       {access + ".grantable nothing -> [SET]"}},
      {"GRANT SET ON PARAMETER work_mem TO ann", {}},
      {"REVOKE GRANT OPTION FOR SET ON PARAMETER work_mem FROM ann",
       {access + ".grantable [SET] -> nothing"}},
      {"GRANT SET ON PARAMETER work_mem TO PUBLIC",
       {"parameter_privileges work_mem access: grants.public postgres nothing -> privileges "
        "[SET]"}},
      {"REVOKE SET ON PARAMETER work_mem FROM PUBLIC",
       {"parameter_privileges work_mem access: grants.public postgres privileges [SET] -> "
        "nothing"}},
      {"REVOKE ALL ON PARAMETER work_mem FROM ann", {"- parameter_privileges work_mem"}},
  });
}

}  // namespace
}  // namespace varve::testing
