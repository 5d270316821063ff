// Single changes of what a database can be taught: operators and their families, aggregates,
// collations, languages, casts.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class OperatorChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(OperatorChanges);

TEST_P(OperatorChanges, OfOperatorsByEachClause) {
  Run("CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)");
  const std::string again =
      "DROP OPERATOR === (int, int); CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, ";
  ExpectChanges({
      {again + "FUNCTION = int4lt)",
       {"operator public.===(integer, integer) structure: function pg_catalog.int4eq(integer, "
        "integer) -> pg_catalog.int4lt(integer, integer)"}},
      {again + "FUNCTION = int4eq, COMMUTATOR = ===)",
       {"operator public.===(integer, integer) structure: function pg_catalog.int4lt(integer, "
        "integer) -> pg_catalog.int4eq(integer, integer)",
        "operator public.===(integer, integer) structure: commutator nothing -> "
        "public.===(integer, integer)"}},
      {again + "FUNCTION = int4eq, COMMUTATOR = ===, RESTRICT = eqsel)",
       {"operator public.===(integer, integer) structure: restriction_estimator nothing -> "
        "pg_catalog.eqsel(internal, oid, internal, integer)"}},
      {again + "FUNCTION = int4eq, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel)",
       {"operator public.===(integer, integer) structure: join_estimator nothing -> "
        "pg_catalog.eqjoinsel(internal, oid, internal, smallint, internal)"}},
      {again + "FUNCTION = int4eq, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES)",
       {"operator public.===(integer, integer) structure: hashes false -> true"}},
      {again + "FUNCTION = int4eq, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, "
               "MERGES)",
       {"operator public.===(integer, integer) structure: merges false -> true"}},
      {"ALTER OPERATOR === (int, int) SET (JOIN = NONE)",
       {"operator public.===(integer, integer) structure: join_estimator "
        "pg_catalog.eqjoinsel(internal, oid, internal, smallint, internal) -> nothing"}},
      {"CREATE OPERATOR @#@ (RIGHTARG = int, FUNCTION = int4up)",
       {"+ operator public.@#@(NONE, integer)"}},
      {"DROP OPERATOR @#@ (NONE, int)", {"- operator public.@#@(NONE, integer)"}},
  });
}

TEST_P(OperatorChanges, OfFamiliesByEachClause) {
  Run("CREATE SCHEMA app; CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS c FOR TYPE "
      "int4 USING btree FAMILY f AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int)");
  const std::string of_c = "operator_class public.c USING btree structure: ";
  ExpectChanges({
      {"ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 (int, smallint) btint42cmp(int, "
       "smallint)",
       {"operator_family public.f USING btree structure: functions.1 integer smallint nothing -> "
        "function pg_catalog.btint42cmp(integer, smallint)"}},
      {"ALTER OPERATOR FAMILY f USING btree DROP FUNCTION 1 (int, smallint)",
       {"operator_family public.f USING btree structure: functions.1 integer smallint function "
        "pg_catalog.btint42cmp(integer, smallint) -> nothing"}},
      {"ALTER OPERATOR FAMILY f USING btree SET SCHEMA app",
       {"renamed operator_family app.f USING btree was public.f USING btree",
        "follows: operator_class public.c USING btree structure"}},
      {"ALTER OPERATOR FAMILY app.f USING btree RENAME TO g",
       {"renamed operator_family app.g USING btree was app.f USING btree",
        "follows: operator_class public.c USING btree structure"}},
      {"CREATE OPERATOR FAMILY h USING hash", {"+ operator_family public.h USING hash"}},
      {"DROP OPERATOR CLASS c USING btree; CREATE OPERATOR CLASS c FOR TYPE int4 USING btree "
       "FAMILY app.g AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int)",
       {of_c + "operators.3 integer integer nothing -> operator pg_catalog.=(integer, integer)"}},
      {"DROP OPERATOR CLASS c USING btree; CREATE OPERATOR CLASS c FOR TYPE int8 USING btree "
       "FAMILY app.g AS OPERATOR 1 <, FUNCTION 1 btint8cmp(bigint, bigint)",
       {of_c + "type integer -> bigint",
        of_c + "operators.1 integer integer operator pg_catalog.<(integer, integer) -> nothing",
        of_c + "operators.3 integer integer operator pg_catalog.=(integer, integer) -> nothing",
        of_c + "operators.1 bigint bigint nothing -> operator pg_catalog.<(bigint, bigint)",
        of_c + "functions.1 integer integer function pg_catalog.btint4cmp(integer, integer) -> "
               "nothing",
        of_c +
            "functions.1 bigint bigint nothing -> function pg_catalog.btint8cmp(bigint, bigint)"}},
  });
}

