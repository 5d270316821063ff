// Roles, memberships and tablespaces, in the cluster's section.
#include "absl/strings/str_cat.h"
#include "snapshot/line.h"
#include "tests/integration/postgres/cluster_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Roles : public ClusterCase {
 protected:
  static v1::RoleAccess Access(const Gathered& gathered, const std::string& role) {
    return gathered.Shape({"role", {role}}, v1::FACET_ACCESS).role();
  }
  static v1::RoleOptions Options(const Gathered& gathered, const std::string& role) {
    return gathered.Shape({"role", {role}}, v1::FACET_OPTIONS).role_options();
  }
};

TEST_P(Roles, AreWhatPgRolesShows) {
  CreateRole("clerks");
  CreateRole("ann",
             "LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS CONNECTION LIMIT 5 "
             "VALID UNTIL '2040-02-03 04:05:06+00' PASSWORD 's3cret-password'");
  Run("GRANT clerks TO ann WITH ADMIN OPTION");
  Run("ALTER ROLE ann SET work_mem = '8MB'");
  Run("COMMENT ON ROLE ann IS 'the first clerk'");
  const Gathered gathered = GatherCluster();

  const v1::RoleAccess access = Access(gathered, "ann");
  EXPECT_FALSE(access.superuser());
  EXPECT_TRUE(access.inherit() && access.create_role() && access.create_database() &&
              access.login() && access.replication() && access.bypass_row_security());
  ASSERT_EQ(access.memberships_size(), 1);
  EXPECT_EQ(DisplayName(KeyOf(access.memberships(0).role())), "clerks");
  EXPECT_EQ(DisplayName(KeyOf(access.memberships(0).grantor())), "postgres");
  EXPECT_TRUE(access.memberships(0).admin());
  EXPECT_FALSE(access.memberships(0).no_inherit() || access.memberships(0).no_set());
  const v1::RoleOptions options = Options(gathered, "ann");
  EXPECT_EQ(options.valid_until(), "2040-02-03 04:05:06+00");
  EXPECT_EQ(options.connection_limit(), 5);
  EXPECT_THAT(NamesOf(options.settings()), ElementsAre("work_mem"));
  EXPECT_EQ(gathered.Shape({"role", {"ann"}}, v1::FACET_DOCS).docs().comment(), "the first clerk");
  EXPECT_TRUE(Access(gathered, "postgres").superuser());
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
}

TEST_P(Roles, ThoseThatTheServerBringsAreLeftOutAndMembershipsInThemShow) {
  CreateRole("watcher");
  Run("GRANT pg_monitor TO watcher");
  const Gathered gathered = GatherCluster();
  EXPECT_THAT(gathered.Names("role"), Not(Contains(StartsWith("pg_"))));
  ASSERT_EQ(Access(gathered, "watcher").memberships_size(), 1);
  EXPECT_EQ(DisplayName(KeyOf(Access(gathered, "watcher").memberships(0).role())), "pg_monitor");
}

