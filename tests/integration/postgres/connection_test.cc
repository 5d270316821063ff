// Servers that are not there, refuse, fall silent or go away in the middle of it.
#include "agent/source/postgres/connection.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "agent/source/postgres/session_settings.h"
#include "tests/integration/postgres/postgres_case.h"
#include "tests/support/port.h"
#include "tests/support/silent_server.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Connections : public PostgresCase {
 protected:
  bool NeedsPasswords() const override { return true; }
  // The one error of a section that could not be read at all.
  std::string WhyUnavailable(const PostgresConfig& config, const GatherLimits& limits = {}) const {
    const Gathered gathered(GatherAnyhow(config, limits));
    EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_UNAVAILABLE);
    EXPECT_TRUE(gathered.section().lines.empty());
    EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
    EXPECT_EQ(gathered.Errors().size(), 1u);
    return gathered.Errors().empty() ? "" : gathered.Errors().front();
  }
};
VARVE_ON_EVERY_POSTGRES(Connections);

TEST_P(Connections, WithAWrongPasswordSaySoAndNeverSayIt) {
  PostgresConfig config = Config();
  config.connection =
      absl::StrReplaceAll(config.connection, {{PostgresServer::password(), "s3cret-but-wrong"}});
  EXPECT_THAT(WhyUnavailable(config),
              AllOf(StartsWith("connecting | "), HasSubstr("password authentication failed"),
                    HasSubstr("| mend the user name or the password of this source")));
}

TEST_P(Connections, WithoutAPasswordSayWhereOneCanBeGiven) {
  PostgresConfig config = Config();
  config.connection = absl::StrReplaceAll(
      config.connection,
      {{absl::StrCat("password='", PostgresServer::password(), "'"), "passfile=/nonexistent"}});
  EXPECT_THAT(WhyUnavailable(config),
              AllOf(HasSubstr("no password supplied"), HasSubstr("PGPASSWORD")));
}

TEST_P(Connections, ToADatabaseThatIsMissingNameIt) {
  PostgresConfig config = Config();
  config.connection = server().Connection("nowhere");
  EXPECT_THAT(WhyUnavailable(config), AllOf(HasSubstr("database \"nowhere\" does not exist"),
                                            HasSubstr("mend the database name")));
}

TEST_P(Connections, OfAnUnknownUserNameIt) {
  EXPECT_THAT(WhyUnavailable(Config("nobody_at_all")), HasSubstr("nobody_at_all"));
}

TEST_P(Connections, ThatNobodyListensForSayWhatToDo) {
  const absl::StatusOr<int> port = FreePort();
  VARVE_ASSERT_OK(port);
  PostgresConfig config = Config();
  config.connection = absl::StrCat("host=127.0.0.1 port=", *port, " user=u password=s3cret");
  EXPECT_THAT(WhyUnavailable(config),
              AllOf(HasSubstr("Connection refused"), HasSubstr("start PostgreSQL there")));
}

TEST_P(Connections, ThatAreNoAddressAreNotQuoted) {
  PostgresConfig config = Config();
  config.connection = "host='127.0.0.1 password=s3cret";
  EXPECT_THAT(WhyUnavailable(config), HasSubstr("postgresql://user@host:5432/database"));
}

TEST_P(Connections, ToAServerThatSaysNothingEndInTime) {
  const SilentServer silent;
  PostgresConfig config = Config();
  config.connection =
      absl::StrCat("host=127.0.0.1 port=", silent.port(), " user=u password=s3cret");
  config.connect_timeout = absl::Seconds(2);
  EXPECT_THAT(WhyUnavailable(config), HasSubstr("timeout expired"));
}

TEST_P(Connections, PastTheDeadlineAreNotEvenTried) {
  GatherLimits limits;
  limits.deadline = absl::InfinitePast();
  EXPECT_THAT(WhyUnavailable(Config(), limits), HasSubstr("the time for this read was used up"));
}

TEST_P(Connections, ThatAreRefusedToARoleWithoutConnectSayWhatToGrant) {
  const std::string role = absl::StrCat("stranger_to_", database());
  Run(absl::StrCat("CREATE ROLE ", role, " LOGIN PASSWORD '", PostgresServer::password(),
                   "'; REVOKE CONNECT ON DATABASE ", database(), " FROM PUBLIC"));
  EXPECT_THAT(WhyUnavailable(Config(role)),
              AllOf(HasSubstr("permission denied for database"), HasSubstr("GRANT CONNECT")));
  Run(absl::StrCat("DROP ROLE ", role));
}

// A session of the source's own kind, where the test decides what happens in the middle of a read.
class Sessions : public PostgresCase {
 protected:
  std::unique_ptr<postgres::Connection> Connect() const {
    auto connection =
        postgres::Connection::Open(server().Connection(database()), absl::Seconds(10));
    EXPECT_THAT(connection, IsOk());
    return connection.ok() ? *std::move(connection) : nullptr;
  }
};
VARVE_ON_EVERY_POSTGRES(Sessions);

