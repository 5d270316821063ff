// Foreign data wrappers, servers and user mappings, and who may see what of them.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ForeignData : public OwnedCase {
 protected:
  void SetUp() override {
    OwnedCase::SetUp();
    Run("CREATE FOREIGN DATA WRAPPER fdw OPTIONS (debug 'true', token 's3cret-1');"
        "CREATE SERVER srv TYPE 'kept' VERSION '1.0' FOREIGN DATA WRAPPER fdw"
        "  OPTIONS (host 'h', port '5', api_key 's3cret-2', dsn 'host=x password=s3cret-3',"
        "           link 'host=x password=s3cret-4 port=7');"
        "CREATE SERVER bare FOREIGN DATA WRAPPER fdw;"
        "CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (\"user\" 'u', password 's3cret-5');"
        "CREATE USER MAPPING FOR postgres SERVER srv OPTIONS (password 's3cret-6');"
        "CREATE USER MAPPING FOR postgres SERVER bare");
    Run(absl::StrCat("CREATE USER MAPPING FOR ", Guest(),
                     " SERVER srv OPTIONS (\"user\" 'g', password 's3cret-7')"));
  }
};
VARVE_ON_EVERY_POSTGRES(ForeignData);

std::vector<std::string> OptionsOf(const Gathered& gathered, const EntityKey& key) {
  const v1::Shape shape = gathered.Shape(key, v1::FACET_OPTIONS);
  std::vector<std::string> options;
  for (const v1::Option& option : shape.option_list().options()) {
    options.push_back(absl::StrCat(option.name(), "=", option.value()));
  }
  return options;
}

TEST_P(ForeignData, IsAsTheCatalogListsIt) {
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("foreign_data_wrapper"), ElementsAre("fdw"));
  EXPECT_THAT(gathered.Names("server"), ElementsAre("bare", "srv"));
  EXPECT_THAT(
      gathered.Names("user_mapping"),
      UnorderedElementsAre("public.srv", "postgres.bare", "postgres.srv", Guest() + ".srv"));
  const v1::ServerStructure server =
      gathered.Shape({"server", {"srv"}}, v1::FACET_STRUCTURE).server();
  EXPECT_EQ(server.wrapper(), "fdw");
  EXPECT_EQ(server.type(), "kept");
  EXPECT_EQ(server.version(), "1.0");
  EXPECT_EQ(gathered.Shape({"server", {"bare"}}, v1::FACET_STRUCTURE).server().type(), "");
}

TEST_P(ForeignData, NamesTheFunctionsOfAWrapper) {
  Run("CREATE FOREIGN DATA WRAPPER checked VALIDATOR postgresql_fdw_validator");
  const Gathered gathered = Gather();
  const auto wrapper = [&](const std::string& name) {
    return gathered.Shape({"foreign_data_wrapper", {name}}, v1::FACET_STRUCTURE)
        .foreign_data_wrapper();
  };
  EXPECT_EQ(DisplayName(KeyOf(wrapper("checked").validator())),
            "pg_catalog.postgresql_fdw_validator(text[], oid)");
  EXPECT_FALSE(wrapper("fdw").has_validator());
  EXPECT_FALSE(wrapper("fdw").has_handler());
}

TEST_P(ForeignData, OfAnExtensionIsTheExtensions) {
  Run("CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw "
      "OPTIONS (host 'x'); CREATE FOREIGN TABLE t (id int) SERVER far");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("foreign_data_wrapper"), ElementsAre("fdw"));
  EXPECT_EQ(gathered.Shape({"server", {"far"}}, v1::FACET_STRUCTURE).server().wrapper(),
            "postgres_fdw");
  EXPECT_EQ(gathered.Table("t").foreign().server(), "far");
}

TEST_P(ForeignData, OptionsKeepTheirNamesAndLoseTheirSecrets) {
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(OptionsOf(gathered, {"foreign_data_wrapper", {"fdw"}}),
              ElementsAre("debug=true", "token=‹masked›"));
  EXPECT_THAT(OptionsOf(gathered, {"server", {"srv"}}),
              ElementsAre("api_key=‹masked›", "dsn=‹masked›", "host=h",
                          "link=host=x password=‹masked› port=7", "port=5"));
  EXPECT_THAT(OptionsOf(gathered, {"server", {"bare"}}), IsEmpty());
  EXPECT_THAT(OptionsOf(gathered, {"user_mapping", {"public", "srv"}}),
              ElementsAre("password=‹masked›", "user=u"));
  EXPECT_THAT(OptionsOf(gathered, {"user_mapping", {"postgres", "bare"}}), IsEmpty());
}

