// Several sessions that share a read: what they see together is what one sees, of one moment.
#include <atomic>
#include <thread>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/generated.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Sharing : public RoleCase {
 protected:
  PostgresConfig By(int connections, const std::string& user = "postgres") const {
    PostgresConfig config = Config(user);
    config.connections = connections;
    return config;
  }
};
VARVE_ON_EVERY_POSTGRES(Sharing);

void ExpectSame(const Gathered& one, const Gathered& several) {
  EXPECT_THAT(Differences(one, several), IsEmpty());
  EXPECT_EQ(one.section().header.manifest_hash(), several.section().header.manifest_hash());
  EXPECT_EQ(one.section().header.coverage_hash(), several.section().header.coverage_hash());
  EXPECT_EQ(one.section().measures->entities_size(), several.section().measures->entities_size());
  EXPECT_EQ(one.Errors(), several.Errors());
}

TEST_P(Sharing, ReadsWhatOneReads) {
  LoadGenerated(server(), database(), database(), "--tables 300 --seed 7");
  const Gathered one = Gather(By(1));
  EXPECT_THAT(one.Errors(), IsEmpty());
  for (const int connections : {2, 5}) ExpectSame(one, Gather(By(connections)));
}

TEST_P(Sharing, MissesWhatOneMisses) {
  Run("CREATE TABLE busy (id int CHECK (id > 0), a int DEFAULT 5);"
      "CREATE VIEW over_busy AS SELECT id FROM busy;"
      "CREATE TABLE free (id int CHECK (id > 0));"
      "REVOKE SELECT ON pg_enum, pg_ts_config FROM PUBLIC");
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  const Gathered one = Gather(By(1, Role()));
  EXPECT_EQ(one.SightOf(TableKey("busy"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  ExpectSame(one, Gather(By(3, Role())));
  VARVE_ASSERT_OK(holder->Run("ROLLBACK"));
}

TEST_P(Sharing, IsDoneByThoseThatThereAre) {
  Run(absl::StrCat("ALTER ROLE ", Role(),
                   " CONNECTION LIMIT 2; CREATE TABLE t (id int DEFAULT 4)"));
  const Gathered gathered = Gather(By(4, Role()));
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(gathered.ColumnExpression("t", "id"), "4");
  EXPECT_THAT(gathered.Errors(),
              AllOf(SizeIs(1), Each(AllOf(HasSubstr("reading over several connections | "),
                                          HasSubstr("too many connections for role")))));
}

TEST_P(Sharing, IsOfOneMoment) {
  std::atomic<bool> stopped = false;
  std::atomic<int> rounds = 0;
  const auto session = Open();
  std::thread writer([&] {
    for (; !stopped; ++rounds) {
      VARVE_EXPECT_OK(session->Run(
          "BEGIN; CREATE TABLE pair (id int); CREATE FUNCTION pair() RETURNS int LANGUAGE sql "
          "AS 'SELECT 1'; CREATE TYPE pair_too AS ENUM ('a'); COMMIT"));
      VARVE_EXPECT_OK(
          session->Run("BEGIN; DROP TYPE pair_too; DROP FUNCTION pair(); DROP TABLE pair; COMMIT"));
    }
  });
  for (int reads = 0; reads < 20 || rounds < 3; ++reads) {
    const Gathered gathered = Gather(By(3));
    const bool has_table = absl::c_linear_search(gathered.Names("table"), "public.pair");
    EXPECT_EQ(has_table, absl::c_linear_search(gathered.Names("function"), "public.pair"));
    EXPECT_EQ(has_table, absl::c_linear_search(gathered.Names("enum"), "public.pair_too"));
  }
  stopped = true;
  writer.join();
}

// What is left of the read is told as that of one session: nothing, or a part that says so.
TEST_P(Sharing, LosesNoMoreThanTheReadWhenASessionIsEnded) {
  LoadGenerated(server(), database(), database(), "--tables 100 --seed 7");
  const Gathered whole = Gather(By(3));
  std::atomic<bool> stopped = false;
  std::thread killer([&] {
    while (!stopped) {
      VARVE_EXPECT_OK(server().Run(
          "postgres", absl::StrCat("SELECT pg_terminate_backend(max(pid)) FROM pg_stat_activity "
                                   "WHERE application_name = 'varve-agent' AND datname = '",
                                   database(), "'")));
    }
  });
  for (int reads = 0; reads < 10; ++reads) {
    const Section section = GatherAnyhow(By(3));
    if (section.header.status() == v1::SECTION_STATUS_COMPLETE) {
      EXPECT_EQ(section.header.manifest_hash(), whole.section().header.manifest_hash());
    } else {
      EXPECT_GT(section.header.errors_size(), 0);
    }
  }
  stopped = true;
  killer.join();
  ExpectSame(whole, Gather(By(3)));
}

}  // namespace
}  // namespace varve::testing
