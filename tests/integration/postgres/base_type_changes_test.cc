// Single changes of base types: each clause of CREATE TYPE, and of ALTER TYPE … SET.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class BaseTypeChanges : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(BaseTypeChanges);

// The functions of a type, which are the server's own under names of the database: no C is needed.
constexpr const char* kFunctions =
    "SET client_min_messages = warning; CREATE TYPE note;"
    "CREATE FUNCTION note_in(cstring) RETURNS note LANGUAGE internal STRICT IMMUTABLE AS 'textin';"
    "CREATE FUNCTION note_out(note) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS "
    "'textout';"
    "CREATE FUNCTION note_recv(internal) RETURNS note LANGUAGE internal STRICT IMMUTABLE AS "
    "'textrecv';"
    "CREATE FUNCTION note_send(note) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS "
    "'textsend';";

std::string Made(const std::string& clauses) {
  return absl::StrCat(kFunctions, "CREATE TYPE note (INPUT = note_in, OUTPUT = note_out", clauses,
                      ")");
}

TEST_P(BaseTypeChanges, ByEachClause) {
  Run(Made(""));
  const std::string structure = "base_type public.note structure: ";
  const auto again = [](const std::string& clauses) {
    return absl::StrCat("SET client_min_messages = warning; DROP TYPE note CASCADE; ",
                        Made(clauses));
  };
  ExpectChanges({
      {again(""), {}},
      {again(", LIKE = text"), {structure + "storage plain -> extended"}},
      {again(", INTERNALLENGTH = 8"),
       {structure + "length -1 -> 8", structure + "storage extended -> plain"}},
      {again(", INTERNALLENGTH = 8, ALIGNMENT = double"), {structure + "alignment int4 -> double"}},
      {again(", INTERNALLENGTH = 8, ALIGNMENT = double, PASSEDBYVALUE"),
       {structure + "by_value false -> true"}},
      {again(", INTERNALLENGTH = VARIABLE, ALIGNMENT = double"),
       {structure + "length 8 -> -1", structure + "by_value true -> false"}},
      {again(", STORAGE = external"),
       {structure + "alignment double -> int4", structure + "storage plain -> external"}},
      {again(", STORAGE = extended"), {structure + "storage external -> extended"}},
      {again(", STORAGE = main"), {structure + "storage extended -> main"}},
      {again(", STORAGE = plain"), {structure + "storage main -> plain"}},
      {again(", CATEGORY = 'S'"), {structure + "category U -> S"}},
      {again(", CATEGORY = 'S', PREFERRED = true"), {structure + "preferred false -> true"}},
      {again(", DEFAULT = 'x'"),
       {structure + "category S -> U", structure + "preferred true -> false",
        structure + "default_value nothing -> x"}},
      {again(", DEFAULT = 'y'"), {structure + "default_value x -> y"}},
      {again(", DELIMITER = ';'"),
       {structure + "default_value y -> nothing", structure + "delimiter , -> ;"}},
      {again(", COLLATABLE = true"),
       {structure + "delimiter ; -> ,", structure + "collatable false -> true"}},
      {again(", RECEIVE = note_recv"),
       {structure + "receive nothing -> public.note_recv(internal)",
        structure + "collatable true -> false"}},
      {again(", RECEIVE = note_recv, SEND = note_send"),
       {structure + "send nothing -> public.note_send(public.note)"}},
      {again(", TYPMOD_IN = varchartypmodin"),
       {structure + "receive public.note_recv(internal) -> nothing",
        structure + "send public.note_send(public.note) -> nothing",
        structure + "typmod_in nothing -> pg_catalog.varchartypmodin(cstring[])"}},
      {again(", TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout"),
       {structure + "typmod_out nothing -> pg_catalog.varchartypmodout(integer)"}},
      {again(", ANALYZE = array_typanalyze"),
       {structure + "typmod_in pg_catalog.varchartypmodin(cstring[]) -> nothing",
        structure + "typmod_out pg_catalog.varchartypmodout(integer) -> nothing",
        structure + "analyze nothing -> pg_catalog.array_typanalyze(internal)"}},
      {again(""), {structure + "analyze pg_catalog.array_typanalyze(internal) -> nothing"}},
      {again(", ELEMENT = float4"), {structure + "element nothing -> real"}, 0, 14},
      {again(", ELEMENT = float4, SUBSCRIPT = raw_array_subscript_handler"),
       {structure + "subscript nothing -> pg_catalog.raw_array_subscript_handler(internal)",
        structure + "element nothing -> real"},
       14},
  });
}

TEST_P(BaseTypeChanges, ByWhatIsSet) {
  if (major() < 13) GTEST_SKIP() << "ALTER TYPE … SET is of 13 and newer";
  Run(absl::StrCat("CREATE SCHEMA app;", Made(", STORAGE = extended")));
  const std::string structure = "base_type public.note structure: ";
  ExpectChanges({
      {"ALTER TYPE note SET (SEND = note_send, RECEIVE = note_recv)",
       {structure + "receive nothing -> public.note_recv(internal)",
        structure + "send nothing -> public.note_send(public.note)"}},
      {"ALTER TYPE note SET (SEND = NONE, RECEIVE = NONE)",
       {structure + "receive public.note_recv(internal) -> nothing",
        structure + "send public.note_send(public.note) -> nothing"}},
      {"ALTER TYPE note SET (TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout, ANALYZE = "
       "array_typanalyze)",
       {structure + "typmod_in nothing -> pg_catalog.varchartypmodin(cstring[])",
        structure + "typmod_out nothing -> pg_catalog.varchartypmodout(integer)",
        structure + "analyze nothing -> pg_catalog.array_typanalyze(internal)"}},
      {"ALTER TYPE note SET (TYPMOD_IN = NONE, TYPMOD_OUT = NONE, ANALYZE = NONE)",
       {structure + "typmod_in pg_catalog.varchartypmodin(cstring[]) -> nothing",
        structure + "typmod_out pg_catalog.varchartypmodout(integer) -> nothing",
        structure + "analyze pg_catalog.array_typanalyze(internal) -> nothing"}},
      {"ALTER TYPE note SET (SUBSCRIPT = raw_array_subscript_handler)",
       {structure + "subscript nothing -> pg_catalog.raw_array_subscript_handler(internal)"},
       14},
      {"ALTER TYPE note SET (SUBSCRIPT = NONE)",
       {structure + "subscript pg_catalog.raw_array_subscript_handler(internal) -> nothing"},
       14},
      {"ALTER TYPE note SET (STORAGE = external)", {structure + "storage extended -> external"}},
      {"ALTER TYPE note SET (STORAGE = external)", {}},
      {"ALTER TYPE note SET SCHEMA app",
       {"renamed base_type app.note was public.note",
        "renamed function public.note_out(app.note) was public.note_out(public.note)",
        "renamed function public.note_send(app.note) was public.note_send(public.note)",
        "follows: function public.note_in(cstring) structure",
        "follows: function public.note_recv(internal) structure"}},
  });
}

}  // namespace
}  // namespace varve::testing
