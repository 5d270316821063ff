// Collations of the database.
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Every server of the tests is built with ICU.
class Collations : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Collations);

EntityKey CollationKey(const std::string& name) { return {"collation", {"public", name}}; }

v1::CollationStructure CollationOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape(CollationKey(name), v1::FACET_STRUCTURE).collation();
}

TEST_P(Collations, ReadAsTheyWereMade) {
  Run("CREATE COLLATION plain (provider = libc, lc_collate = 'C', lc_ctype = 'C.UTF-8');"
      "CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk');"
      "CREATE COLLATION loose (provider = icu, locale = 'en-u-ks-level2', deterministic = false)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("collation"),
              ElementsAre("public.german", "public.loose", "public.plain"));
  const v1::CollationStructure plain = CollationOf(gathered, "plain");
  EXPECT_EQ(plain.provider(), "libc");
  EXPECT_EQ(plain.collate(), "C");
  EXPECT_EQ(plain.ctype(), "C.UTF-8");
  EXPECT_EQ(plain.locale(), "");
  EXPECT_FALSE(plain.nondeterministic());
  const v1::CollationStructure german = CollationOf(gathered, "german");
  EXPECT_EQ(german.provider(), "icu");
  EXPECT_EQ(german.locale(), "de-u-co-phonebk");  // of every version in the same place
  EXPECT_EQ(german.collate(), "");
  EXPECT_EQ(german.ctype(), "");
  EXPECT_TRUE(CollationOf(gathered, "loose").nondeterministic());
}

TEST_P(Collations, MayHaveRulesAndTheServersOwnProvider) {
  if (major() >= 16) {
    Run("CREATE COLLATION custom (provider = icu, locale = 'und', rules = '&a < g')");
    EXPECT_EQ(CollationOf(Gather(), "custom").icu_rules(), "&a < g");
  }
  if (major() >= 17) {
    Run("CREATE COLLATION own (provider = builtin, locale = 'C.UTF-8')");
    const v1::CollationStructure own = CollationOf(Gather(), "own");
    EXPECT_EQ(own.provider(), "builtin");
    EXPECT_EQ(own.locale(), "C.UTF-8");
  }
}

TEST_P(Collations, TellTheirVersionsAsState) {
  Run("CREATE COLLATION german (provider = icu, locale = 'de')");
  const auto row = Query(
                       "SELECT collversion, pg_collation_actual_version(oid) FROM pg_collation "
                       "WHERE collname = 'german'")
                       .front();
  const v1::CollationState state =
      Gather().Shape(CollationKey("german"), v1::FACET_STATE).collation_state();
  EXPECT_EQ(state.version(), row[0]);
  EXPECT_EQ(state.actual_version(), row[1]);
  ExpectChanges({
      {"UPDATE pg_collation SET collversion = '1.2' WHERE collname = 'german'",
       {absl::StrCat("collation public.german state: version ", row[0], " -> 1.2")}},
      {"ALTER COLLATION german REFRESH VERSION",
       {absl::StrCat("collation public.german state: version 1.2 -> ", row[0])}},
  });
}

TEST_P(Collations, WhoseVersionMayNotBeAskedKeepTheRest) {
  Run("CREATE COLLATION german (provider = icu, locale = 'de'); "
      "REVOKE EXECUTE ON FUNCTION pg_collation_actual_version(oid) FROM PUBLIC");
  Run(absl::StrCat("ALTER ROLE ", Role(), " LOGIN PASSWORD '", PostgresServer::password(), "'"));
  const Gathered guests = Gather(Config(Role()));
  EXPECT_THAT(guests.Errors(),
              ElementsAre(absl::StrCat(
                  "reading pg_collation_actual_version(oid) | permission denied for function "
                  "pg_collation_actual_version (42501) | GRANT EXECUTE ON FUNCTION "
                  "pg_catalog.pg_collation_actual_version(oid) TO ",
                  Role())));
  EXPECT_EQ(CollationOf(guests, "german").provider(), "icu");
  EXPECT_EQ(guests.SightOf(CollationKey("german"), v1::FACET_STATE), v1::SIGHT_UNSPECIFIED);
}