TEST_P(Roles, EachChangeIsOneDifference) {
  Undo("DROP ROLE IF EXISTS ann");
  Undo("DROP ROLE IF EXISTS bob");
  ExpectClusterChanges({
      {"CREATE ROLE ann", {"+ role ann"}},
      {"ALTER ROLE ann LOGIN", {"role ann access: login false -> true"}},
      {"ALTER ROLE ann SUPERUSER", {"role ann access: superuser false -> true"}},
      {"ALTER ROLE ann NOINHERIT", {"role ann access: inherit true -> false"}},
      {"ALTER ROLE ann CREATEROLE", {"role ann access: create_role false -> true"}},
      {"ALTER ROLE ann CREATEDB", {"role ann access: create_database false -> true"}},
      {"ALTER ROLE ann REPLICATION", {"role ann access: replication false -> true"}},
      {"ALTER ROLE ann BYPASSRLS", {"role ann access: bypass_row_security false -> true"}},
      {"ALTER ROLE ann CONNECTION LIMIT 3", {"role ann options: connection_limit -1 -> 3"}},
      {"ALTER ROLE ann VALID UNTIL '2040-01-01 00:00:00+00'",
       {"role ann options: valid_until nothing -> 2040-01-01 00:00:00+00"}},
      {"ALTER ROLE ann VALID UNTIL 'infinity'",
       {"role ann options: valid_until 2040-01-01 00:00:00+00 -> infinity"}},
      {"ALTER ROLE ann SET work_mem = '8MB'",
       {"role ann options: settings.work_mem nothing -> value 8MB"}},
      {"ALTER ROLE ann SET work_mem = '9MB'",
       {"role ann options: settings.work_mem.value 8MB -> 9MB"}},
      {"ALTER ROLE ann PASSWORD 'another'", {}},
      {"COMMENT ON ROLE ann IS 'a clerk'", {"role ann docs: comment nothing -> a clerk"}},
      {"ALTER ROLE ann RENAME TO bob", {"renamed role bob was ann"}},
      {"ALTER ROLE bob RENAME TO ann", {"renamed role ann was bob"}},
      {"DROP ROLE ann", {"- role ann"}},
  });
}

TEST_P(Roles, ASettingOfADatabaseIsNotTheRoles) {
  CreateRole("ann");
  ExpectClusterChanges(
      {{absl::StrCat("ALTER ROLE ann IN DATABASE ", database(), " SET work_mem = '8MB'"), {}}});
}

TEST_P(Roles, EachChangeOfAMembershipIsOneDifference) {
  CreateRole("clerks");
  CreateRole("ann");
  ExpectClusterChanges({
      {"GRANT clerks TO ann",
       {"role ann access: memberships.clerks postgres nothing -> role clerks grantor postgres"}},
      {"GRANT clerks TO ann WITH ADMIN OPTION",
       {"role ann access: memberships.clerks postgres.admin false -> true"}},
      {"REVOKE ADMIN OPTION FOR clerks FROM ann",
       {"role ann access: memberships.clerks postgres.admin true -> false"}},
      {"GRANT clerks TO ann WITH INHERIT FALSE",
       {"role ann access: memberships.clerks postgres.no_inherit false -> true"},
       16},
      {"GRANT clerks TO ann WITH SET FALSE",
       {"role ann access: memberships.clerks postgres.no_set false -> true"},
       16},
      {"GRANT clerks TO ann WITH INHERIT TRUE, SET TRUE",
       {"role ann access: memberships.clerks postgres.no_inherit true -> false",
        "role ann access: memberships.clerks postgres.no_set true -> false"},
       16},
      {"REVOKE clerks FROM ann",
       {"role ann access: memberships.clerks postgres role clerks grantor postgres -> nothing"}},
  });
}

TEST_P(Roles, SeveralMayGrantOneMembership) {
  CreateRole("clerks");
  CreateRole("chief");
  CreateRole("ann");
  Run("GRANT clerks TO chief WITH ADMIN OPTION");
  Run("GRANT clerks TO ann");
  ExpectClusterChanges(
      {{"GRANT clerks TO ann GRANTED BY chief",
        {"role ann access: memberships.clerks chief nothing -> role clerks grantor chief"},
        16}});
}

TEST_P(Roles, AMembershipFollowsTheRoleThatIsRenamed) {
  CreateRole("clerks");
  CreateRole("ann");
  Run("GRANT clerks TO ann");
  Undo("DROP ROLE IF EXISTS sellers");
  ExpectClusterChanges({{"ALTER ROLE clerks RENAME TO sellers",
                         {"renamed role sellers was clerks", "follows: role ann access"}}});
}

