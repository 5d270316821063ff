// The database itself: its locale, its settings, and what was granted on the server's own objects.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/role_case.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const EntityKey kDatabase{"database", {"database"}};

class Database : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Database);

TEST_P(Database, SaysHowItSortsAndWhatItTakes) {
  const Gathered gathered = Gather();
  const v1::DatabaseStructure structure = gathered.Shape(kDatabase, v1::FACET_STRUCTURE).database();
  EXPECT_EQ(structure.encoding(), "UTF8");
  EXPECT_EQ(structure.locale_provider(), "libc");
  EXPECT_EQ(structure.locale(), "");
  const v1::DatabaseOptions options =
      gathered.Shape(kDatabase, v1::FACET_OPTIONS).database_options();
  EXPECT_FALSE(options.has_connection_limit());
  EXPECT_TRUE(options.allow_connections());
  EXPECT_FALSE(options.is_template());
  EXPECT_EQ(options.tablespace(), "pg_default");
  EXPECT_THAT(options.settings(), IsEmpty());
  EXPECT_TRUE(gathered.view().Find(kDatabase)->Saw(v1::FACET_STATE));
  EXPECT_EQ(gathered.view().Find(kDatabase)->Number("large_objects"), 0);
}

TEST_P(Database, OfAnotherProviderNamesItsLocale) {
  if (major() < 17) GTEST_SKIP() << "the builtin provider is of 17 and newer";
  const std::string name = database() + "_builtin";
  VARVE_ASSERT_OK(server().Run("postgres", absl::StrCat("CREATE DATABASE ", name,
                                                        " TEMPLATE template0 LOCALE_PROVIDER "
                                                        "builtin BUILTIN_LOCALE 'C.UTF-8'")));
  PostgresConfig config = Config();
  config.connection = server().Connection(name);
  const Gathered gathered = Gather(config);
  VARVE_ASSERT_OK(server().Run("postgres", "DROP DATABASE " + name));
  const v1::DatabaseStructure structure = gathered.Shape(kDatabase, v1::FACET_STRUCTURE).database();
  EXPECT_EQ(structure.locale_provider(), "builtin");
  EXPECT_EQ(structure.locale(), "C.UTF-8");
  const v1::DatabaseState state = gathered.Shape(kDatabase, v1::FACET_STATE).database_state();
  EXPECT_EQ(state.collation_version(), "1");
  EXPECT_EQ(state.actual_collation_version(), "1");
}

TEST_P(Database, RecordsTheVersionOfItsCollation) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  ExpectChanges({{absl::StrCat("UPDATE pg_database SET datcollversion = '1.0' WHERE datname = '",
                               database(), "'"),
                  {"database database state: collation_version nothing -> 1.0"}}});
}

TEST_P(Database, TellsThatItsCollationWasRefreshed) {
  if (major() < 15) GTEST_SKIP() << "of 15 and newer";
  const std::string name = database() + "_icu";
  const auto run = [this](const std::string& sql) {
    VARVE_ASSERT_OK(server().Run("postgres", sql));
  };
  run(absl::StrCat("CREATE DATABASE ", name,
                   " TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER icu ICU_LOCALE 'de'"));
  run(absl::StrCat("UPDATE pg_database SET datcollversion = '1.0' WHERE datname = '", name, "'"));
  PostgresConfig config = Config();
  config.connection = server().Connection(name);
  const Gathered before = Gather(config);
  run(absl::StrCat("ALTER DATABASE ", name, " REFRESH COLLATION VERSION"));
  CountSingleChange();
  const Gathered after = Gather(config);
  run("DROP DATABASE " + name);
  const std::string version =
      after.Shape(kDatabase, v1::FACET_STATE).database_state().actual_collation_version();
  EXPECT_NE(version, "");
  EXPECT_THAT(Differences(before, after),
              ElementsAre("database database state: collation_version 1.0 -> " + version));
}

TEST_P(Database, MovesToAnotherTablespace) {
  Run("CREATE TABLE t (id int)");
  const std::string space = "space_of_" + database();
  const auto session = server().Open("postgres");
  VARVE_ASSERT_OK(session);
  VARVE_ASSERT_OK((*session)->Run("SET allow_in_place_tablespaces = on"));
  VARVE_ASSERT_OK((*session)->Run(absl::StrCat("CREATE TABLESPACE ", space, " LOCATION ''")));
  // Nobody may be in it meanwhile.
  const auto move = [&](const std::string& where) {
    VARVE_ASSERT_OK(
        (*session)->Run(absl::StrCat("ALTER DATABASE ", database(), " SET TABLESPACE ", where)));
    CountSingleChange();
  };
  const Gathered before = Gather();
  move(space);
  const Gathered there = Gather();
  move("pg_default");
  EXPECT_THAT(Differences(before, there),
              ElementsAre("database database options: tablespace pg_default -> " + space));
  EXPECT_THAT(Differences(there, Gather()),
              ElementsAre("database database options: tablespace " + space + " -> pg_default"));
  VARVE_ASSERT_OK((*session)->Run("DROP TABLESPACE " + space));
}