TEST_P(OperatorChanges, OfAggregatesByEachClause) {
  Run("CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int)");
  const std::string structure = "function public.a(integer) structure: ";
  const std::string again = "CREATE OR REPLACE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int";
  ExpectChanges({
      {again + ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int)",
       {structure +
        "aggregate.moving nothing -> transition pg_catalog.int4pl(integer, integer) inverse "
        "pg_catalog.int4mi(integer, integer) state type integer final modify read_only"}},
      {again + ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0')",
       {structure + "aggregate.moving.initial_condition nothing -> 0"}},
      {again +
           ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MSSPACE = 16, MFINALFUNC = int4up)",
       {structure + "aggregate.moving.state_space_bytes 0 -> 16",
        structure + "aggregate.moving.final nothing -> pg_catalog.int4up(integer)",
        structure + "aggregate.moving.initial_condition 0 -> nothing"}},
      {again + ")",
       {structure + "aggregate.moving transition pg_catalog.int4pl(integer, integer) inverse "
                    "pg_catalog.int4mi(integer, integer) state type integer state space bytes 16 "
                    "final pg_catalog.int4up(integer) final modify read_only -> nothing"}},
      {absl::StrCat("ALTER AGGREGATE a(int) OWNER TO ", Role()),
       {absl::StrCat("function public.a(integer) access: owner postgres -> ", Role())}},
      {"CREATE AGGREGATE placed(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (SFUNC = "
       "ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA)",
       {"+ function public.placed(\"any\")"}},
      {"DROP AGGREGATE placed(VARIADIC \"any\" ORDER BY VARIADIC \"any\"); CREATE AGGREGATE "
       "placed(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (SFUNC = ordered_set_transition_multi, "
       "STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL)",
       {"function public.placed(\"any\") structure: aggregate.kind ordered_set -> "
        "hypothetical_set"}},
  });
}

TEST_P(OperatorChanges, OfAggregatesByHowTheyEnd) {
  Run("CREATE FUNCTION last(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION "
      "last(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE a(int) (SFUNC = "
      "int4pl, STYPE = int, FINALFUNC = last)");
  const std::string structure = "function public.a(integer) structure: aggregate.";
  const std::string again = "CREATE OR REPLACE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int";
  const std::string moving =
      ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MFINALFUNC = last";
  ExpectChanges({
      {again + ", FINALFUNC = last, FINALFUNC_EXTRA)",
       {structure + "steps.final public.last(integer) -> public.last(integer, integer)",
        structure + "steps.final_extra false -> true"}},
      {again + ", FINALFUNC = last, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE)",
       {structure + "steps.final_modify read_only -> read_write"}},
      {again + ", FINALFUNC = last, FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE)",
       {structure + "steps.final_modify read_write -> shareable"}},
      {again + ", FINALFUNC = last, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_ONLY)",
       {structure + "steps.final_modify shareable -> read_only"}},
      {again + moving + ")",
       {structure + "steps.final public.last(integer, integer) -> nothing",
        structure + "steps.final_extra true -> false",
        structure + "moving nothing -> transition pg_catalog.int4pl(integer, integer) inverse "
                    "pg_catalog.int4mi(integer, integer) state type integer final "
                    "public.last(integer) final modify read_only"}},
      {again + moving + ", MFINALFUNC_EXTRA)",
       {structure + "moving.final public.last(integer) -> public.last(integer, integer)",
        structure + "moving.final_extra false -> true"}},
      {again + moving + ", MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = SHAREABLE)",
       {structure + "moving.final_modify read_only -> shareable"}},
      {again + moving + ", MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = READ_WRITE)",
       {structure + "moving.final_modify shareable -> read_write"}},
      {again + moving +
           ", MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED)",
       {"function public.a(integer) structure: parallel unsafe -> restricted"}},
  });
}

