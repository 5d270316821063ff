// Several databases of one source.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "snapshot/diff.h"
#include "tests/integration/postgres/cluster_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Databases : public ClusterCase {
 protected:
  void SetUp() override {
    ClusterCase::SetUp();
    for (const std::string name : {"shop", "stock"}) {
      VARVE_ASSERT_OK(server().CreateDatabase(name));
      Undo("DROP DATABASE IF EXISTS " + name);
      VARVE_ASSERT_OK(server().Run(name, "CREATE TABLE in_" + name + "(a int)"));
    }
  }

  PostgresConfig Several(const std::vector<std::string>& patterns,
                         const std::string& user = "postgres") const {
    PostgresConfig config = ClusterConfig(user);
    config.name = "orders";
    config.databases = patterns;
    return config;
  }
  std::vector<Section> GatherSeveral(const PostgresConfig& config) const {
    return GatherSections(config, known_);
  }

  // "orders/shop complete".
  static std::vector<std::string> Standing(const std::vector<Section>& sections) {
    std::vector<std::string> lines;
    for (const Section& section : sections) {
      const bool away = section.header.status() == v1::SECTION_STATUS_UNAVAILABLE;
      lines.push_back(absl::StrCat(section.header.name(), away ? " unavailable" : " read"));
    }
    return lines;
  }

  static Snapshot SnapshotOf(std::vector<Section> sections, int64_t seq) {
    Snapshot snapshot;
    snapshot.header.set_environment("test");
    snapshot.seq = seq;
    for (const Section& section : sections) *snapshot.header.add_sections() = section.header;
    snapshot.sections = std::move(sections);
    return snapshot;
  }
  // What a diff says of whole sections.
  static std::vector<std::string> DiffOfSections(std::vector<Section> before,
                                                 std::vector<Section> after) {
    const auto result =
        Diff(SnapshotOf(std::move(before), 1), SnapshotOf(std::move(after), 2), nullptr);
    EXPECT_THAT(result, IsOk());
    std::vector<std::string> lines;
    for (const v1::Difference& difference : result->differences()) {
      if (difference.has_identity()) continue;
      const bool removed = difference.op() == v1::Difference::OP_REMOVED;
      lines.push_back(absl::StrCat(removed ? "- " : "+ ", difference.section()));
    }
    for (const v1::NotCompared& item : result->cannot_say()) {
      if (!item.has_identity()) lines.push_back(absl::StrCat("cannot say: ", item.section()));
    }
    for (const std::string& name : result->not_configured()) {
      lines.push_back(absl::StrCat("not configured: ", name));
    }
    return lines;
  }

  const std::shared_ptr<KnownDatabases> known_ = std::make_shared<KnownDatabases>();
};

TEST_P(Databases, EachIsASectionAndWhatTheyShareIsOne) {
  const std::vector<Section> sections = GatherSeveral(Several({"sh*", "stock"}));
  EXPECT_THAT(Standing(sections),
              ElementsAre("orders/shop read", "orders/stock read", "orders/ read"));
  EXPECT_THAT(Gathered(sections[0]).Names("table"), ElementsAre("public.in_shop"));
  EXPECT_THAT(Gathered(sections[1]).Names("table"), ElementsAre("public.in_stock"));
  EXPECT_THAT(Gathered(sections[0]).Names("database"), ElementsAre("database"));
}

TEST_P(Databases, AllIsEveryOneThatCanBeEnteredAndIsNoTemplate) {
  Run("ALTER DATABASE stock ALLOW_CONNECTIONS false");
  Undo("ALTER DATABASE stock ALLOW_CONNECTIONS true");
  const std::vector<Section> sections = GatherSeveral(Several({"all", "!postgres"}));
  EXPECT_THAT(Standing(sections), ElementsAre(absl::StrCat("orders/", database(), " read"),
                                              "orders/shop read", "orders/ read"));
  std::vector<std::string> left_out;
  const Gathered cluster(sections.back());
  for (const v1::CoverageEntry& entry : cluster.view().coverage().entries()) {
    if (entry.scope().empty() || entry.kind() != "database") continue;
    EXPECT_EQ(entry.state(), v1::SIGHT_EXCLUDED);
    left_out.push_back(absl::StrCat(entry.scope(0), ": ", entry.reason()));
  }
  EXPECT_THAT(left_out, UnorderedElementsAre(
                            "section orders/postgres: left out by databases of the configuration",
                            "section orders/stock: it allows no connections",
                            "section orders/template0: it is a template",
                            "section orders/template1: it is a template"));
  EXPECT_THAT(cluster.Names("database"), Contains("stock"));
}