TEST_P(ForeignData, ShowsAGuestAllButTheOptionsOfUserMappings) {
  const Gathered all = Gather();
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(guests.Errors(), IsEmpty());
  EXPECT_THAT(guests.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(Differences(all, guests),
              UnorderedElementsAre(
                  "cannot say: user_mapping postgres SERVER bare options",
                  "cannot say: user_mapping postgres SERVER srv options",
                  "cannot say: user_mapping public SERVER srv options",
                  absl::StrCat("cannot say: user_mapping ", Guest(), " SERVER srv options")));
  const EntityKey mapping{"user_mapping", {"public", "srv"}};
  EXPECT_EQ(guests.SightOf(mapping, v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(guests.SightOf(mapping, v1::FACET_OPTIONS), v1::SIGHT_NOT_PERMITTED);
  int said = 0;
  for (const v1::CoverageEntry& entry : guests.view().coverage().entries()) {
    if (entry.kind() != "user_mapping" || entry.scope().empty()) continue;
    ++said;
    EXPECT_EQ(entry.facet(), v1::FACET_OPTIONS);
    EXPECT_EQ(entry.state(), v1::SIGHT_NOT_PERMITTED);
    EXPECT_THAT(entry.reason(), HasSubstr("only for superusers"));
    EXPECT_EQ(entry.remedy(), "");
  }
  EXPECT_EQ(said, 4);
}

TEST_P(ForeignData, ShowsAUserItsOwnMappingAndAnOwnerEveryones) {
  Run(absl::StrCat("GRANT USAGE ON FOREIGN SERVER srv TO ", Guest()));
  EXPECT_THAT(OptionsOf(Gather(Config(Guest())), {"user_mapping", {Guest(), "srv"}}),
              ElementsAre("password=‹masked›", "user=g"));
  Run(absl::StrCat("GRANT USAGE ON FOREIGN DATA WRAPPER fdw TO ", Guest(),
                   "; ALTER SERVER srv OWNER TO ", Guest()));
  const Gathered owners = Gather(Config(Guest()));
  EXPECT_THAT(OptionsOf(owners, {"user_mapping", {"public", "srv"}}),
              ElementsAre("password=‹masked›", "user=u"));
  EXPECT_EQ(owners.SightOf({"user_mapping", {"postgres", "srv"}}, v1::FACET_OPTIONS),
            v1::SIGHT_NOT_PERMITTED);
}

TEST_P(ForeignData, ThatIsDeniedCostsWhatItFeedsAlone) {
  Run("REVOKE SELECT ON pg_catalog.pg_user_mappings FROM PUBLIC");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(guests.Errors(), ElementsAre(HasSubstr("reading pg_user_mappings | ")));
  EXPECT_THAT(guests.Names("user_mapping"), IsEmpty());
  EXPECT_EQ(guests.SightOf({"server", {"srv"}}, v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(guests.SightOf({"foreign_data_wrapper", {"fdw"}}, v1::FACET_OPTIONS),
            v1::SIGHT_CAPTURED);
}

TEST_P(ForeignData, ChangesByOnePropertyAtATime) {
  const std::string mine = absl::StrCat("user_mapping ", Guest(), " SERVER srv");
  ExpectChanges({
      {"ALTER FOREIGN DATA WRAPPER fdw VALIDATOR postgresql_fdw_validator",
       {"foreign_data_wrapper fdw structure: validator nothing -> "
        "pg_catalog.postgresql_fdw_validator(text[], oid)"}},
      {"ALTER FOREIGN DATA WRAPPER fdw NO VALIDATOR",
       {"foreign_data_wrapper fdw structure: validator "
        "pg_catalog.postgresql_fdw_validator(text[], oid) -> nothing"}},
      {"ALTER FOREIGN DATA WRAPPER fdw OPTIONS (SET debug 'false')",
       {"foreign_data_wrapper fdw options: options.debug.value true -> false"}},
      {"ALTER SERVER srv VERSION '2.0'", {"server srv structure: version 1.0 -> 2.0"}},
      {"ALTER SERVER srv OPTIONS (SET host 'other')",
       {"server srv options: options.host.value h -> other"}},
      {"ALTER SERVER srv OPTIONS (ADD fetch '9', DROP port)",
       {"server srv options: options.fetch nothing -> value 9",
        "server srv options: options.port value 5 -> nothing"}},
      {"ALTER SERVER srv OPTIONS (SET api_key 's3cret-8')",
       {"server srv options: masked part changed"}},
      {"ALTER USER MAPPING FOR PUBLIC SERVER srv OPTIONS (SET password 's3cret-9')",
       {"user_mapping public SERVER srv options: masked part changed"}},
      {"ALTER USER MAPPING FOR PUBLIC SERVER srv OPTIONS (SET \"user\" 'v')",
       {"user_mapping public SERVER srv options: options.user.value u -> v"}},
      {"ALTER USER MAPPING FOR PUBLIC SERVER srv OPTIONS (DROP password)",
       {"user_mapping public SERVER srv options: options.password value ‹masked› -> nothing"}},
      {"DROP USER MAPPING FOR PUBLIC SERVER srv; CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS "
       "(\"user\" 'v')",
       {}},
      {absl::StrCat("DROP USER MAPPING FOR ", Guest(), " SERVER srv"), {"- " + mine}},
      {absl::StrCat("GRANT USAGE ON FOREIGN SERVER srv TO ", Guest()),
       {"server srv access: has_acl false -> true",
        absl::StrCat("server srv access: grants.", Guest(),
                     " postgres nothing -> privileges "
                     "[USAGE]"),
        "server srv access: grants.postgres postgres nothing -> privileges [USAGE]"}},
      {absl::StrCat("ALTER SERVER bare OWNER TO ", Owner()),
       {absl::StrCat("server bare access: owner postgres -> ", Owner())}},
      {absl::StrCat("ALTER FOREIGN DATA WRAPPER fdw OWNER TO ", Owner()),
       {absl::StrCat("foreign_data_wrapper fdw access: owner postgres -> ", Owner())}},
      {"COMMENT ON SERVER srv IS 's'", {"server srv docs: comment nothing -> s"}},
      {"COMMENT ON FOREIGN DATA WRAPPER fdw IS 'f'",
       {"foreign_data_wrapper fdw docs: comment nothing -> f"}},
      {"ALTER SERVER bare RENAME TO named",
       {"renamed server named was bare",
        "renamed user_mapping postgres SERVER named was postgres SERVER bare"}},
      {"DROP SERVER named CASCADE", {"- server named", "- user_mapping postgres SERVER named"}},
  });
}

TEST_P(ForeignData, ASchemaOfAUsersNameIsNotTheUser) {
  ExpectChanges({{"ALTER SCHEMA public RENAME TO other", {"renamed schema other was public"}}});
}

}  // namespace
}  // namespace varve::testing
