// Casts.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Casts : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Casts);

constexpr const char* kPlace =
    "CREATE TYPE place AS (street text);"
    "CREATE FUNCTION written(place) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''x''';";

v1::CastStructure CastOf(const Gathered& gathered, const std::string& source,
                         const std::string& target) {
  return gathered.Shape({"cast", {source, target}}, v1::FACET_STRUCTURE).cast();
}

TEST_P(Casts, SayHowAndWhere) {
  Run(absl::StrCat(kPlace,
                   "CREATE CAST (place AS text) WITH FUNCTION written(place) AS ASSIGNMENT;"
                   "CREATE CAST (json AS bytea) WITHOUT FUNCTION;"
                   "CREATE CAST (varchar AS place) WITH INOUT AS IMPLICIT;"
                   "CREATE CAST (int AS inet) WITH INOUT"));
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("cast"), ElementsAre("character varying.public.place", "integer.inet",
                                                  "json.bytea", "public.place.text"));
  const v1::CastStructure written = CastOf(gathered, "public.place", "text");
  EXPECT_EQ(TypeText(written.source()), "public.place");
  EXPECT_EQ(written.source().type().kind(), "composite_type");
  EXPECT_EQ(TypeText(written.target()), "text");
  EXPECT_EQ(written.method(), "function");
  EXPECT_EQ(DisplayName(KeyOf(written.function())), "public.written(public.place)");
  EXPECT_EQ(written.context(), "assignment");
  const v1::CastStructure bytes = CastOf(gathered, "json", "bytea");
  EXPECT_EQ(bytes.method(), "binary");
  EXPECT_FALSE(bytes.has_function());
  EXPECT_EQ(bytes.context(), "explicit");
  const v1::CastStructure read = CastOf(gathered, "character varying", "public.place");
  EXPECT_EQ(read.method(), "inout");
  EXPECT_EQ(read.context(), "implicit");
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

// A range comes with constructors and, since 14, with a cast to its multirange: neither can be made
// or dropped without it.
TEST_P(Casts, AndFunctionsThatTheServerMadeForATypeAreThatTypes) {
  Run("CREATE TYPE span AS RANGE (subtype = int)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("cast"), IsEmpty());
  EXPECT_THAT(gathered.Names("function"), IsEmpty());
}

TEST_P(Casts, ChangeByOnePropertyAtATime) {
  Run(absl::StrCat(kPlace,
                   "CREATE CAST (place AS text) WITH FUNCTION written(place);"
                   "CREATE FUNCTION shown(place) RETURNS text LANGUAGE sql AS 'SELECT ''x''';"));
  const std::string cast = "cast public.place AS text";
  const auto again = [](const std::string& how) {
    return absl::StrCat("DROP CAST (place AS text); CREATE CAST (place AS text) ", how);
  };
  ExpectChanges({
      {again("WITH FUNCTION written(place)"), {}},
      {again("WITH FUNCTION written(place) AS ASSIGNMENT"),
       {cast + " structure: context explicit -> assignment"}},
      {again("WITH FUNCTION shown(place) AS ASSIGNMENT"),
       {cast + " structure: function public.written(public.place) -> public.shown(public.place)"}},
      {"ALTER FUNCTION shown(place) RENAME TO told",
       {"renamed function public.told(public.place) was public.shown(public.place)",
        "follows: " + cast + " structure"}},
      {"COMMENT ON CAST (place AS text) IS 'one line'",
       {cast + " docs: comment nothing -> one line"}},
      {again("WITH INOUT AS ASSIGNMENT; COMMENT ON CAST (place AS text) IS 'one line'"),
       {cast + " structure: method function -> inout",
        cast + " structure: function public.told(public.place) -> nothing"}},
      {"CREATE CAST (text AS place) WITH INOUT", {"+ cast text AS public.place"}},
      {"DROP CAST (place AS text)", {"- " + cast}},
  });
}

TEST_P(Casts, AreRenamedWithTheirTypes) {
  Run(absl::StrCat(kPlace, "CREATE SCHEMA app; CREATE CAST (place AS text) WITH INOUT"));
  const Gathered before = Gather();
  Run("ALTER TYPE place SET SCHEMA app");
  EXPECT_THAT(Differences(before, Gather()),
              Contains("renamed cast app.place AS text was public.place AS text"));
}

// "integer" is no schema's name there, though a schema may be called so.
TEST_P(Casts, HaveNothingOfASchemaThatIsCalledLikeAType) {
  Run("CREATE SCHEMA integer; CREATE CAST (int AS inet) WITH INOUT");
  ExpectChanges(
      {{"ALTER SCHEMA integer RENAME TO numbers", {"renamed schema numbers was integer"}}});
}

TEST_P(Casts, ThatMayNotBeReadCostNothingElse) {
  const std::string role = absl::StrCat("guest_of_", database());
  Run(absl::StrCat(kPlace, "CREATE CAST (place AS text) WITH INOUT; CREATE ROLE ", role,
                   " LOGIN PASSWORD '", PostgresServer::password(),
                   "'; REVOKE SELECT ON pg_catalog.pg_cast FROM PUBLIC"));
  const Gathered guests = Gather(Config(role));
  EXPECT_THAT(guests.Errors(),
              Contains(absl::StrCat("reading pg_cast | permission denied for table pg_cast (42501) "
                                    "| GRANT SELECT ON pg_catalog.pg_cast TO ",
                                    role)));
  EXPECT_EQ(guests.SightOf({"cast", {"public.place", "text"}}, v1::FACET_STRUCTURE),
            v1::SIGHT_UNSPECIFIED);
  EXPECT_EQ(
      guests.SightOf({"function", {"public", "written", "public.place"}}, v1::FACET_STRUCTURE),
      v1::SIGHT_CAPTURED);
  Run(absl::StrCat("DROP ROLE ", role));
}

}  // namespace
}  // namespace varve::testing
