// Functions, procedures, aggregates, window functions: kind `function`.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;

class Routines : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Routines);

EntityKey RoutineKey(const std::string& name, const std::vector<std::string>& types = {}) {
  EntityKey key{"function", {"public", name}};
  key.names.insert(key.names.end(), types.begin(), types.end());
  return key;
}

v1::RoutineStructure RoutineOf(const Gathered& gathered, const EntityKey& key) {
  return gathered.Shape(key, v1::FACET_STRUCTURE).routine();
}

TEST_P(Routines, AreThoseThatTheCatalogLists) {
  Run("CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';"
      "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);"
      "CREATE SCHEMA app; CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  EXPECT_EQ(Gather().Names("function").size(),
            Ask("SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE "
                "nspname IN ('public', 'app')")
                .size());
}

TEST_P(Routines, OfOneNameAreToldApartByTheirInputTypes) {
  Run("CREATE TYPE mood AS ENUM ('good'); CREATE TABLE t (id int);"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION f(a int, b varchar(9)) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION f(a mood[], OUT b int) LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION f(VARIADIC a numeric[]) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  EXPECT_THAT(Gather().Names("function"),
              ElementsAre("public.f", "public.f.integer.character varying", "public.f.numeric[]",
                          "public.f.public.mood[]", "public.f.public.t"));
}

TEST_P(Routines, SayHowTheyAreCalled) {
  Run("CREATE FUNCTION f(a int, INOUT b text DEFAULT 'x', VARIADIC c int[] DEFAULT '{1}')"
      "  LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL SAFE COST 42"
      "  SET search_path = pg_catalog, public SET work_mem = '1MB'"
      "  AS $$ BEGIN b := 'it''s'; END $$;"
      "CREATE FUNCTION rows_of() RETURNS TABLE (id int, note text) LANGUAGE sql ROWS 7"
      "  AS $$ SELECT 1, 'a' $$");
  const Gathered gathered = Gather();
  const v1::RoutineStructure f =
      RoutineOf(gathered, RoutineKey("f", {"integer", "text", "integer[]"}));
  EXPECT_EQ(f.kind(), "function");
  EXPECT_EQ(f.language(), "plpgsql");
  ASSERT_EQ(f.arguments_size(), 3);
  EXPECT_EQ(f.arguments(0).name(), "a");
  EXPECT_EQ(f.arguments(0).mode(), "in");
  EXPECT_EQ(f.arguments(1).mode(), "inout");
  EXPECT_EQ(f.arguments(2).mode(), "variadic");
  EXPECT_EQ(TypeText(f.arguments(2).type()), "integer[]");
  EXPECT_EQ(TypeText(f.returns()), "text");
  EXPECT_EQ(f.source(), " BEGIN b := 'it''s'; END ");
  EXPECT_EQ(f.volatility(), "stable");
  EXPECT_EQ(f.parallel(), "safe");
  EXPECT_TRUE(f.strict());
  EXPECT_TRUE(f.security_definer());
  EXPECT_TRUE(f.leakproof());
  EXPECT_EQ(f.cost(), "42");
  EXPECT_EQ(f.default_count(), 2u);
  ASSERT_EQ(f.settings_size(), 2);
  EXPECT_EQ(f.settings(0).value() + "|" + f.settings(1).value(), "pg_catalog, public|1MB");
  EXPECT_EQ(gathered.Shape(RoutineKey("f", {"integer", "text", "integer[]"}), v1::FACET_EXPRESSIONS)
                .routine_expressions()
                .argument_defaults(),
            "'x'::text, '{1}'::integer[]");
  const v1::RoutineStructure rows = RoutineOf(gathered, RoutineKey("rows_of"));
  EXPECT_TRUE(rows.returns_set());
  EXPECT_EQ(rows.rows(), "7");
  ASSERT_EQ(rows.arguments_size(), 2);
  EXPECT_EQ(rows.arguments(0).mode(), "table");
}

TEST_P(Routines, OfEachKindSayWhich) {
  Run("CREATE PROCEDURE p(a int) LANGUAGE plpgsql AS 'BEGIN END';"
      "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);"
      "CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'");
  const Gathered gathered = Gather();
  EXPECT_EQ(RoutineOf(gathered, RoutineKey("p", {"integer"})).kind(), "procedure");
  EXPECT_FALSE(RoutineOf(gathered, RoutineKey("p", {"integer"})).has_returns());
  const v1::RoutineStructure total = RoutineOf(gathered, RoutineKey("total", {"integer"}));
  EXPECT_EQ(total.kind(), "aggregate");
  EXPECT_EQ(total.source(), "");
  EXPECT_EQ(RoutineOf(gathered, RoutineKey("w")).kind(), "window");
  EXPECT_EQ(RoutineOf(gathered, RoutineKey("w")).language(), "internal");
}

TEST_P(Routines, WithABodyThatTheServerParsedReadAsItPrintsIt) {
  if (major() < 14) GTEST_SKIP() << "of 14 and newer";
  Run("CREATE TABLE t (id int);"
      "CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql RETURN a + (SELECT count(*) FROM t)");
  const Gathered gathered = Gather();
  EXPECT_EQ(RoutineOf(gathered, RoutineKey("f", {"integer"})).source(), "");
  EXPECT_EQ(gathered.Shape(RoutineKey("f", {"integer"}), v1::FACET_EXPRESSIONS)
                .routine_expressions()
                .sql_body(),
            Ask("SET search_path = pg_catalog; SELECT "
                "pg_get_function_sqlbody('public.f'::regproc)")
                .front());
}

std::vector<std::string> ArgumentsOf(const v1::RoutineStructure& routine) {
  std::vector<std::string> arguments;
  for (const v1::RoutineArgument& argument : routine.arguments()) {
    arguments.push_back(
        absl::StrCat(argument.mode(), " ", argument.name(), " ", TypeText(argument.type())));
  }
  return arguments;
}

TEST_P(Routines, SayWhichArgumentsTheyGiveBack) {
  Run("CREATE FUNCTION outs(int, a text, OUT b text, OUT c int[], INOUT d int) LANGUAGE sql"
      "  AS $$ SELECT 'x', '{}'::int[], 1 $$;"
      "CREATE FUNCTION rows_of(a int) RETURNS TABLE (id int, note text) LANGUAGE sql"
      "  AS $$ SELECT 1, 'a' $$;"
      "CREATE FUNCTION nulls(VARIADIC \"any\") RETURNS int LANGUAGE internal AS 'pg_num_nulls'");
  const Gathered gathered = Gather();
  const v1::RoutineStructure outs =
      RoutineOf(gathered, RoutineKey("outs", {"integer", "text", "integer"}));
  EXPECT_THAT(ArgumentsOf(outs), ElementsAre("in  integer", "in a text", "out b text",
                                             "out c integer[]", "inout d integer"));
  EXPECT_EQ(TypeText(outs.returns()), "record");
  EXPECT_FALSE(outs.returns_set());
  const v1::RoutineStructure rows = RoutineOf(gathered, RoutineKey("rows_of", {"integer"}));
  EXPECT_THAT(ArgumentsOf(rows),
              ElementsAre("in a integer", "table id integer", "table note text"));
  EXPECT_TRUE(rows.returns_set());
  EXPECT_THAT(ArgumentsOf(RoutineOf(gathered, RoutineKey("nulls", {"\"any\""}))),
              ElementsAre("variadic  \"any\""));
}

TEST_P(Routines, ChangeByOneSettingAtATime) {
  Run("CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql AS 'SELECT 1'");
  ExpectChanges({
      {"ALTER FUNCTION f ROWS 7", {"function public.f() structure: rows 1000 -> 7"}},
      {"ALTER FUNCTION f LEAKPROOF", {"function public.f() structure: leakproof false -> true"}},
      {"ALTER FUNCTION f SET search_path = a, b",
       {"function public.f() structure: settings.search_path nothing -> value a, b"}},
      {"ALTER FUNCTION f SET search_path = b, a",
       {"function public.f() structure: settings.search_path.value a, b -> b, a"}},
      {"ALTER FUNCTION f SET search_path = 'b, a'",
       {"function public.f() structure: settings.search_path.value b, a -> \"b, a\""}},
      {"ALTER FUNCTION f SET datestyle = 'iso, dmy'; ALTER FUNCTION f SET search_path = 'b, a'",
       {"function public.f() structure: settings.DateStyle nothing -> value iso, dmy"}},
      {"ALTER FUNCTION f RESET ALL; ALTER FUNCTION f SET search_path = 'b, a';"
       "ALTER FUNCTION f SET datestyle = 'iso, dmy'",
       {}},
      {"ALTER FUNCTION f RESET ALL",
       {"function public.f() structure: settings.DateStyle value iso, dmy -> nothing",
        "function public.f() structure: settings.search_path value \"b, a\" -> nothing"}},
      {"SET check_function_bodies = off; CREATE OR REPLACE FUNCTION f() RETURNS SETOF int LANGUAGE "
       "plpgsql LEAKPROOF ROWS 7 AS "
       "'SELECT 1'",
       {"function public.f() structure: language sql -> plpgsql"}},
  });
}

TEST_P(Routines, ChangeByOnePropertyAtATime) {
  Run("CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  ExpectChanges({
      {"CREATE OR REPLACE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 2'",
       {"function public.f(integer) structure: source SELECT 1 -> SELECT 2"}},
      {"ALTER FUNCTION f IMMUTABLE",
       {"function public.f(integer) structure: volatility volatile -> immutable"}},
      {"ALTER FUNCTION f PARALLEL RESTRICTED",
       {"function public.f(integer) structure: parallel unsafe -> restricted"}},
      {"ALTER FUNCTION f STRICT", {"function public.f(integer) structure: strict false -> true"}},
      {"ALTER FUNCTION f SECURITY DEFINER",
       {"function public.f(integer) structure: security_definer false -> true"}},
      {"ALTER FUNCTION f COST 7", {"function public.f(integer) structure: cost 100 -> 7"}},
      {"ALTER FUNCTION f SET work_mem = '2MB'",
       {"function public.f(integer) structure: settings.work_mem nothing -> value 2MB"}},
      {"CREATE OR REPLACE FUNCTION f(a int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT "
       "SECURITY DEFINER PARALLEL RESTRICTED COST 7 SET work_mem = '2MB' AS 'SELECT 2'",
       {"function public.f(integer) expressions: argument_defaults 1 -> 2"}},
      {"CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"+ function public.f(text)"}},
      {"DROP FUNCTION f(int)", {"- function public.f(integer)"}},
  });
}

}  // namespace
}  // namespace varve::testing