TEST_P(OperatorChanges, OfAggregatesByTheirState) {
  const std::string average =
      "AGGREGATE average(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = "
      "numeric_avg, COMBINEFUNC = numeric_avg_combine";
  const std::string of_average = "function public.average(numeric) structure: aggregate.";
  const std::string of_total = "function public.total(integer) structure: ";
  Run(absl::StrCat("CREATE ", average,
                   "); CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, "
                   "INITCOND = '0')"));
  ExpectChanges({
      {absl::StrCat("CREATE OR REPLACE ", average,
                    ", SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = "
                    "numeric_avg_deserialize)"),
       {of_average + "serial nothing -> pg_catalog.numeric_avg_serialize(internal)",
        of_average + "deserial nothing -> pg_catalog.numeric_avg_deserialize(bytea, internal)"}},
      {absl::StrCat("CREATE OR REPLACE ", average, ")"),
       {of_average + "serial pg_catalog.numeric_avg_serialize(internal) -> nothing",
        of_average + "deserial pg_catalog.numeric_avg_deserialize(bytea, internal) -> nothing"}},
      {"DROP AGGREGATE total(int); CREATE AGGREGATE total(int) (SFUNC = int84pl, STYPE = bigint, "
       "INITCOND = '0')",
       {of_total + "returns integer -> bigint",
        of_total + "aggregate.steps.transition pg_catalog.int4pl(integer, integer) -> "
                   "pg_catalog.int84pl(bigint, integer)",
        of_total + "aggregate.steps.state_type integer -> bigint"}},
      // As it was written before arguments were.
      {"DROP AGGREGATE total(int); CREATE AGGREGATE total (BASETYPE = int, SFUNC = int84pl, STYPE "
       "= bigint, INITCOND = '0')",
       {}},
      {"CREATE AGGREGATE number_of(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0')",
       {"+ function public.number_of()"}},
      {"CREATE FUNCTION widest(int, VARIADIC int[]) RETURNS int LANGUAGE sql AS 'SELECT $1'",
       {"+ function public.widest(integer, integer[])"}},
      {"CREATE AGGREGATE any_widest(VARIADIC int[]) (SFUNC = widest, STYPE = int)",
       {"+ function public.any_widest(integer[])"}},
      {"CREATE AGGREGATE middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = "
       "internal, FINALFUNC = percentile_cont_float8_final)",
       {"+ function public.middle(double precision, double precision)"}},
  });
}