TEST_P(Database, ChangesByOnePropertyAtATime) {
  const std::string alter = absl::StrCat("ALTER DATABASE ", database());
  const std::string in_database =
      absl::StrCat("ALTER ROLE ", Role(), " IN DATABASE ", database(), " ");
  const std::string options = "database database options: ";
  ExpectChanges({
      {alter + " CONNECTION LIMIT 7", {options + "connection_limit nothing -> 7"}},
      {alter + " CONNECTION LIMIT -1", {options + "connection_limit 7 -> nothing"}},
      {alter + " IS_TEMPLATE true", {options + "is_template false -> true"}},
      {alter + " IS_TEMPLATE false", {options + "is_template true -> false"}},
      {alter + " SET work_mem = '5MB'", {options + "settings.work_mem nothing -> value 5MB"}},
      {alter + " SET work_mem = '6MB'", {options + "settings.work_mem.value 5MB -> 6MB"}},
      {alter + " RESET work_mem", {options + "settings.work_mem value 6MB -> nothing"}},
      {alter + " SET work_mem FROM CURRENT", {options + "settings.work_mem nothing -> value 4MB"}},
      {alter + " SET work_mem TO DEFAULT", {options + "settings.work_mem value 4MB -> nothing"}},
      {absl::StrCat("ALTER ROLE ALL IN DATABASE ", database(), " SET lock_timeout = 5"),
       {options + "settings.lock_timeout nothing -> value 5"}},
      {alter + " RESET ALL", {options + "settings.lock_timeout value 5 -> nothing"}},
      {in_database + "SET work_mem = '5MB'",
       {absl::StrCat(options, "role_settings.", Role(),
                     " nothing -> settings [work_mem value 5MB]")}},
      {in_database + "SET work_mem = '6MB'",
       {absl::StrCat(options, "role_settings.", Role(), ".settings.work_mem.value 5MB -> 6MB")}},
      {in_database + "RESET ALL",
       {absl::StrCat(options, "role_settings.", Role(),
                     " settings [work_mem value 6MB] -> nothing")}},
      {in_database + "SET search_path = app, public",
       {absl::StrCat(options, "role_settings.", Role(),
                     " nothing -> settings [search_path value app, public]")}},
      {in_database + "SET search_path TO DEFAULT",
       {absl::StrCat(options, "role_settings.", Role(),
                     " settings [search_path value app, public] -> nothing")}},
      // Those of a role everywhere are the cluster's.
      {absl::StrCat("ALTER ROLE ", Role(), " SET work_mem = '7MB'"), {}},
      {absl::StrCat(alter, " OWNER TO ", Role()),
       {absl::StrCat("database database access: owner postgres -> ", Role())}},
      {absl::StrCat("COMMENT ON DATABASE ", database(), " IS 'of the shop'"),
       {"database database docs: comment nothing -> of the shop"}},
  });
}

TEST_P(Database, ChangesByWhoMayUseIt) {
  ExpectChanges({
      {absl::StrCat("GRANT CONNECT, TEMPORARY ON DATABASE ", database(), " TO ", Role()),
       {"database database access: has_acl false -> true",
        "database database access: grants.public postgres nothing -> privileges [CONNECT, "
        "TEMPORARY]",
        "database database access: grants.postgres postgres nothing -> privileges [CONNECT, "
        "CREATE, TEMPORARY]",
        absl::StrCat("database database access: grants.", Role(),
                     " postgres nothing -> privileges [CONNECT, TEMPORARY]")}},
      {absl::StrCat("REVOKE ALL ON DATABASE ", database(), " FROM ", Role()),
       {absl::StrCat("database database access: grants.", Role(),
                     " postgres privileges [CONNECT, TEMPORARY] -> nothing")}},
      {absl::StrCat("REVOKE TEMPORARY ON DATABASE ", database(), " FROM PUBLIC"),
       {"database database access: grants.public postgres.privileges [CONNECT, TEMPORARY] -> "
        "[CONNECT]"}},
      {absl::StrCat("GRANT TEMPORARY ON DATABASE ", database(), " TO PUBLIC"),
       {"database database access: grants.public postgres.privileges [CONNECT] -> [CONNECT, "
        "TEMPORARY]"}},
  });
}

