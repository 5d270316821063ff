// Subscriptions, which no publisher stands behind: of those the catalog is what there is to read.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Subscriptions : public OwnedCase {
 protected:
  // They are the cluster's: a name has to be free in all databases, and a database that has one is
  // not dropped.
  void TearDown() override {
    for (const std::string& name :
         Ask("SELECT quote_ident(subname) FROM pg_subscription WHERE subdbid = (SELECT oid FROM "
             "pg_database WHERE datname = current_database())")) {
      Run(absl::StrCat("ALTER SUBSCRIPTION ", name, " DISABLE"));
      Run(absl::StrCat("ALTER SUBSCRIPTION ", name, " SET (slot_name = NONE)"));
      Run(absl::StrCat("DROP SUBSCRIPTION ", name));
    }
    OwnedCase::TearDown();
  }

  void Subscribe(const std::string& name, const std::string& more = "") const {
    Run(absl::StrCat("CREATE SUBSCRIPTION ", name,
                     " CONNECTION 'host=127.0.0.1 port=1 dbname=x user=repl "
                     "password=''s3cret \\''one'' application_name=a' PUBLICATION p, o "
                     "WITH (connect = false",
                     more, ")"));
  }
};
VARVE_ON_EVERY_POSTGRES(Subscriptions);

EntityKey Named(const std::string& name) { return {"subscription", {name}}; }

std::vector<std::string> OptionsOf(const Gathered& gathered, const std::string& name) {
  const v1::Shape shape = gathered.Shape(Named(name), v1::FACET_OPTIONS);
  std::vector<std::string> options;
  for (const v1::Option& option : shape.option_list().options()) {
    options.push_back(absl::StrCat(option.name(), "=", option.value()));
  }
  return options;
}

TEST_P(Subscriptions, AreAsTheCatalogListsThem) {
  Subscribe("plain");
  Subscribe("other", ", slot_name = 'slot', synchronous_commit = 'local'");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("subscription"), ElementsAre("other", "plain"));
  const v1::SubscriptionStructure plain =
      gathered.Shape(Named("plain"), v1::FACET_STRUCTURE).subscription();
  EXPECT_FALSE(plain.enabled());
  EXPECT_THAT(plain.publications(), ElementsAre("o", "p"));
  EXPECT_EQ(plain.slot_name(), "plain");
  EXPECT_EQ(plain.synchronous_commit(), "off");
  EXPECT_FALSE(plain.binary() || plain.two_phase() || plain.disable_on_error() ||
               plain.password_not_required() || plain.run_as_owner() || plain.failover());
  EXPECT_EQ(plain.origin(), "");
  EXPECT_EQ(plain.streaming(), major() >= 18 ? "parallel" : "");
  const v1::SubscriptionStructure other =
      gathered.Shape(Named("other"), v1::FACET_STRUCTURE).subscription();
  EXPECT_EQ(other.slot_name(), "slot");
  EXPECT_EQ(other.synchronous_commit(), "local");
}

TEST_P(Subscriptions, OfOtherDatabasesAreTheirs) {
  Subscribe("plain");
  PostgresConfig config = Config();
  config.connection = server().Connection("postgres");
  EXPECT_THAT(Gather(config).Names("subscription"), IsEmpty());
}

TEST_P(Subscriptions, SayWhereToTheyConnectWithoutThePassword) {
  Subscribe("plain");
  Run("CREATE SUBSCRIPTION url CONNECTION 'postgresql://repl:s3cret@h:5/x?sslmode=require' "
      "PUBLICATION p WITH (connect = false)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(OptionsOf(gathered, "plain"),
              ElementsAre("application_name=a", "dbname=x", "host=127.0.0.1", "password=‹masked›",
                          "port=1", "user=repl"));
  EXPECT_THAT(OptionsOf(gathered, "url"), ElementsAre("dbname=x", "host=h", "password=‹masked›",
                                                      "port=5", "sslmode=require", "user=repl"));
}

TEST_P(Subscriptions, ShowAGuestOfAnOldServerThatTheyAreThere) {
  if (major() >= 14) GTEST_SKIP() << "before 14";
  Subscribe("plain");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(guests.Errors(), IsEmpty());
  for (const v1::Facet facet :
       {v1::FACET_STRUCTURE, v1::FACET_ACCESS, v1::FACET_OPTIONS, v1::FACET_DOCS}) {
    EXPECT_EQ(guests.SightOf(Named("plain"), facet), v1::SIGHT_NOT_PERMITTED);
  }
}

