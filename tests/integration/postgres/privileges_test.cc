// Roles that may do no more than connect; catalogs that are denied.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

class Privileges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Privileges);

constexpr const char* kHidden =
    "CREATE SCHEMA app; REVOKE ALL ON SCHEMA app FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM "
    "PUBLIC;"
    "CREATE TABLE app.t (id serial PRIMARY KEY, n int DEFAULT 7 CHECK (n > 0),"
    "  doubled int GENERATED ALWAYS AS (n * 2) STORED);"
    "CREATE INDEX t_i ON app.t ((n + 1)) WHERE n > 3; CREATE VIEW app.v AS SELECT n FROM app.t;"
    "CREATE MATERIALIZED VIEW app.m AS SELECT n FROM app.t;"
    "CREATE TYPE app.mood AS ENUM ('good');"
    "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;"
    "CREATE TRIGGER tr BEFORE UPDATE ON app.t FOR EACH ROW WHEN (OLD.n = 1) EXECUTE FUNCTION "
    "app.f();"
    "COMMENT ON TABLE app.t IS 'hidden'; CREATE EXTENSION hstore";

TEST_P(Privileges, OfConnectAloneSeeAllOfTheSchema) {
  Run(kHidden);
  const Gathered all = Gather();
  const Gathered guests = Gather(Config(Role()));
  EXPECT_THAT(Differences(all, guests), IsEmpty());
  EXPECT_EQ(all.section().header.manifest_hash(), guests.section().header.manifest_hash());
  EXPECT_EQ(guests.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(guests.Errors(), IsEmpty());
  EXPECT_EQ(guests.view().Find({"sequence", {"app", "t_id_seq"}})->Number("last_value"),
            std::nullopt);
}

TEST_P(Privileges, ThatACatalogIsDeniedCostWhatItFeedsAlone) {
  Run(kHidden);
  Run("REVOKE SELECT ON pg_catalog.pg_trigger FROM PUBLIC");
  const Gathered before = Gather();
  const Gathered guests = Gather(Config(Role()));
  EXPECT_THAT(guests.Errors(),
              Contains(absl::StrCat("reading pg_trigger | permission denied for table pg_trigger "
                                    "(42501) | GRANT SELECT ON pg_catalog.pg_trigger TO ",
                                    Role())));
  EXPECT_EQ(guests.section().header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(guests.SightOf(TableKey("t", "app"), v1::FACET_STRUCTURE), v1::SIGHT_UNSPECIFIED);
  EXPECT_EQ(guests.SightOf(TableKey("t", "app"), v1::FACET_ACCESS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(guests.SightOf({"function", {"app", "f"}}, v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  bool said = false;
  for (const v1::CoverageEntry& entry : guests.view().coverage().entries()) {
    if (entry.kind() != "table" || entry.facet() != v1::FACET_STRUCTURE) continue;
    said = true;
    EXPECT_EQ(entry.state(), v1::SIGHT_NOT_PERMITTED);
  }
  EXPECT_TRUE(said);
}

TEST_P(Privileges, ToAskForTheClustersIdentifierAreNotNeeded) {
  Run("CREATE TABLE t (id int); REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
  const Gathered guests = Gather(Config(Role()));
  EXPECT_THAT(guests.Errors(),
              Contains(absl::StrCat("reading pg_control_system() | permission denied for function "
                                    "pg_control_system (42501) | GRANT EXECUTE ON FUNCTION "
                                    "pg_catalog.pg_control_system() TO ",
                                    Role())));
  EXPECT_EQ(guests.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
