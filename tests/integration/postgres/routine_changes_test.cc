// Single changes of functions and procedures.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class RoutineChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(RoutineChanges);

TEST_P(RoutineChanges, ByTheirArgumentsAndResult) {
  Run("CREATE TYPE pair AS (a int, b text); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS "
      "'SELECT 1'");
  const std::string structure = "function public.f(integer) structure: ";
  const std::string again = "DROP FUNCTION IF EXISTS f; CREATE FUNCTION f";
  ExpectChanges({
      {again + "(b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {structure + "arguments [a mode in integer] -> [b mode in integer]"}},
      {again + "(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {structure + "arguments [b mode in integer] -> [mode in integer]"}},
      {again + "(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"- function public.f(integer)", "+ function public.f(integer, text)"}},
      {again + "(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"function public.f(integer, text) structure: default_count 0 -> 1",
        "function public.f(integer, text) expressions: argument_defaults nothing -> 'x'::text"}},
      {again + "(a int, b text DEFAULT 'y') RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"function public.f(integer, text) expressions: argument_defaults 'x'::text -> 'y'::text"}},
      {again + "(a int, OUT b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"+ function public.f(integer)", "- function public.f(integer, text)"}},
      {again + "(a int, INOUT b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"- function public.f(integer)", "+ function public.f(integer, integer)"}},
      {again + "(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"- function public.f(integer, integer)", "+ function public.f(integer[])"}},
      {again + "(a int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
       {"+ function public.f(integer)", "- function public.f(integer[])"}},
      {again + "(a int) RETURNS SETOF bigint LANGUAGE sql AS 'SELECT 1::bigint'",
       {structure + "returns_set false -> true", structure + "rows 0 -> 1000"}},
      {again + "(a int) RETURNS TABLE (x bigint) LANGUAGE sql AS 'SELECT 1::bigint'",
       {structure + "arguments [a mode in integer] -> [a mode in integer, x mode table bigint]"}},
      {again + "(a int) RETURNS TABLE (y bigint) LANGUAGE sql AS 'SELECT 1::bigint'",
       {structure + "arguments [a mode in integer, x mode table bigint] -> [a mode in integer, y "
                    "mode table bigint]"}},
      {again + "(a int) RETURNS pair LANGUAGE sql AS 'SELECT 1, ''x''::text'",
       {structure + "arguments [a mode in integer, y mode table bigint] -> [a mode in integer]",
        structure + "returns bigint -> public.pair", structure + "returns_set true -> false",
        structure + "source SELECT 1::bigint -> SELECT 1, 'x'::text",
        structure + "rows 1000 -> 0"}},
      {again + "(a int) RETURNS void LANGUAGE sql AS ''",
       {structure + "returns public.pair -> void",
        structure + "source SELECT 1, 'x'::text -> nothing"}},
      {again + "(a int) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'",
       {structure + "language sql -> plpgsql", structure + "source nothing -> BEGIN END"}},
      {"DROP FUNCTION f; CREATE PROCEDURE f(a int) LANGUAGE plpgsql AS 'BEGIN END'",
       {structure + "kind function -> procedure", structure + "returns void -> nothing"}},
      {"DROP PROCEDURE f; CREATE PROCEDURE f(a int, OUT b int) LANGUAGE plpgsql AS 'BEGIN END'",
       {structure + "arguments [a mode in integer] -> [a mode in integer, b mode out integer]"},
       14},
  });
}

TEST_P(RoutineChanges, ByEachClause) {
  Run("CREATE SCHEMA app; CREATE EXTENSION hstore; CREATE FUNCTION f(a int) RETURNS SETOF int "
      "LANGUAGE sql AS 'SELECT 1'");
  const std::string structure = "function public.f(integer) structure: ";
  const std::string access = "function public.f(integer) access: ";
  ExpectChanges({
      {"ALTER FUNCTION f STABLE", {structure + "volatility volatile -> stable"}},
      {"ALTER FUNCTION f IMMUTABLE", {structure + "volatility stable -> immutable"}},
      {"ALTER FUNCTION f VOLATILE", {structure + "volatility immutable -> volatile"}},
      {"ALTER FUNCTION f STRICT", {structure + "strict false -> true"}},
      {"ALTER FUNCTION f CALLED ON NULL INPUT", {structure + "strict true -> false"}},
      {"ALTER FUNCTION f RETURNS NULL ON NULL INPUT", {structure + "strict false -> true"}},
      {"ALTER FUNCTION f SECURITY DEFINER", {structure + "security_definer false -> true"}},
      {"ALTER FUNCTION f SECURITY INVOKER", {structure + "security_definer true -> false"}},
      {"ALTER FUNCTION f EXTERNAL SECURITY DEFINER",
       {structure + "security_definer false -> true"}},
      {"ALTER FUNCTION f LEAKPROOF", {structure + "leakproof false -> true"}},
      {"ALTER FUNCTION f NOT LEAKPROOF", {structure + "leakproof true -> false"}},
      {"ALTER FUNCTION f PARALLEL SAFE", {structure + "parallel unsafe -> safe"}},
      {"ALTER FUNCTION f PARALLEL UNSAFE", {structure + "parallel safe -> unsafe"}},
      {"ALTER FUNCTION f COST 5", {structure + "cost 100 -> 5"}},
      {"ALTER FUNCTION f ROWS 50", {structure + "rows 1000 -> 50"}},
      {"ALTER FUNCTION f SUPPORT array_unnest_support",
       {structure + "support nothing -> pg_catalog.array_unnest_support(internal)"}},
      {"ALTER FUNCTION f SET work_mem = '3MB'",
       {structure + "settings.work_mem nothing -> value 3MB"}},
      {"ALTER FUNCTION f SET work_mem TO DEFAULT",
       {structure + "settings.work_mem value 3MB -> nothing"}},
      {"ALTER FUNCTION f SET search_path FROM CURRENT",
       {structure + "settings.search_path nothing -> value \"$user\", public"}},
      {"ALTER FUNCTION f RESET search_path",
       {structure + "settings.search_path value \"$user\", public -> nothing"}},
      {"ALTER FUNCTION f SET search_path = ''",
       {structure + "settings.search_path nothing -> value \"\""}},
      {"ALTER FUNCTION f RESET ALL", {structure + "settings.search_path value \"\" -> nothing"}},
      {absl::StrCat("ALTER FUNCTION f OWNER TO ", Role()),
       {absl::StrCat(access, "owner postgres -> ", Role())}},
      {"COMMENT ON FUNCTION f(int) IS 'told'",
       {"function public.f(integer) docs: comment nothing -> told"}},
      {absl::StrCat("GRANT EXECUTE ON FUNCTION f(int) TO ", Role()),
       {access + "has_acl false -> true",
        absl::StrCat(access, "grants.public ", Role(), " nothing -> privileges [EXECUTE]"),
        absl::StrCat(access, "grants.", Role(), " ", Role(), " nothing -> privileges [EXECUTE]")}},
      {"ALTER FUNCTION f SET SCHEMA app",
       {"renamed function app.f(integer) was public.f(integer)"}},
      {"ALTER FUNCTION app.f(int) RENAME TO g",
       {"renamed function app.g(integer) was app.f(integer)"}},
      {"ALTER FUNCTION app.g DEPENDS ON EXTENSION hstore",
       {"function app.g(integer) structure: depends_on_extensions nothing -> [hstore]"}},
      {"ALTER FUNCTION app.g NO DEPENDS ON EXTENSION hstore",
       {"function app.g(integer) structure: depends_on_extensions [hstore] -> nothing"},
       13},
      {"DROP FUNCTION app.g", {"- function app.g(integer)"}},
  });
}

TEST_P(RoutineChanges, ByTheirBody) {
  Run("CREATE SCHEMA app; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE "
      "PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN END'; CREATE FUNCTION same(val internal) "
      "RETURNS internal LANGUAGE internal AS 'jsonb_in'");
  const std::string structure = "function public.f() structure: ";
  const std::string expressions = "function public.f() expressions: ";
  const std::string access = "function public.p(integer) access: ";
  ExpectChanges({
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
       {structure + "source SELECT 1 -> SELECT 2"}},
      {"DROP FUNCTION f; CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 2",
       {structure + "source SELECT 2 -> nothing", expressions + "sql_body nothing -> RETURN 2"},
       14},
      {"DROP FUNCTION f; CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; "
       "SELECT 2; END",
       {expressions + "sql_body RETURN 2 -> BEGIN ATOMIC\n SELECT 1;\n SELECT 2;\nEND"},
       14},
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
       {structure + "source nothing -> SELECT 2",
        expressions + "sql_body BEGIN ATOMIC\n SELECT 1;\n SELECT 2;\nEND -> nothing"},
       14},
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
       {structure + "language sql -> internal", structure + "source SELECT 2 -> pg_backend_pid",
        structure + "cost 100 -> 1"}},
      {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_backend_pid' COST 100",
       {structure + "cost 1 -> 100"}},
      {"CREATE FUNCTION windowed() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
       {"+ function public.windowed()"}},
      {"DROP FUNCTION windowed; CREATE FUNCTION windowed() RETURNS bigint LANGUAGE internal AS "
       "'window_row_number'",
       {"function public.windowed() structure: kind window -> function"}},
      {"DROP FUNCTION windowed; CREATE FUNCTION windowed() RETURNS bigint LANGUAGE internal AS "
       "'window_rank'",
       {"function public.windowed() structure: source window_row_number -> window_rank"}},
      {"ALTER ROUTINE f COST 3", {structure + "cost 100 -> 3"}},
      {"ALTER ROUTINE f SET lock_timeout = 5",
       {structure + "settings.lock_timeout nothing -> value 5"}},
      {"COMMENT ON ROUTINE f() IS 'told'", {"function public.f() docs: comment nothing -> told"}},
      {"CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN NULL; END'",
       {"function public.p(integer) structure: source BEGIN END -> BEGIN NULL; END"}},
      {"ALTER PROCEDURE p SECURITY DEFINER",
       {"function public.p(integer) structure: security_definer false -> true"}},
      {"ALTER PROCEDURE p SET work_mem = '3MB'",
       {"function public.p(integer) structure: settings.work_mem nothing -> value 3MB"}},
      {"ALTER PROCEDURE p RESET ALL",
       {"function public.p(integer) structure: settings.work_mem value 3MB -> nothing"}},
      {"COMMENT ON PROCEDURE p(int) IS 'done'",
       {"function public.p(integer) docs: comment nothing -> done"}},
      {absl::StrCat("ALTER PROCEDURE p OWNER TO ", Role()),
       {absl::StrCat(access, "owner postgres -> ", Role())}},
      {"REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA app FROM PUBLIC", {}},
      {"REVOKE EXECUTE ON PROCEDURE p(int) FROM PUBLIC",
       {access + "has_acl false -> true",
        absl::StrCat(access, "grants.", Role(), " ", Role(), " nothing -> privileges [EXECUTE]")}},
      {"ALTER PROCEDURE p RENAME TO q",
       {"renamed function public.q(integer) was public.p(integer)"}},
      {"ALTER PROCEDURE q SET SCHEMA app",
       {"renamed function app.q(integer) was public.q(integer)"}},
      {"ALTER ROUTINE app.q RENAME TO r", {"renamed function app.r(integer) was app.q(integer)"}},
      {"DROP ROUTINE app.r", {"- function app.r(integer)"}},
  });
}

TEST_P(RoutineChanges, ByWhatTheyAreMadeWith) {
  Run("CREATE FUNCTION f(a int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'; CREATE TRANSFORM FOR "
      "int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal)); CREATE TRANSFORM FOR text "
      "LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))");
  const std::string structure = "function public.f(integer) structure: ";
  const auto again = [](const std::string& clauses) {
    return absl::StrCat("CREATE OR REPLACE FUNCTION f(a int) RETURNS SETOF int LANGUAGE sql ",
                        clauses, " AS 'SELECT 1'");
  };
  ExpectChanges({
      {again("IMMUTABLE"), {structure + "volatility volatile -> immutable"}},
      {again("STABLE"), {structure + "volatility immutable -> stable"}},
      {again("VOLATILE STRICT"),
       {structure + "volatility stable -> volatile", structure + "strict false -> true"}},
      {again("RETURNS NULL ON NULL INPUT"), {}},
      {again("CALLED ON NULL INPUT LEAKPROOF"),
       {structure + "strict true -> false", structure + "leakproof false -> true"}},
      {again("EXTERNAL SECURITY DEFINER"),
       {structure + "security_definer false -> true", structure + "leakproof true -> false"}},
      {again("SECURITY INVOKER PARALLEL RESTRICTED"),
       {structure + "parallel unsafe -> restricted", structure + "security_definer true -> false"}},
      {again("PARALLEL SAFE"), {structure + "parallel restricted -> safe"}},
      {again("COST 7"), {structure + "parallel safe -> unsafe", structure + "cost 100 -> 7"}},
      {again("ROWS 8"), {structure + "cost 7 -> 100", structure + "rows 1000 -> 8"}},
      {again("SUPPORT array_unnest_support"),
       {structure + "rows 8 -> 1000",
        structure + "support nothing -> pg_catalog.array_unnest_support(internal)"}},
      {again("SET work_mem = '3MB' SET search_path FROM CURRENT"),
       {structure + "settings.search_path nothing -> value \"$user\", public",
        structure + "settings.work_mem nothing -> value 3MB",
        structure + "support pg_catalog.array_unnest_support(internal) -> nothing"}},
      {again("TRANSFORM FOR TYPE int"),
       {structure + "settings.search_path value \"$user\", public -> nothing",
        structure + "settings.work_mem value 3MB -> nothing",
        structure + "transforms nothing -> [integer]"}},
      {again("TRANSFORM FOR TYPE int, FOR TYPE text"),
       {structure + "transforms [integer] -> [integer, text]"}},
      {again(""), {structure + "transforms [integer, text] -> nothing"}},
  });
}

TEST_P(RoutineChanges, ByTheCodeThatTheyAreLinkedTo) {
  Run("CREATE FUNCTION linked(internal) RETURNS internal LANGUAGE c AS '$libdir/dict_snowball', "
      "'dsnowball_init'");
  const std::string structure = "function public.linked(internal) structure: ";
  const std::string again =
      "CREATE OR REPLACE FUNCTION linked(internal) RETURNS internal LANGUAGE ";
  ExpectChanges({
      {again + "c AS '$libdir/dict_snowball', 'dsnowball_lexize'",
       {structure + "source dsnowball_init -> dsnowball_lexize"}},
      {again + "c AS '$libdir/plpgsql', 'plpgsql_validator'",
       {structure + "source dsnowball_lexize -> plpgsql_validator",
        structure + "library $libdir/dict_snowball -> $libdir/plpgsql"}},
      {again + "internal AS 'gist_point_compress'",
       {structure + "language c -> internal",
        structure + "source plpgsql_validator -> gist_point_compress",
        structure + "library $libdir/plpgsql -> nothing"}},
      // Without a link_symbol its own name is what is looked for.
      {"CREATE FUNCTION plpgsql_validator(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql'",
       {"+ function public.plpgsql_validator(oid)"}},
      {"CREATE OR REPLACE FUNCTION plpgsql_validator(oid) RETURNS void LANGUAGE c AS "
       "'$libdir/plpgsql', 'plpgsql_validator'",
       {}},
  });
}

}  // namespace
}  // namespace varve::testing