TEST_P(Database, HidesTheSecretsInItsSettings) {
  Run(absl::StrCat("ALTER DATABASE ", database(), " SET app.password = 's3cret-setting'"));
  Run(absl::StrCat("ALTER ROLE ", Role(), " IN DATABASE ", database(),
                   " SET app.api_token = 's3cret-token'"));
  const Gathered before = Gather();
  EXPECT_THAT(before.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(NamesOf(before.Shape(kDatabase, v1::FACET_OPTIONS).database_options().settings()),
              ElementsAre("app.password"));
  ExpectChanges({{absl::StrCat("ALTER DATABASE ", database(), " SET app.password = 's3cret-two'"),
                  {"database database options: masked part changed"}}});
}

TEST_P(Database, HoldsWhatWasGrantedOnTheServersOwnObjects) {
  EXPECT_THAT(Gather().Shape(kDatabase, v1::FACET_ACCESS).access().members(), IsEmpty());
  const std::string members = "database database access: members.";
  const std::string held = absl::StrCat("grants.", Role(), " postgres nothing -> privileges [");
  const std::string own = major() >= 17 ? "DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, "
                                          "TRUNCATE, UPDATE"
                                        : "DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, "
                                          "UPDATE";
  ExpectChanges({
      {"REVOKE SELECT ON pg_catalog.pg_tables FROM PUBLIC",
       {absl::StrCat(
           members,
           "view pg_catalog.pg_tables nothing -> has acl grants [grantee postgres grantor "
           "postgres privileges [",
           own, "]]")}},
      {"GRANT SELECT ON pg_catalog.pg_tables TO PUBLIC",
       {absl::StrCat(members,
                     "view pg_catalog.pg_tables has acl grants [grantee postgres grantor postgres "
                     "privileges [",
                     own, "]] -> nothing")}},
      {absl::StrCat("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO ", Role()),
       {absl::StrCat(members,
                     "function pg_catalog.pg_read_file(text) nothing -> has acl grants [grantee "
                     "postgres grantor postgres privileges [EXECUTE], grantee ",
                     Role(), " grantor postgres privileges [EXECUTE]]")}},
      {absl::StrCat("REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM ", Role()),
       {absl::StrCat(members,
                     "function pg_catalog.pg_read_file(text) has acl grants [grantee "
                     "postgres grantor postgres privileges [EXECUTE], grantee ",
                     Role(), " grantor postgres privileges [EXECUTE]] -> nothing")}},
      {absl::StrCat("GRANT SELECT (rolpassword) ON pg_catalog.pg_authid TO ", Role()),
       {absl::StrCat(members,
                     "table pg_catalog.pg_authid nothing -> columns [rolpassword grants [grantee ",
                     Role(), " grantor postgres privileges [SELECT]]]")}},
      {absl::StrCat("GRANT CREATE ON SCHEMA pg_catalog TO ", Role()),
       {absl::StrCat(members,
                     "schema pg_catalog nothing -> has acl grants [grantee postgres "
                     "grantor postgres privileges [CREATE, USAGE], grantee public grantor postgres "
                     "privileges [USAGE], grantee ",
                     Role(), " grantor postgres privileges [CREATE]]")}},
      {"REVOKE USAGE ON TYPE pg_catalog.int4 FROM PUBLIC",
       {absl::StrCat(members,
                     "type pg_catalog.int4 nothing -> has acl grants [grantee postgres grantor "
                     "postgres privileges [USAGE]]")}},
  });
}

TEST_P(Database, LeavesThePrivilegesOfItsSchemasToThem) {
  const std::string owner = major() >= 15 ? "pg_database_owner" : "postgres";
  const std::string to = "ALTER SCHEMA public OWNER TO ";
  ExpectChanges({
      {absl::StrCat(to, Role(), "; ", to, owner), {}},
      {absl::StrCat("GRANT USAGE ON SCHEMA public TO ", Role()),
       {absl::StrCat("schema public access: grants.", Role(), " ", owner,
                     " nothing -> privileges [USAGE]")}},
      {"COMMENT ON SCHEMA public IS 'ours'",
       {"schema public docs: comment standard public schema -> ours"}},
  });
}

TEST_P(Database, IsReadByWhoMayOnlyConnect) {
  Run(absl::StrCat("ALTER DATABASE ", database(), " SET work_mem = '5MB'"));
  const Gathered guests = Gather(Config(Role()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Errors(), IsEmpty());
  EXPECT_THAT(guests.Shape(kDatabase, v1::FACET_OPTIONS).database_options().settings(), SizeIs(1));
}

TEST_P(Database, CountsItsLargeObjects) {
  Run("SELECT lo_create(0), lo_create(0)");
  EXPECT_EQ(Gather().view().Find(kDatabase)->Number("large_objects"), 2);
}

}  // namespace
}  // namespace varve::testing
