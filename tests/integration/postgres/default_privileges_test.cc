// Privileges that objects will be made with.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DefaultPrivileges : public OwnedCase {};
VARVE_ON_EVERY_POSTGRES(DefaultPrivileges);

TEST_P(DefaultPrivileges, AreThoseThatTheCatalogLists) {
  Run("CREATE SCHEMA app;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;"
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE ON SEQUENCES TO PUBLIC;"
      "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
      "ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;"
      "ALTER DEFAULT PRIVILEGES GRANT CREATE ON SCHEMAS TO PUBLIC");
  if (major() >= 18) Run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO PUBLIC");
  const Gathered gathered = Gather();
  std::vector<std::string> names = {"postgres..function", "postgres..schema", "postgres..type",
                                    "postgres.app.sequence", "postgres.app.table"};
  if (major() >= 18) names.insert(names.begin() + 1, "postgres..large object");
  EXPECT_EQ(gathered.Names("default_privileges"), names);
  const v1::Access tables =
      gathered.Shape({"default_privileges", {"postgres", "app", "table"}}, v1::FACET_ACCESS)
          .access();
  EXPECT_TRUE(tables.has_acl());
  EXPECT_EQ(tables.owner(), "");
  ASSERT_EQ(tables.grants_size(), 1);
  EXPECT_EQ(tables.grants(0).grantee(), "public");
  EXPECT_EQ(tables.grants(0).grantor(), "postgres");
  EXPECT_THAT(tables.grants(0).privileges(), ElementsAre("SELECT"));
}

TEST_P(DefaultPrivileges, AreSeenByWhoMayOnlyConnect) {
  Run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Names("default_privileges"), ElementsAre("postgres..table"));
}

TEST_P(DefaultPrivileges, AreUnseenWhereRolesHaveNoNames) {
  Run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;"
      "REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC");
  EXPECT_THAT(Gather(Config(Guest())).Names("default_privileges"), IsEmpty());
}

TEST_P(DefaultPrivileges, ChangeByOnePropertyAtATime) {
  Run("CREATE SCHEMA app; CREATE SCHEMA postgres");
  const std::string tables = "default_privileges table by postgres in app";
  ExpectChanges({
      {"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC", {"+ " + tables}},
      {"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO PUBLIC",
       {tables + " access: grants.public postgres.privileges [SELECT] -> [INSERT, SELECT]"}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO ", Guest()),
       {absl::StrCat(tables, " access: grants.", Guest(),
                     " postgres nothing -> privileges [SELECT]")}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES FOR ROLE ", Guest(),
                    " GRANT EXECUTE ON FUNCTIONS TO ", Owner()),
       {absl::StrCat("+ default_privileges function by ", Guest())}},
      {absl::StrCat("ALTER DEFAULT PRIVILEGES FOR ROLE ", Guest(),
                    " REVOKE EXECUTE ON FUNCTIONS FROM ", Owner()),
       {absl::StrCat("- default_privileges function by ", Guest())}},
      // A schema of a role's name is not the role.
      {"ALTER SCHEMA postgres RENAME TO pg", {"renamed schema pg was postgres"}},
      {"ALTER SCHEMA app RENAME TO area",
       {"renamed schema area was app",
        "renamed default_privileges table by postgres in area was table by postgres in app"}},
      {"DROP SCHEMA area CASCADE",
       {"- schema area", "- default_privileges table by postgres in area"}},
  });
}

}  // namespace
}  // namespace varve::testing