TEST_P(Collations, ChangeByOnePropertyAtATime) {
  Run("CREATE COLLATION german (provider = icu, locale = 'de'); CREATE SCHEMA app;"
      "CREATE TABLE t (word text COLLATE german)");
  ExpectChanges({
      {"COMMENT ON COLLATION german IS 'of the collation'",
       {"collation public.german docs: comment nothing -> of the collation"}},
      {absl::StrCat("ALTER COLLATION german OWNER TO ", Role()),
       {absl::StrCat("collation public.german access: owner postgres -> ", Role())}},
      {"ALTER COLLATION german RENAME TO deutsch",
       {"renamed collation public.deutsch was public.german", "follows: table public.t structure"}},
      {"ALTER COLLATION deutsch SET SCHEMA app",
       {"renamed collation app.deutsch was public.deutsch", "follows: table public.t structure"}},
      {"CREATE COLLATION plain (locale = 'C')", {"+ collation public.plain"}},
      {"DROP COLLATION plain; CREATE COLLATION plain (locale = 'C')", {}},
      {"DROP COLLATION plain; CREATE COLLATION plain (lc_collate = 'C', lc_ctype = 'POSIX')",
       {"collation public.plain structure: ctype C -> POSIX"}},
      {"DROP COLLATION plain", {"- collation public.plain"}},
  });
}

TEST_P(Collations, MadeAgainSayWhatDiffers) {
  Run("CREATE COLLATION german (provider = icu, locale = 'de')");
  ExpectChanges({
      {"DROP COLLATION german; CREATE COLLATION german (provider = icu, locale = 'de-AT')",
       {"collation public.german structure: locale de -> de-AT"}},
      {"DROP COLLATION german; CREATE COLLATION german (provider = icu, locale = 'de-AT',"
       "  deterministic = false)",
       {"collation public.german structure: nondeterministic false -> true"}},
  });
}

TEST_P(Collations, KeepTheirSecretsToThemselves) {
  Run("CREATE COLLATION plain (locale = 'C');"
      "COMMENT ON COLLATION plain IS 'log in with password=s3cret'");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

class Conversions : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Conversions);

TEST_P(Conversions, ReadAsTheyWereMade) {
  Run("CREATE CONVERSION narrow FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;"
      "CREATE DEFAULT CONVERSION wide FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("conversion"), ElementsAre("public.narrow", "public.wide"));
  const v1::ConversionStructure narrow =
      gathered.Shape({"conversion", {"public", "narrow"}}, v1::FACET_STRUCTURE).conversion();
  EXPECT_EQ(narrow.source_encoding(), "UTF8");
  EXPECT_EQ(narrow.target_encoding(), "LATIN1");
  EXPECT_EQ(
      DisplayName(KeyOf(narrow.function())),
      absl::StrCat("pg_catalog.utf8_to_iso8859_1(integer, integer, cstring, internal, integer",
                   major() >= 14 ? ", boolean)" : ")"));
  EXPECT_FALSE(narrow.is_default());
  EXPECT_TRUE(gathered.Shape({"conversion", {"public", "wide"}}, v1::FACET_STRUCTURE)
                  .conversion()
                  .is_default());
}

TEST_P(Conversions, ChangeByOnePropertyAtATime) {
  Run("CREATE CONVERSION narrow FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; CREATE SCHEMA app");
  ExpectChanges({
      {"COMMENT ON CONVERSION narrow IS 'of the conversion'",
       {"conversion public.narrow docs: comment nothing -> of the conversion"}},
      {absl::StrCat("ALTER CONVERSION narrow OWNER TO ", Role()),
       {absl::StrCat("conversion public.narrow access: owner postgres -> ", Role())}},
      {"ALTER CONVERSION narrow RENAME TO tight",
       {"renamed conversion public.tight was public.narrow"}},
      {"ALTER CONVERSION tight SET SCHEMA app", {"renamed conversion app.tight was public.tight"}},
      {"CREATE CONVERSION wide FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
       {"+ conversion public.wide"}},
      {"DROP CONVERSION wide; CREATE CONVERSION wide FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
       {}},
      {"DROP CONVERSION wide; "
       "CREATE DEFAULT CONVERSION wide FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
       {"conversion public.wide structure: is_default false -> true"}},
      {"DROP CONVERSION wide", {"- conversion public.wide"}},
  });
}

TEST_P(Conversions, SayWhatTheyConvertAndHow) {
  Run("CREATE CONVERSION c FOR 'UTF8' TO 'LATIN2' FROM utf8_to_iso8859");
  const Gathered before = Gather();
  Run("DROP CONVERSION c; CREATE CONVERSION c FOR 'UTF8' TO 'LATIN3' FROM utf8_to_iso8859");
  EXPECT_THAT(Differences(before, Gather()),
              ElementsAre("conversion public.c structure: target_encoding LATIN2 -> LATIN3"));
}

TEST_P(Conversions, KeepTheirSecretsToThemselves) {
  Run("CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;"
      "COMMENT ON CONVERSION c IS 'log in with password=s3cret'");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