TEST_P(Databases, OneThatIsDroppedReadsRemoved) {
  const PostgresConfig config = Several({"shop", "stock"});
  const std::vector<Section> before = GatherSeveral(config);
  Run("DROP DATABASE stock");
  const std::vector<Section> after = GatherSeveral(config);
  EXPECT_THAT(Standing(after), ElementsAre("orders/shop read", "orders/ read"));
  EXPECT_THAT(DiffOfSections(before, after), ElementsAre("- orders/stock"));
  EXPECT_THAT(DiffOfSections(after, before), ElementsAre("+ orders/stock"));
}

TEST_P(Databases, OneThatIsTakenOutOfTheConfigurationIsNotConfigured) {
  EXPECT_THAT(
      DiffOfSections(GatherSeveral(Several({"shop", "stock"})), GatherSeveral(Several({"shop"}))),
      ElementsAre("not configured: orders/stock"));
}

TEST_P(Databases, OneThatIsClosedToTheRoleIsUnavailable) {
  CreateRole("reader", absl::StrCat("LOGIN PASSWORD '", PostgresServer::password(), "'"));
  const PostgresConfig config = Several({"shop", "stock"}, "reader");
  const std::vector<Section> before = GatherSeveral(config);
  Run("REVOKE CONNECT ON DATABASE stock FROM public");
  const std::vector<Section> after = GatherSeveral(config);
  EXPECT_THAT(Standing(after),
              ElementsAre("orders/shop read", "orders/stock unavailable", "orders/ read"));
  EXPECT_EQ(after[1].header.errors(0).remedy(), "GRANT CONNECT ON DATABASE stock TO reader");
  EXPECT_THAT(DiffOfSections(before, after), ElementsAre("cannot say: orders/stock"));
}

TEST_P(Databases, WhileTheServerIsDownThoseThatWereThereLastAreUnavailable) {
  const PostgresConfig config = Several({"all", "!case_*", "!postgres"});
  const std::vector<Section> before = GatherSeveral(config);
  PostgresConfig down = config;
  down.connection = "host=127.0.0.1 port=1";
  const std::vector<Section> gap = GatherSeveral(down);
  EXPECT_THAT(Standing(gap), ElementsAre("orders/shop unavailable", "orders/stock unavailable",
                                         "orders/ unavailable"));
  EXPECT_THAT(
      DiffOfSections(before, gap),
      ElementsAre("cannot say: orders/", "cannot say: orders/shop", "cannot say: orders/stock"));
  EXPECT_THAT(DiffOfSections(before, GatherSeveral(config)), IsEmpty());
}

TEST_P(Databases, AServerThatNeverAnsweredIsOneUnavailableSection) {
  PostgresConfig config = Several({"all"});
  config.connection = "host=127.0.0.1 port=1";
  config.cluster = false;
  EXPECT_THAT(Standing(GatherSeveral(config)), ElementsAre("orders/ unavailable"));
}

TEST_P(Databases, WhatTheTimeDidNotAllowIsUnavailable) {
  const PostgresConfig config = Several({"shop", "stock"});
  GatherSeveral(config);
  const std::vector<Section> late = GatherSections(config, known_, {absl::InfinitePast()});
  EXPECT_THAT(Standing(late), ElementsAre("orders/shop unavailable", "orders/stock unavailable",
                                          "orders/ unavailable"));
  EXPECT_THAT(late[0].header.errors(0).why(), HasSubstr("used up"));
}

VARVE_ON_EVERY_POSTGRES(Databases);

}  // namespace
}  // namespace varve::testing