// In the select list: in FROM the server makes all rows before it sends the first.
constexpr absl::string_view kEndless =
    "COPY (SELECT pg_backend_pid(), generate_series(1, 100000000)) TO STDOUT";

TEST_P(Sessions, ThatAreKilledInTheMiddleOfAReadAreLost) {
  const auto connection = Connect();
  bool killed = false;
  const absl::Status status =
      connection->Copy(std::string(kEndless), [&](absl::Span<const postgres::CopyField> row) {
        if (std::exchange(killed, true)) return;
        Run(absl::StrCat("SELECT pg_terminate_backend(", row[0].text, ")"));
      });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("terminat")));
  EXPECT_TRUE(postgres::IsConnectionLost(status));
  EXPECT_TRUE(postgres::IsConnectionLost(connection->Execute("SELECT 1")));
}

// As replay does it on a standby: it cancels a statement, then ends the session.
TEST_P(Sessions, ThatEndAfterAConflictAreOpenedAnew) {
  const auto connection = Connect();
  int times = 0;
  VARVE_EXPECT_OK(postgres::RetryOnRecoveryConflict(*connection, [&] {
    if (++times > 1) return connection->Execute("SELECT 1");
    absl::Status conflict = connection->Execute(
        "DO $$ BEGIN RAISE 'as of replay' USING ERRCODE = 'serialization_failure'; END $$");
    const absl::Status ended = connection->Execute("SELECT pg_terminate_backend(pg_backend_pid())");
    EXPECT_TRUE(postgres::IsConnectionLost(ended));
    EXPECT_TRUE(connection->is_lost());
    return conflict;
  }));
  EXPECT_EQ(times, 2);
  EXPECT_FALSE(connection->is_lost());
}

TEST_P(Sessions, PastTheirDeadlineAreCancelledAndStayUsable) {
  const auto connection = Connect();
  bool set = false;
  const absl::Status status =
      connection->Copy(std::string(kEndless), [&](absl::Span<const postgres::CopyField>) {
        if (!std::exchange(set, true)) connection->SetDeadline(absl::Now());
      });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("used up")));
  EXPECT_FALSE(postgres::IsConnectionLost(status));
  connection->SetDeadline(absl::InfiniteFuture());
  VARVE_EXPECT_OK(connection->Execute("SELECT 1"));
}

TEST_P(Sessions, SayWhatTheServerSaid) {
  const auto connection = Connect();
  const absl::Status denied = connection->Execute("SELECT * FROM nothing");
  EXPECT_THAT(denied, StatusIs(absl::StatusCode::kFailedPrecondition,
                               "relation \"nothing\" does not exist (42P01)"));
  EXPECT_EQ(postgres::SqlState(denied), "42P01");
  VARVE_EXPECT_OK(connection->Execute("SELECT 1"));
}

TEST_P(Sessions, KeepToTheirTimeLimits) {
  const auto connection = Connect();
  const std::string begin =
      postgres::BeginReadOnly(postgres::Isolation::kReadCommitted,
                              {absl::Milliseconds(50), absl::Milliseconds(20)}, "UTF8");
  EXPECT_THAT(
      connection->Execute(begin + "SELECT pg_sleep(60)"),
      StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("statement timeout (57014)")));
  VARVE_ASSERT_OK(connection->Execute("ROLLBACK"));
  Run("CREATE TABLE busy (id int)");
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  EXPECT_THAT(connection->Execute(begin + "SELECT * FROM public.busy"),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("lock timeout (55P03)")));
}

TEST_P(Sessions, CannotWrite) {
  const auto connection = Connect();
  for (const auto isolation :
       {postgres::Isolation::kReadCommitted, postgres::Isolation::kRepeatableRead}) {
    const std::string begin = postgres::BeginReadOnly(isolation, {}, "UTF8");
    EXPECT_EQ(postgres::SqlState(connection->Execute(begin + "CREATE TABLE t (id int)")), "25006");
    VARVE_ASSERT_OK(connection->Execute("ROLLBACK"));
  }
}

TEST_P(Sessions, LeaveNoSettingBehind) {
  const auto connection = Connect();
  constexpr absl::string_view kSettings =
      "COPY (SELECT name, setting FROM pg_settings ORDER BY name) TO STDOUT";
  const auto settings = [&] {
    std::vector<std::string> lines;
    VARVE_EXPECT_OK(
        connection->Copy(std::string(kSettings), [&](absl::Span<const postgres::CopyField> row) {
          lines.push_back(absl::StrCat(row[0].text, "=", row[1].text));
        }));
    return lines;
  };
  const std::vector<std::string> before = settings();
  VARVE_ASSERT_OK(connection->Execute(
      postgres::BeginReadOnly(postgres::Isolation::kRepeatableRead, {}, "UTF8") + "COMMIT"));
  EXPECT_EQ(settings(), before);
}

}  // namespace
}  // namespace varve::testing
