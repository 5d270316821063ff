// Enums and extensions; the database and its schemas.
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Types : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Types);

TEST_P(Types, OfLabelsKeepTheirOrder) {
  Run("CREATE TYPE mood AS ENUM ('good', 'it''s', '\"x\"', 'bad');"
      "ALTER TYPE mood ADD VALUE 'best' BEFORE 'good'");
  const auto labels =
      Gather().Shape({"enum", {"public", "mood"}}, v1::FACET_STRUCTURE).enumeration().labels();
  EXPECT_THAT(labels, ElementsAreArray(Ask("SELECT unnest(enum_range(NULL::mood))::text")));
}

TEST_P(Types, OfLabelsChangeByOnePropertyAtATime) {
  Run("CREATE TYPE mood AS ENUM ('good', 'bad')");
  ExpectChanges({
      {"ALTER TYPE mood ADD VALUE 'ugly'",
       {"enum public.mood structure: labels [good, bad] -> [good, bad, ugly]"}},
      {"ALTER TYPE mood RENAME VALUE 'bad' TO 'poor'",
       {"enum public.mood structure: labels [good, bad, ugly] -> [good, poor, ugly]"}},
      {"ALTER TYPE mood RENAME TO feeling", {"renamed enum public.feeling was public.mood"}},
      {"DROP TYPE feeling", {"- enum public.feeling"}},
  });
}

class Extensions : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Extensions);

TEST_P(Extensions, ReadAsTheCatalogListsThem) {
  Run("CREATE SCHEMA contrib; CREATE EXTENSION hstore SCHEMA contrib");
  const Gathered gathered = Gather();
  for (const auto& row : Query("SELECT extname, extversion, nspname FROM pg_extension JOIN "
                               "pg_namespace n ON n.oid = extnamespace")) {
    const v1::ExtensionStructure extension =
        gathered.Shape({"extension", {row[0]}}, v1::FACET_STRUCTURE).extension();
    EXPECT_EQ(extension.version(), row[1]);
    EXPECT_EQ(extension.schema(), row[2]);
  }
  EXPECT_THAT(gathered.Names("extension"), ElementsAre("hstore", "plpgsql"));
}

TEST_P(Extensions, CountTheirMembersAndKeepThemOut) {
  Run("CREATE EXTENSION hstore");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("function"), IsEmpty());
  bool said = false;
  for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
    if (entry.kind() != "function" || entry.state() != v1::SIGHT_EXCLUDED) continue;
    said = true;
    EXPECT_EQ(std::to_string(entry.count()),
              Ask("SELECT count(*) FROM pg_depend WHERE deptype = 'e' AND classid = "
                  "'pg_proc'::regclass AND objid > 16384")
                  .front());
  }
  EXPECT_TRUE(said);
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(Extensions, ChangeByOnePropertyAtATime) {
  Run("CREATE EXTENSION hstore VERSION '1.4'");
  ExpectChanges({
      {"ALTER EXTENSION hstore UPDATE TO '1.5'",
       {"extension hstore structure: version 1.4 -> 1.5"}},
      {"DROP EXTENSION hstore", {"- extension hstore"}},
  });
}

TEST_P(Extensions, ThatMoveTakeTheirMembersAlong) {
  Run("CREATE SCHEMA contrib; CREATE EXTENSION hstore");
  const Gathered before = Gather();
  Run("ALTER EXTENSION hstore SET SCHEMA contrib");
  const std::vector<std::string> lines = Differences(before, Gather());
  EXPECT_THAT(lines, Contains("extension hstore structure: schema public -> contrib"));
  EXPECT_THAT(lines, Contains("extension hstore structure: members.base_type contrib.hstore "
                              "nothing -> contrib.hstore"));
  EXPECT_THAT(lines, Each(StartsWith("extension hstore structure: ")));
}

class Database : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Database);

TEST_P(Database, ReadsAsTheCatalogListsIt) {
  const Gathered gathered = Gather();
  const v1::DatabaseStructure database =
      gathered.Shape({"database", {"database"}}, v1::FACET_STRUCTURE).database();
  const auto row = Query(
                       "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM "
                       "pg_database WHERE datname = current_database()")
                       .front();
  EXPECT_EQ(database.encoding(), row[0]);
  EXPECT_EQ(database.collate(), row[1]);
  EXPECT_EQ(database.ctype(), row[2]);
  EXPECT_EQ(database.locale_provider(), "libc");
}

TEST_P(Database, ThatIsEmptyHasThePublicSchemaAndPlpgsqlAlone) {
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("schema"), ElementsAre("public"));
  EXPECT_THAT(gathered.Names("extension"), ElementsAre("plpgsql"));
  for (const char* const kind :
       {"table", "view", "materialized_view", "function", "sequence", "enum"}) {
    EXPECT_THAT(gathered.Names(kind), IsEmpty()) << kind;
  }
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

TEST_P(Database, HasTheSchemasThatTheCatalogLists) {
  Run("CREATE SCHEMA app; CREATE SCHEMA \"Odd.Name\"");
  EXPECT_THAT(Gather().Names("schema"),
              ElementsAreArray(Ask("SELECT nspname COLLATE \"C\" FROM pg_namespace WHERE nspname "
                                   "!~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1")));
}

TEST_P(Database, RenamesItsSchemasWithAllThatIsInThem) {
  Run("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
  const Gathered before = Gather();
  Run("ALTER SCHEMA app RENAME TO shop");
  EXPECT_THAT(Differences(before, Gather()), Contains("renamed schema shop was app"));
}

}  // namespace
}  // namespace varve::testing
