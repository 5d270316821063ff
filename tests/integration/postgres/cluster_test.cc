// The cluster's section as a whole: what it speaks of, its list of databases, and what is denied.
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/cluster_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Cluster : public ClusterCase {
 protected:
  static std::set<std::string> KindsInCoverage(const Section& section) {
    std::set<std::string> kinds;
    const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(section);
    EXPECT_THAT(coverage, IsOk());
    for (const v1::CoverageEntry& entry : coverage->entries()) kinds.insert(entry.kind());
    return kinds;
  }
  static v1::Sight Covered(const Gathered& gathered, const std::string& kind, v1::Facet facet) {
    return CoveredAs(gathered.view().coverage(), kind, facet, {"anything"});
  }
  std::string Guest() {
    const std::string name = absl::StrCat("guest_", database());
    CreateRole(name, absl::StrCat("LOGIN PASSWORD '", PostgresServer::password(), "'"));
    return name;
  }
};

TEST_P(Cluster, EachSectionSpeaksOfItsOwnKinds) {
  const std::vector<Section> sections = GatherSections(ClusterConfig());
  ASSERT_THAT(sections, SizeIs(2));
  EXPECT_EQ(sections[0].header.name(), "postgres");
  EXPECT_EQ(sections[1].header.name(), "postgres/");
  EXPECT_EQ(sections[1].header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(sections[1].header.source_kind(), "postgres");
  EXPECT_EQ(sections[1].header.address(), absl::StrCat("127.0.0.1:", server().port()));
  EXPECT_THAT(KindsInCoverage(sections[1]),
              ElementsAre("database", "parameter_privileges", "role", "setting", "tablespace"));
  const std::set<std::string> of_database = KindsInCoverage(sections[0]);
  EXPECT_THAT(of_database, IsSupersetOf({"database", "table"}));
  EXPECT_EQ(
      of_database.count("role") + of_database.count("setting") + of_database.count("tablespace"),
      0u);
}

TEST_P(Cluster, ItIsLeftOutWhereNobodyWantsIt) {
  PostgresConfig config = ClusterConfig();
  config.cluster = false;
  EXPECT_THAT(GatherSections(config), SizeIs(1));
}

TEST_P(Cluster, AServerThatDoesNotAnswerGivesBothSections) {
  PostgresConfig config = ClusterConfig();
  config.connection = "host=127.0.0.1 port=1 dbname=shop";
  const std::vector<Section> sections = GatherSections(config);
  ASSERT_THAT(sections, SizeIs(2));
  for (const Section& section : sections) {
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
    EXPECT_THAT(section.header.errors(0).why(), HasSubstr("Connection refused"));
  }
  EXPECT_EQ(sections[1].header.name(), "postgres/");
}

TEST_P(Cluster, TwoReadsAreOne) {
  EXPECT_THAT(Differences(GatherCluster(), GatherCluster()), IsEmpty());
}

TEST_P(Cluster, ListsItsDatabases) {
  EXPECT_THAT(GatherCluster().Names("database"),
              IsSupersetOf({database(), std::string("postgres"), std::string("template0")}));
}

TEST_P(Cluster, EachChangeOfADatabaseIsOneDifference) {
  CreateRole("keeper");
  Undo("DROP DATABASE IF EXISTS moved");
  Undo("DROP DATABASE IF EXISTS extra");
  ExpectClusterChanges({
      {"CREATE DATABASE extra TEMPLATE template0", {"+ database extra"}},
      {"COMMENT ON DATABASE extra IS 'more'", {"database extra docs: comment nothing -> more"}},
      {"GRANT CREATE ON DATABASE extra TO keeper",
       {"database extra access: has_acl false -> true",
        "database extra access: grants.public postgres nothing -> privileges [CONNECT, TEMPORARY]",
        "database extra access: grants.postgres postgres nothing -> privileges [CONNECT, CREATE, "
        "TEMPORARY]",
        "database extra access: grants.keeper postgres nothing -> privileges [CREATE]"}},
      {"REVOKE CREATE ON DATABASE extra FROM keeper",
       {"database extra access: grants.keeper postgres privileges [CREATE] -> nothing"}},
      {"ALTER DATABASE extra RENAME TO moved", {"renamed database moved was extra"}},
      {"ALTER DATABASE moved RENAME TO extra", {"renamed database extra was moved"}},
      // What each database says of itself is in its own section.
      {"ALTER DATABASE extra CONNECTION LIMIT 7", {}},
      {"ALTER DATABASE extra SET work_mem = '5MB'", {}},
      {"DROP DATABASE extra", {"- database extra"}},
  });
}

struct Denied {
  const char* sql;
  const char* kind;
  v1::Facet facet;
  const char* grant;
  const char* still;  // a kind that is seen whole
};

TEST_P(Cluster, WhatIsDeniedCostsItselfAlone) {
  const std::string guest = Guest();
  for (const Denied& denied : {
           Denied{"REVOKE SELECT ON pg_catalog.pg_auth_members FROM public", "role",
                  v1::FACET_ACCESS, "GRANT SELECT ON pg_catalog.pg_auth_members", "tablespace"},
           Denied{"REVOKE SELECT ON pg_catalog.pg_db_role_setting FROM public", "role",
                  v1::FACET_OPTIONS, "GRANT SELECT ON pg_catalog.pg_db_role_setting", "tablespace"},
           Denied{"REVOKE SELECT ON pg_catalog.pg_tablespace FROM public", "tablespace",
                  v1::FACET_STRUCTURE, "GRANT SELECT ON pg_catalog.pg_tablespace", "database"},
           Denied{"REVOKE SELECT ON pg_catalog.pg_settings FROM public", "setting",
                  v1::FACET_OPTIONS, "GRANT SELECT ON pg_catalog.pg_settings", "database"},
           Denied{"REVOKE SELECT ON pg_catalog.pg_database FROM public", "database",
                  v1::FACET_STRUCTURE, "GRANT SELECT ON pg_catalog.pg_database", ""},
       }) {
    SCOPED_TRACE(denied.sql);
    Run(denied.sql);
    const Gathered gathered = GatherCluster(guest);
    EXPECT_EQ(Covered(gathered, denied.kind, denied.facet), v1::SIGHT_NOT_PERMITTED);
    EXPECT_THAT(gathered.Errors(), Contains(HasSubstr(denied.grant)));
    if (*denied.still != '\0') {
      EXPECT_EQ(Covered(gathered, denied.still, v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
    }
  }
}

TEST_P(Cluster, APlaceThatMayNotBeAskedIsUnseen) {
  const std::string guest = Guest();
  Run("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_tablespace_location(oid) FROM public");
  const Gathered gathered = GatherCluster(guest);
  EXPECT_EQ(Covered(gathered, "tablespace", v1::FACET_OPTIONS), v1::SIGHT_NOT_PERMITTED);
  EXPECT_EQ(Covered(gathered, "tablespace", v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_THAT(
      gathered.Errors(),
      ElementsAre(HasSubstr("GRANT EXECUTE ON FUNCTION pg_catalog.pg_tablespace_location(oid)")));
}

VARVE_ON_EVERY_POSTGRES(Cluster);

}  // namespace
}  // namespace varve::testing
