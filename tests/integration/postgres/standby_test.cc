// A hot standby is read like its primary, whatever replay does to the session meanwhile.
#include <future>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

class Standby : public PostgresCase {
 protected:
  void SetUp() override {
    PostgresCase::SetUp();
    Run("CREATE TABLE busy (id int CHECK (id > 0), b int GENERATED ALWAYS AS (id * 2) STORED);"
        "CREATE VIEW over_busy AS SELECT id FROM busy; CREATE SEQUENCE s;"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    auto started = PostgresServer::StartStandby(server(), {"max_standby_streaming_delay=0"});
    ASSERT_THAT(started, IsOk());
    standby_ = *std::move(started);
    CatchUp();
  }
  void TearDown() override {
    standby_.reset();
    PostgresCase::TearDown();
  }

  // Until the standby has replayed all that the primary did.
  void CatchUp() const {
    Run("SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'test', '')");
    const std::string position = Ask("SELECT pg_current_wal_insert_lsn()").front();
    WaitFor(absl::StrCat("SELECT pg_last_wal_replay_lsn() >= '", position, "'"));
  }
  // Until the standby answers `t`.
  void WaitFor(const std::string& question) const {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    while (true) {
      const auto answer = standby_->Query("postgres", question);
      if (answer.ok() && answer->front().front() == "t") return;
      ASSERT_LT(absl::Now(), end) << question;
      absl::SleepFor(absl::Milliseconds(10));
    }
  }

  PostgresConfig StandbyConfig() const {
    PostgresConfig config = Config();
    config.connection = standby_->Connection(database());
    config.lock_timeout = absl::Minutes(1);
    return config;
  }

  // What gathering gives that waits for a lock of the primary's on `relation`, and is ended by
  // replay while it does.
  Gathered GatherThroughConflict(const std::string& relation) const {
    const auto holder = Open();
    VARVE_EXPECT_OK(
        holder->Run(absl::StrCat("BEGIN; LOCK TABLE ", relation, " IN ACCESS EXCLUSIVE MODE")));
    CatchUp();
    std::future<Gathered> gathered =
        std::async(std::launch::async, [this] { return Gather(StandbyConfig()); });
    const std::string waiting =
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'varve-agent' AND "
        "wait_event_type = 'Lock'";
    WaitFor(waiting);
    const auto now = standby_->Query("postgres", "SELECT clock_timestamp()");
    EXPECT_THAT(now, IsOk());
    for (const char* const catalog : {"pg_class", "pg_attrdef", "pg_constraint", "pg_rewrite"}) {
      Run(absl::StrCat("VACUUM FULL pg_catalog.", catalog));  // replay locks what the read has open
    }
    WaitFor(absl::StrCat(waiting, " AND query_start > '", now->front().front(), "'"));
    VARVE_EXPECT_OK(holder->Run("COMMIT"));
    return gathered.get();
  }

  std::unique_ptr<PostgresServer> standby_;
};
VARVE_ON_EVERY_POSTGRES(Standby);

TEST_P(Standby, IsReadLikeItsPrimary) {
  const Gathered primary = Gather();
  const Gathered standby = Gather(StandbyConfig());
  EXPECT_THAT(Differences(primary, standby), IsEmpty());
  EXPECT_EQ(primary.section().header.manifest_hash(), standby.section().header.manifest_hash());
  EXPECT_EQ(standby.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(standby.Errors(), IsEmpty());
}

TEST_P(Standby, KeepsThePasswordOfItsPrimaryToItself) {
  PostgresConfig config = StandbyConfig();
  config.cluster = true;
  const std::vector<Section> sections = GatherSections(config);
  ASSERT_EQ(sections.size(), 2);
  for (const Section& section : sections) {
    EXPECT_THAT(Gathered(section).Mentioning(PostgresServer::password()), IsEmpty());
  }
}

TEST_P(Standby, IsReadAgainWhereReplayEndsTheSession) {
  const Gathered before = Gather(StandbyConfig());
  // No session opens pg_policy to begin.
  const Gathered after = GatherThroughConflict("pg_catalog.pg_policy");
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_EQ(after.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(after.Errors(), IsEmpty());
}

TEST_P(Standby, IsReadAgainWhereReplayEndsThePrintingOfExpressions) {
  const Gathered before = Gather(StandbyConfig());
  const Gathered after = GatherThroughConflict("busy");
  EXPECT_THAT(Differences(before, after), IsEmpty());
  EXPECT_EQ(after.section().header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(after.Errors(), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
