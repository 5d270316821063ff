// Aggregates: kind `function`, with more than other routines have; and what functions share.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Aggregates : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Aggregates);

v1::RoutineStructure RoutineOf(const Gathered& gathered, const std::string& name,
                               const std::vector<std::string>& types = {}) {
  EntityKey key{"function", {"public", name}};
  key.names.insert(key.names.end(), types.begin(), types.end());
  return gathered.Shape(key, v1::FACET_STRUCTURE).routine();
}

v1::Aggregate AggregateOf(const Gathered& gathered, const std::string& name,
                          const std::vector<std::string>& types = {}) {
  return RoutineOf(gathered, name, types).aggregate();
}

std::string NameOf(const v1::Identity& identity) { return DisplayName(KeyOf(identity)); }

TEST_P(Aggregates, SayHowTheyAreComputed) {
  Run("CREATE AGGREGATE total(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, SSPACE = 128,"
      "  FINALFUNC = numeric_avg, FINALFUNC_MODIFY = SHAREABLE,"
      "  COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize,"
      "  DESERIALFUNC = numeric_avg_deserialize, PARALLEL = SAFE)");
  const Gathered gathered = Gather();
  const v1::RoutineStructure routine = RoutineOf(gathered, "total", {"numeric"});
  EXPECT_EQ(routine.kind(), "aggregate");
  EXPECT_EQ(routine.parallel(), "safe");
  const v1::Aggregate& total = routine.aggregate();
  EXPECT_EQ(total.kind(), "normal");
  EXPECT_EQ(NameOf(total.steps().transition()), "pg_catalog.numeric_avg_accum(internal, numeric)");
  EXPECT_EQ(TypeText(total.steps().state_type()), "internal");
  EXPECT_EQ(total.steps().state_space_bytes(), 128);
  EXPECT_EQ(NameOf(total.steps().final()), "pg_catalog.numeric_avg(internal)");
  EXPECT_EQ(total.steps().final_modify(), "shareable");
  EXPECT_FALSE(total.steps().has_initial_condition());
  EXPECT_FALSE(total.has_moving());
  EXPECT_EQ(NameOf(total.combine()), "pg_catalog.numeric_avg_combine(internal, internal)");
  EXPECT_EQ(NameOf(total.serial()), "pg_catalog.numeric_avg_serialize(internal)");
  EXPECT_EQ(NameOf(total.deserial()), "pg_catalog.numeric_avg_deserialize(bytea, internal)");
  EXPECT_FALSE(total.has_sort_operator());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(Aggregates, SayHowTheyAreComputedOverAMovingWindow) {
  Run("CREATE AGGREGATE moving(float8) (SFUNC = float8pl, STYPE = float8, INITCOND = '1',"
      "  MSFUNC = float8pl, MINVFUNC = float8mi, MSTYPE = float8, MSSPACE = 16, MINITCOND = '0');"
      "CREATE AGGREGATE plain(float8) (SFUNC = float8pl, STYPE = float8)");
  const Gathered gathered = Gather();
  const v1::Aggregate moving = AggregateOf(gathered, "moving", {"double precision"});
  EXPECT_TRUE(moving.steps().has_initial_condition());
  EXPECT_EQ(moving.steps().initial_condition(), "1");
  ASSERT_TRUE(moving.has_moving());
  EXPECT_EQ(NameOf(moving.moving().transition()),
            "pg_catalog.float8pl(double precision, double precision)");
  EXPECT_EQ(NameOf(moving.moving().inverse()),
            "pg_catalog.float8mi(double precision, double precision)");
  EXPECT_EQ(TypeText(moving.moving().state_type()), "double precision");
  EXPECT_EQ(moving.moving().state_space_bytes(), 16);
  EXPECT_EQ(moving.moving().initial_condition(), "0");
  EXPECT_FALSE(AggregateOf(gathered, "plain", {"double precision"}).has_moving());
}

TEST_P(Aggregates, TellAnEmptyStateFromNone) {
  Run("CREATE AGGREGATE all_of(text) (SFUNC = textcat, STYPE = text, INITCOND = '')");
  ExpectChanges({{"CREATE OR REPLACE AGGREGATE all_of(text) (SFUNC = textcat, STYPE = text)",
                  {"function public.all_of(text) structure: aggregate.steps.initial_condition  -> "
                   "nothing"}}});
}

TEST_P(Aggregates, OfSetsSayWhichArgumentsAreGivenOnce) {
  Run("CREATE AGGREGATE pick(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition,"
      "  STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA,"
      "  FINALFUNC_MODIFY = READ_WRITE);"
      "CREATE AGGREGATE placed(VARIADIC \"any\" ORDER BY VARIADIC \"any\") ("
      "  SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final,"
      "  FINALFUNC_EXTRA, HYPOTHETICAL)");
  const Gathered gathered = Gather();
  const v1::Aggregate pick = AggregateOf(gathered, "pick", {"double precision", "anyelement"});
  EXPECT_EQ(pick.kind(), "ordered_set");
  EXPECT_EQ(pick.direct_argument_count(), 1u);
  EXPECT_TRUE(pick.steps().final_extra());
  EXPECT_EQ(pick.steps().final_modify(), "read_write");
  const v1::RoutineStructure placed = RoutineOf(gathered, "placed", {"\"any\""});
  EXPECT_EQ(placed.aggregate().kind(), "hypothetical_set");
  ASSERT_EQ(placed.arguments_size(), 1);
  EXPECT_EQ(placed.arguments(0).mode(), "variadic");
  EXPECT_EQ(TypeText(placed.arguments(0).type()), "\"any\"");
}

TEST_P(Aggregates, NameTheOperatorThatAnIndexSortsBy) {
  Run("CREATE AGGREGATE least_of(int) (SFUNC = int4smaller, STYPE = int, SORTOP = <);"
      "CREATE OPERATOR <<< (FUNCTION = int4lt, LEFTARG = int, RIGHTARG = int);"
      "CREATE AGGREGATE first_of(int) (SFUNC = int4smaller, STYPE = int, SORTOP = <<<)");
  const Gathered gathered = Gather();
  EXPECT_EQ(NameOf(AggregateOf(gathered, "least_of", {"integer"}).sort_operator()),
            "pg_catalog.<(integer, integer)");
  EXPECT_EQ(NameOf(AggregateOf(gathered, "first_of", {"integer"}).sort_operator()),
            "public.<<<(integer, integer)");
}

TEST_P(Aggregates, ChangeByOnePropertyAtATime) {
  const auto total = [](const std::string& how) {
    return absl::StrCat("CREATE OR REPLACE AGGREGATE total(int) (", how, ")");
  };
  const std::string line = "function public.total(integer)";
  Run(absl::StrCat(total("SFUNC = int4pl, STYPE = int"), "; CREATE SCHEMA app"));
  ExpectChanges({
      {total("SFUNC = int4pl, STYPE = int, INITCOND = '0'"),
       {line + " structure: aggregate.steps.initial_condition nothing -> 0"}},
      {total("SFUNC = int4pl, STYPE = int, INITCOND = '1'"),
       {line + " structure: aggregate.steps.initial_condition 0 -> 1"}},
      {total("SFUNC = int4mul, STYPE = int, INITCOND = '1'"),
       {line + " structure: aggregate.steps.transition pg_catalog.int4pl(integer, integer) -> "
               "pg_catalog.int4mul(integer, integer)"}},
      {total("SFUNC = int4mul, STYPE = int, SSPACE = 8, INITCOND = '1'"),
       {line + " structure: aggregate.steps.state_space_bytes 0 -> 8"}},
      {total("SFUNC = int4mul, STYPE = int, SSPACE = 8, INITCOND = '1', FINALFUNC = int4up"),
       {line + " structure: aggregate.steps.final nothing -> pg_catalog.int4up(integer)"}},
      {total("SFUNC = int4mul, STYPE = int, SSPACE = 8, INITCOND = '1', FINALFUNC = int4up,"
             "FINALFUNC_MODIFY = SHAREABLE"),
       {line + " structure: aggregate.steps.final_modify read_only -> shareable"}},
      {total("SFUNC = int4mul, STYPE = int, INITCOND = '1', COMBINEFUNC = int4mul"),
       {line + " structure: aggregate.steps.state_space_bytes 8 -> 0",
        line + " structure: aggregate.steps.final pg_catalog.int4up(integer) -> nothing",
        line + " structure: aggregate.steps.final_modify shareable -> read_only",
        line + " structure: aggregate.combine nothing -> pg_catalog.int4mul(integer, integer)"}},
      {total("SFUNC = int4mul, STYPE = int, INITCOND = '1', COMBINEFUNC = int4mul, SORTOP = <"),
       {line + " structure: aggregate.sort_operator nothing -> pg_catalog.<(integer, integer)"}},
      {total("SFUNC = int4mul, STYPE = int, INITCOND = '1', COMBINEFUNC = int4mul, SORTOP = <,"
             "PARALLEL = SAFE"),
       {line + " structure: parallel unsafe -> safe"}},
      {"COMMENT ON AGGREGATE total(int) IS 'product'",
       {line + " docs: comment nothing -> product"}},
      {"GRANT EXECUTE ON FUNCTION total(int) TO postgres; "
       "REVOKE EXECUTE ON FUNCTION total(int) FROM PUBLIC",
       {line + " access: has_acl false -> true",
        line + " access: grants.postgres postgres nothing -> privileges [EXECUTE]"}},
      {"ALTER AGGREGATE total(int) RENAME TO product",
       {"renamed function public.product(integer) was public.total(integer)"}},
      {"ALTER AGGREGATE product(int) SET SCHEMA app",
       {"renamed function app.product(integer) was public.product(integer)"}},
      {"DROP AGGREGATE app.product(int)", {"- function app.product(integer)"}},
  });
}

TEST_P(Aggregates, ThatAreMadeAgainAreTheSame) {
  const std::string make = "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)";
  Run(make);
  ExpectChanges({{absl::StrCat("DROP AGGREGATE total(int);", make), {}}});
}

TEST_P(Aggregates, KeepSecretsOfTheirInitialState) {
  Run("CREATE AGGREGATE join_all(text) (SFUNC = textcat, STYPE = text,"
      "  INITCOND = 'postgresql://app:s3cret-1@db/x');"
      "CREATE AGGREGATE api_token(text) (SFUNC = textcat, STYPE = text, INITCOND = 's3cret-2')");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_EQ(AggregateOf(gathered, "join_all", {"text"}).steps().initial_condition(),
            "postgresql://app:‹masked›@db/x");
  ExpectChanges(
      {{"CREATE OR REPLACE AGGREGATE api_token(text) (SFUNC = textcat, STYPE = text, "
        "INITCOND = 's3cret-3')",
        {"function public.api_token(text) structure: masked part changed"}}});
}

TEST_P(Aggregates, ShareWithFunctionsWhatTellsThePlannerAndHowTypesAreTurned) {
  Run("CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal),"
      "  TO SQL WITH FUNCTION int4recv(internal));"
      "CREATE FUNCTION f(int) RETURNS SETOF int LANGUAGE sql TRANSFORM FOR TYPE int"
      "  SUPPORT generate_series_int4_support AS 'SELECT 1'");
  const v1::RoutineStructure f = RoutineOf(Gather(), "f", {"integer"});
  EXPECT_EQ(NameOf(f.support()), "pg_catalog.generate_series_int4_support(internal)");
  ASSERT_EQ(f.transforms_size(), 1);
  EXPECT_EQ(TypeText(f.transforms(0)), "integer");
  ExpectChanges({
      {"ALTER FUNCTION f(int) SUPPORT array_unnest_support",
       {"function public.f(integer) structure: support "
        "pg_catalog.generate_series_int4_support(internal) -> "
        "pg_catalog.array_unnest_support(internal)"}},
      {"CREATE OR REPLACE FUNCTION f(int) RETURNS SETOF int LANGUAGE sql"
       "  SUPPORT array_unnest_support AS 'SELECT 1'",
       {"function public.f(integer) structure: transforms [integer] -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