TEST_P(Subscriptions, ShowAGuestAllButTheirConnections) {
  Subscribe("plain");
  // What servers from 14 on grant by themselves.
  if (major() < 14) Run("GRANT SELECT (oid, subsynccommit) ON pg_subscription TO PUBLIC");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(guests.Errors(), IsEmpty());
  EXPECT_THAT(guests.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(Differences(Gather(), guests), ElementsAre("cannot say: subscription plain options"));
  EXPECT_EQ(guests.SightOf(Named("plain"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(guests.SightOf(Named("plain"), v1::FACET_OPTIONS), v1::SIGHT_NOT_PERMITTED);
  EXPECT_EQ(guests.section().header.status(), v1::SECTION_STATUS_PARTIAL);
  int said = 0;
  for (const v1::CoverageEntry& entry : guests.view().coverage().entries()) {
    if (entry.kind() != "subscription" || entry.scope().empty()) continue;
    ++said;
    EXPECT_EQ(entry.state(), v1::SIGHT_NOT_PERMITTED);
    EXPECT_EQ(entry.reason(), "only for superusers");
    EXPECT_EQ(entry.remedy(), "");
  }
  EXPECT_EQ(said, 1);
}

TEST_P(Subscriptions, ChangeByOnePropertyAtATime) {
  Subscribe("s");
  const std::string structure = "subscription s structure: ";
  ExpectChanges({
      {"ALTER SUBSCRIPTION s SET PUBLICATION p, q WITH (refresh = false)",
       {structure + "publications [o, p] -> [p, q]"}},
      {"ALTER SUBSCRIPTION s SET PUBLICATION q, p WITH (refresh = false)", {}},
      {"ALTER SUBSCRIPTION s SET (synchronous_commit = 'on')",
       {structure + "synchronous_commit off -> on"}},
      {"ALTER SUBSCRIPTION s SET (binary = true)", {structure + "binary false -> true"}, 14},
      {"ALTER SUBSCRIPTION s SET (streaming = off)",
       {structure + "streaming parallel -> nothing"},
       18},
      {"ALTER SUBSCRIPTION s SET (streaming = on)", {structure + "streaming nothing -> on"}, 14},
      {"ALTER SUBSCRIPTION s SET (streaming = parallel)",
       {structure + "streaming on -> parallel"},
       16},
      {"ALTER SUBSCRIPTION s SET (disable_on_error = true)",
       {structure + "disable_on_error false -> true"},
       15},
      {"ALTER SUBSCRIPTION s SET (password_required = false)",
       {structure + "password_not_required false -> true"},
       16},
      {"ALTER SUBSCRIPTION s SET (run_as_owner = true)",
       {structure + "run_as_owner false -> true"},
       16},
      {"ALTER SUBSCRIPTION s SET (origin = none)", {structure + "origin nothing -> none"}, 16},
      {"UPDATE pg_subscription SET subfailover = true", {structure + "failover false -> true"}, 17},
      // Pending and enabled are one thing at two times.
      {"UPDATE pg_subscription SET subtwophasestate = 'p'",
       {structure + "two_phase false -> true"},
       15},
      {"UPDATE pg_subscription SET subtwophasestate = 'e'", {}, 15},
      {"UPDATE pg_subscription SET subtwophasestate = 'd'",
       {structure + "two_phase true -> false"},
       15},
      {"ALTER SUBSCRIPTION s SET (slot_name = other)", {structure + "slot_name s -> other"}},
      {"ALTER SUBSCRIPTION s SET (slot_name = NONE)", {structure + "slot_name other -> nothing"}},
      {"ALTER SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 dbname=x user=repl "
       "password=''s3cret two'' application_name=a'",
       {"subscription s options: masked part changed"}},
      {"ALTER SUBSCRIPTION s CONNECTION 'host=127.0.0.2 port=1 dbname=x user=repl "
       "password=''s3cret two'' application_name=a'",
       {"subscription s options: options.host.value 127.0.0.1 -> 127.0.0.2"}},
      // Written another way.
      {"ALTER SUBSCRIPTION s CONNECTION "
       "'postgresql://repl:s3cret%20two@127.0.0.2:1/x?application_name=a'",
       {}},
      {absl::StrCat("ALTER SUBSCRIPTION s OWNER TO ", Owner()),
       {absl::StrCat("subscription s access: owner postgres -> ", Owner())}},
      {"COMMENT ON SUBSCRIPTION s IS 'x'", {"subscription s docs: comment nothing -> x"}},
      {"INSERT INTO pg_shseclabel SELECT oid, 'pg_subscription'::regclass, 'selinux', 'one' FROM "
       "pg_subscription",
       {"subscription s access: labels.selinux nothing -> label one"}},
      {"DELETE FROM pg_shseclabel", {"subscription s access: labels.selinux label one -> nothing"}},
      {"ALTER SUBSCRIPTION s RENAME TO r", {"renamed subscription r was s"}},
      {"DROP SUBSCRIPTION r", {"- subscription r"}},
  });
}

TEST_P(Subscriptions, SayWhetherTheyAreEnabled) {
  Subscribe("s");
  Run("UPDATE pg_subscription SET subenabled = true");
  const Gathered enabled = Gather();
  Run("UPDATE pg_subscription SET subenabled = false");
  EXPECT_THAT(Differences(enabled, Gather()),
              ElementsAre("subscription s structure: enabled true -> false"));
}

}  // namespace
}  // namespace varve::testing