TEST_P(OperatorChanges, OfClassesByEachClause) {
  Run("CREATE TYPE mood AS (n int); CREATE FUNCTION hash_of(mood) RETURNS int LANGUAGE sql "
      "IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION same(mood, mood) RETURNS bool LANGUAGE sql "
      "IMMUTABLE AS 'SELECT true'; CREATE OPERATOR === (FUNCTION = same, LEFTARG = mood, RIGHTARG "
      "= mood); CREATE OPERATOR CLASS d FOR TYPE mood USING hash AS OPERATOR 1 ===, FUNCTION 1 "
      "hash_of(mood)");
  const std::string of_g = "operator_class public.g USING gist structure: ";
  const std::string of_family = "operator_family public.g USING gist structure: ";
  // What gist can do without belongs to the family from 14 on.
  const std::string loose = major() >= 14 ? of_family : of_g;
  const std::string make =
      "CREATE OPERATOR CLASS g FOR TYPE point USING gist AS OPERATOR 1 <<, FUNCTION 1 "
      "gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 "
      "gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal), FUNCTION 5 "
      "gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, "
      "internal), FUNCTION 7 gist_box_same(box, box, internal)";
  const std::string again = absl::StrCat("DROP OPERATOR FAMILY g USING gist CASCADE; ", make);
  ExpectChanges({
      {"DROP OPERATOR CLASS d USING hash; CREATE OPERATOR CLASS d DEFAULT FOR TYPE mood USING hash "
       "AS OPERATOR 1 ===, FUNCTION 1 hash_of(mood)",
       {"operator_class public.d USING hash structure: is_default false -> true"}},
      {make, {"+ operator_class public.g USING gist", "+ operator_family public.g USING gist"}},
      {again, {}},
      {again + ", STORAGE box", {of_g + "storage nothing -> box"}},
      {again + ", STORAGE box, OPERATOR 2 >> (point, point) FOR SEARCH",
       {loose + "operators.2 point point nothing -> operator pg_catalog.>>(point, point)"}},
      {again + ", STORAGE box, OPERATOR 2 >>, OPERATOR 15 <-> FOR ORDER BY float_ops, FUNCTION 8 "
               "gist_point_distance(internal, point, smallint, oid, internal)",
       {loose +
            "operators.15 point point nothing -> operator pg_catalog.<->(point, point) order by "
            "pg_catalog.float_ops USING btree",
        loose + "functions.8 point point nothing -> function "
                "pg_catalog.gist_point_distance(internal, point, smallint, oid, internal)"}},
      {"ALTER OPERATOR FAMILY g USING gist ADD OPERATOR 16 <-> (point, box) FOR ORDER BY float_ops",
       {of_family +
        "operators.16 point box nothing -> operator pg_catalog.<->(point, box) order by "
        "pg_catalog.float_ops USING btree"}},
      {"ALTER OPERATOR FAMILY g USING gist DROP OPERATOR 16 (point, box)",
       {of_family + "operators.16 point box operator pg_catalog.<->(point, box) order by "
                    "pg_catalog.float_ops USING btree -> nothing"}},
      {"DROP OPERATOR FAMILY g USING gist CASCADE",
       {"- operator_class public.g USING gist", "- operator_family public.g USING gist"}},
  });
}

TEST_P(OperatorChanges, OfTheRestByEachClause) {
  Run("CREATE SCHEMA app");
  const std::string structure = "collation public.i structure: ";
  ExpectChanges({
      {"CREATE COLLATION c FROM \"C\"", {"+ collation public.c"}},
      {"CREATE COLLATION IF NOT EXISTS c FROM \"POSIX\"", {}},
      {"CREATE COLLATION i (provider = icu, locale = 'und')", {"+ collation public.i"}},
      {"DROP COLLATION i; CREATE COLLATION i (provider = icu, locale = 'de')",
       {structure + "locale und -> de"}},
      {"DROP COLLATION i; CREATE COLLATION i (provider = icu, locale = 'de', deterministic = "
       "false)",
       {structure + "nondeterministic false -> true"}},
      {"DROP COLLATION i; CREATE COLLATION i (provider = icu, locale = 'de', deterministic = "
       "false, rules = '&a < g')",
       {structure + "icu_rules nothing -> &a < g"},
       16},
      {"CREATE LANGUAGE l HANDLER plpgsql_call_handler", {"+ language l"}},
      {"CREATE OR REPLACE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler",
       {"language l structure: trusted false -> true"}},
      {"CREATE OR REPLACE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler INLINE "
       "plpgsql_inline_handler",
       {"language l structure: inline_handler nothing -> "
        "pg_catalog.plpgsql_inline_handler(internal)"}},
      {"CREATE OR REPLACE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler INLINE "
       "plpgsql_inline_handler VALIDATOR plpgsql_validator",
       {"language l structure: validator nothing -> pg_catalog.plpgsql_validator(oid)"}},
      {"CREATE CAST (int AS point) WITH INOUT", {"+ cast integer AS point"}},
      {"DROP CAST (int AS point); CREATE CAST (int AS point) WITH INOUT AS IMPLICIT",
       {"cast integer AS point structure: context explicit -> implicit"}},
      {"CREATE CAST (oid AS real) WITHOUT FUNCTION", {"+ cast oid AS real"}},
  });
}

}  // namespace
}  // namespace varve::testing
