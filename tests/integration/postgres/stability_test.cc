// Reading twice is no change, whatever the settings of role, database and session say.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Stability : public PostgresCase {
 protected:
  void LoadAll() const {
    Run("CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('good', 'bad');"
        "CREATE TABLE app.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        "  at timestamptz DEFAULT '2026-03-01 12:00+02', during interval DEFAULT '1 day 2 hours',"
        "  ratio float8 DEFAULT 0.1, price money DEFAULT '1.50', mood app.mood DEFAULT 'good',"
        "  raw bytea DEFAULT '\\x00ff', doc xml, \"Odd\" text DEFAULT E'back\\\\slash',"
        "  CHECK (at > '2026-01-01 00:00+00'));"
        "CREATE INDEX t_i ON app.t (lower(\"Odd\")) WHERE mood = 'good';"
        "CREATE VIEW app.v AS SELECT at + interval '1 day' AS later, mood::text FROM app.t;"
        "CREATE TABLE app.parts (at timestamptz) PARTITION BY RANGE (at);"
        "CREATE TABLE app.part PARTITION OF app.parts"
        "  FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');"
        "CREATE FUNCTION app.f(a app.mood, b timestamptz DEFAULT '2026-03-01 12:00+02')"
        "  RETURNS int LANGUAGE sql AS 'SELECT 1'");
  }
};
VARVE_ON_EVERY_POSTGRES(Stability);

void ExpectSame(const Gathered& before, const Gathered& after) {
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_EQ(before.section().header.manifest_hash(), after.section().header.manifest_hash());
  EXPECT_EQ(before.section().header.coverage_hash(), after.section().header.coverage_hash());
  ASSERT_EQ(before.section().header.fingerprints_size(),
            after.section().header.fingerprints_size());
  for (int i = 0; i < before.section().header.fingerprints_size(); ++i) {
    EXPECT_EQ(before.section().header.fingerprints(i).hash(),
              after.section().header.fingerprints(i).hash());
  }
}

TEST_P(Stability, HoldsForAReadAfterTheOther) {
  LoadAll();
  const Gathered before = Gather();
  EXPECT_GT(before.section().header.fingerprints_size(), 3);
  ExpectSame(before, Gather());
}

TEST_P(Stability, HoldsWhateverTheDatabasesSettingsAre) {
  LoadAll();
  const Gathered before = Gather();
  for (const char* const setting :
       {"search_path = app, public", "DateStyle = 'SQL, DMY'", "IntervalStyle = 'iso_8601'",
        "TimeZone = 'Asia/Kathmandu'", "extra_float_digits = -3", "bytea_output = 'escape'",
        "quote_all_identifiers = on", "standard_conforming_strings = off", "xmlbinary = 'hex'",
        "client_encoding = 'LATIN1'", "row_security = off",
        "default_transaction_isolation = 'serializable'", "default_transaction_deferrable = on",
        "backslash_quote = off", "array_nulls = off", "default_transaction_read_only = on"}) {
    Run(absl::StrCat("ALTER DATABASE ", database(), " SET ", setting));
  }
  // The settings themselves are facts of the database, and all that is another.
  const Gathered after = Gather();
  EXPECT_THAT(Differences(before, after), Each(StartsWith("database database options: settings.")));
  EXPECT_EQ(before.section().header.coverage_hash(), after.section().header.coverage_hash());
  EXPECT_THAT(after.Errors(), IsEmpty());
}

TEST_P(Stability, HoldsForACopyOfTheDatabase) {
  LoadAll();
  const Gathered before = Gather();
  const std::string copy = database() + "_copy";
  VARVE_ASSERT_OK(
      server().Run("postgres", absl::StrCat("CREATE DATABASE ", copy, " TEMPLATE ", database())));
  PostgresConfig config = Config();
  config.connection = server().Connection(copy);
  const Gathered after = Gather(config);
  for (int i = 0; i < before.section().header.fingerprints_size(); ++i) {
    EXPECT_EQ(before.section().header.fingerprints(i).hash(),
              after.section().header.fingerprints(i).hash());
  }
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", copy)));
}

TEST_P(Stability, HoldsForTheSameStatementsInAnotherDatabase) {
  LoadAll();
  const Gathered before = Gather();
  Run("DROP SCHEMA app CASCADE; CREATE TABLE public.gone (id int); DROP TABLE public.gone");
  LoadAll();
  const Gathered after = Gather();
  for (int i = 0; i < before.section().header.fingerprints_size(); ++i) {
    EXPECT_EQ(before.section().header.fingerprints(i).hash(),
              after.section().header.fingerprints(i).hash());
  }
}

}  // namespace
}  // namespace varve::testing
