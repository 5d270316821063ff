// PgBouncer in transaction mode: what one client leaves in a server session the next one finds.
#include <csignal>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/postgres/postgres_case.h"
#include "tests/support/port.h"
#include "tests/support/process.h"
#include "tests/support/server_process.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

constexpr const char* kPgBouncer = "/usr/sbin/pgbouncer";

class Pooler : public PostgresCase {
 protected:
  void SetUp() override {
    PostgresCase::SetUp();
    const absl::StatusOr<int> port = FreePort();
    VARVE_ASSERT_OK(port);
    port_ = *port;
    std::ofstream(folder_.Path("users"))
        << "\"postgres\" \"" << PostgresServer::password() << "\"\n";
    // One session with the server, so that all clients share it.
    std::ofstream(folder_.Path("pgbouncer.ini"))
        << "[databases]\n* = host=127.0.0.1 port=" << server().port()
        << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
        << "\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = " << folder_.Path("users")
        << "\npool_mode = transaction\ndefault_pool_size = 1\nreserve_pool_size = 0\n";
    for (const std::string& path : {folder_.path(), folder_.Path("users")}) {
      VARVE_ASSERT_OK(GiveToServerUser(path));
    }
    const auto started =
        StartProcess({kPgBouncer, folder_.Path("pgbouncer.ini")}, folder_.Path("log"));
    ASSERT_THAT(started, IsOk()) << kPgBouncer;
    process_ = *started;
    const absl::Time end = absl::Now() + absl::Minutes(1);
    while (!PostgresSession::Open(Pooled()).ok()) {
      ASSERT_TRUE(IsRunning(process_)) << kPgBouncer << " ended";
      ASSERT_LT(absl::Now(), end);
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  void TearDown() override {
    if (process_ != 0) {
      kill(process_, SIGTERM);
      WaitForProcess(process_);
    }
    PostgresCase::TearDown();
  }

  std::string Pooled() const {
    return absl::StrCat("host=127.0.0.1 port=", port_, " user=postgres dbname='", database(),
                        "' password='", PostgresServer::password(), "'");
  }
  // The server's session that clients share, and its settings.
  PostgresSession::Rows SharedSession() const {
    const auto session = PostgresSession::Open(Pooled());
    EXPECT_THAT(session, IsOk());
    const auto rows = (*session)->Query(
        "SELECT pg_backend_pid()::text, '' UNION ALL SELECT name, setting FROM pg_settings "
        "WHERE name <> 'application_name' ORDER BY 1, 2");
    EXPECT_THAT(rows, IsOk());
    return rows.ok() ? *rows : PostgresSession::Rows();
  }

 private:
  TemporaryFolder folder_;
  int port_ = 0;
  pid_t process_ = 0;
};
VARVE_ON_EVERY_POSTGRES(Pooler);

TEST_P(Pooler, IsReadThroughAndLeftAsItWas) {
  Run("CREATE TABLE t (id int CHECK (id > 0), b int GENERATED ALWAYS AS (id * 2) STORED);"
      "CREATE VIEW v AS SELECT id FROM t; CREATE SEQUENCE s");
  const Gathered direct = Gather();
  const PostgresSession::Rows before = SharedSession();
  PostgresConfig config = Config();
  config.connection = Pooled();
  config.include_counts = true;
  config.cluster = true;
  const std::vector<Section> sections = GatherSections(config);
  ASSERT_EQ(sections.size(), 2);
  EXPECT_EQ(sections[0].header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_NE(sections[1].header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  const Gathered pooled(sections[0]);
  EXPECT_THAT(pooled.Errors(), IsEmpty());
  EXPECT_THAT(Differences(direct, pooled), IsEmpty());
  EXPECT_EQ(SharedSession(), before);
}

}  // namespace
}  // namespace varve::testing