TEST_P(Roles, SecretsInSettingsStayAndTheirChangeShows) {
  CreateRole("ann");
  Run("ALTER ROLE ann SET app.api_token = 's3cret-one'");
  const Gathered before = GatherCluster();
  EXPECT_THAT(before.Mentioning("s3cret"), IsEmpty());
  Run("ALTER ROLE ann SET app.api_token = 's3cret-two'");
  const Gathered after = GatherCluster();
  EXPECT_THAT(after.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(Differences(before, after), ElementsAre("role ann options: masked part changed"));
}

VARVE_ON_EVERY_POSTGRES(Roles);

class Tablespaces : public ClusterCase {};

TEST_P(Tablespaces, EachChangeIsOneDifference) {
  CreateRole("keeper");
  Undo("DROP TABLESPACE IF EXISTS fast");
  EXPECT_THAT(GatherCluster().Names("tablespace"), IsEmpty());
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("SET allow_in_place_tablespaces = on"));
  VARVE_ASSERT_OK(session->Run("CREATE TABLESPACE fast LOCATION ''"));
  const Gathered gathered = GatherCluster();
  EXPECT_THAT(gathered.Names("tablespace"), ElementsAre("fast"));
  EXPECT_THAT(
      gathered.Shape({"tablespace", {"fast"}}, v1::FACET_OPTIONS).tablespace_options().location(),
      StartsWith("pg_tblspc/"));
  ExpectClusterChanges({
      {"ALTER TABLESPACE fast SET (random_page_cost = 1.1)",
       {"tablespace fast structure: options.random_page_cost nothing -> value 1.1"}},
      {"ALTER TABLESPACE fast SET (random_page_cost = 1.2)",
       {"tablespace fast structure: options.random_page_cost.value 1.1 -> 1.2"}},
      {"ALTER TABLESPACE fast SET (seq_page_cost = 1.1, effective_io_concurrency = 9)",
       {"tablespace fast structure: options.seq_page_cost nothing -> value 1.1",
        "tablespace fast structure: options.effective_io_concurrency nothing -> value 9"}},
      {"ALTER TABLESPACE fast SET (maintenance_io_concurrency = 8)",
       {"tablespace fast structure: options.maintenance_io_concurrency nothing -> value 8"},
       13},
      {"ALTER TABLESPACE fast RESET (seq_page_cost, effective_io_concurrency)",
       {"tablespace fast structure: options.seq_page_cost value 1.1 -> nothing",
        "tablespace fast structure: options.effective_io_concurrency value 9 -> nothing"}},
      {"GRANT CREATE ON TABLESPACE fast TO keeper",
       {"tablespace fast access: has_acl false -> true",
        "tablespace fast access: grants.keeper postgres nothing -> privileges [CREATE]",
        "tablespace fast access: grants.postgres postgres nothing -> privileges [CREATE]"}},
      {"REVOKE CREATE ON TABLESPACE fast FROM keeper",
       {"tablespace fast access: grants.keeper postgres privileges [CREATE] -> nothing"}},
      {"ALTER TABLESPACE fast OWNER TO keeper",
       {"tablespace fast access: owner postgres -> keeper",
        "tablespace fast access: grants.postgres postgres privileges [CREATE] -> nothing",
        "tablespace fast access: grants.keeper keeper nothing -> privileges [CREATE]"}},
      {"COMMENT ON TABLESPACE fast IS 'flash'", {"tablespace fast docs: comment nothing -> flash"}},
      {"ALTER TABLESPACE fast RENAME TO faster", {"renamed tablespace faster was fast"}},
      {"ALTER TABLESPACE faster RENAME TO fast", {"renamed tablespace fast was faster"}},
      {"DROP TABLESPACE fast", {"- tablespace fast"}},
  });
}

TEST_P(Tablespaces, ThoseOfEveryServerShowWhereSomethingIsSet) {
  Undo("ALTER TABLESPACE pg_default RESET (seq_page_cost)");
  ExpectClusterChanges(
      {{"ALTER TABLESPACE pg_default SET (seq_page_cost = 2)", {"+ tablespace pg_default"}},
       {"ALTER TABLESPACE pg_default RESET (seq_page_cost)", {"- tablespace pg_default"}}});
}

VARVE_ON_EVERY_POSTGRES(Tablespaces);

}  // namespace
}  // namespace varve::testing
