// Real PostgreSQL servers for tests: private, on loopback, in temporary folders.
#pragma once

#include <sys/types.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/matchers.h"

struct pg_conn;

namespace varve::testing {

// The programs of one version of PostgreSQL.
struct PostgresPrograms {
  int major = 0;
  std::string bin_folder;
  // "OnPostgres15": how a parameterised test ends its name.
  std::string TestName() const;
};

void PrintTo(const PostgresPrograms& programs, std::ostream* out);  // for GoogleTest

// The newest of /usr/lib/postgresql/*/bin. Aborts where there is none: nothing could be tested.
PostgresPrograms NewestPostgres();

// NewestPostgres() and the servers of $VARVE_TEST_POSTGRES_BINDIRS ("12=BINDIR:13=BINDIR:…"), by
// version; of two of one version the variable's.
std::vector<PostgresPrograms> PostgresVersions();

// One session with a server. Not thread-safe. Strings are UTF-8 unless the session says otherwise.
class PostgresSession {
 public:
  // Rows of texts; NULL is "NULL".
  using Rows = std::vector<std::vector<std::string>>;

  // Errors: as the server says. `connection` is a libpq keyword string or URL.
  static absl::StatusOr<std::unique_ptr<PostgresSession>> Open(const std::string& connection);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  // Runs one or more statements: several are one transaction, unless they say BEGIN and COMMIT.
  absl::Status Run(const std::string& sql);
  // The rows of the last statement.
  absl::StatusOr<Rows> Query(const std::string& sql);
  // Sends `sql` and does not wait for its end: for what blocks on a lock. The session takes nothing
  // else afterwards.
  absl::Status Send(const std::string& sql);
  int backend_pid() const;

 private:
  explicit PostgresSession(pg_conn* connection) : connection_(connection) {}
  pg_conn* connection_;
};

// A running server with a superuser `postgres`, and no database but the standard ones. It stops
// when this goes, or when the thread that started it ends. Thread-safe, but for Stop and Start.
class PostgresServer {
 public:
  struct Options {
    PostgresPrograms programs = NewestPostgres();
    // Each session names a user; with `trust` that is enough, else it gives the password (scram).
    bool trust = false;
    std::vector<std::string> settings = {};  // further ones: "max_connections=5"
  };

  // As user `postgres` where the test is root, who may not run it. Errors: with the last words of
  // initdb or the server.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start(const Options& options);
  // A hot standby of `primary`, which is stopped for a moment and copied; it replays what that does
  // from then on. `settings`: further ones. Errors: as of Start.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> StartStandby(
      PostgresServer& primary, const std::vector<std::string>& settings);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  int port() const { return port_; }
  // Of the postmaster, whose children serve the sessions.
  pid_t pid() const { return process_; }
  int major() const { return options_.programs.major; }
  // Of user `postgres`, and of who is made with it; asked for without `trust`.
  static const std::string& password();

  // A libpq keyword string with the password.
  std::string Connection(const std::string& database, const std::string& user = "postgres") const;
  // postgresql://user:password@127.0.0.1:port/database
  std::string Url(const std::string& database, const std::string& user = "postgres") const;

  // `encoding` as PostgreSQL names it; the locale is C.
  absl::Status CreateDatabase(const std::string& name, const std::string& encoding = "UTF8");
  // In a session of their own, as `postgres`.
  absl::StatusOr<std::unique_ptr<PostgresSession>> Open(const std::string& database) const;
  absl::Status Run(const std::string& database, const std::string& sql) const;
  // An SQL script without psql's own commands.
  absl::Status RunFile(const std::string& database, const std::string& path) const;
  absl::StatusOr<PostgresSession::Rows> Query(const std::string& database,
                                              const std::string& sql) const;

  // Stops it at once, and starts it again on the same port with the same data.
  void Stop();
  absl::Status Restart();

 private:
  explicit PostgresServer(Options options) : options_(std::move(options)) {}
  absl::Status InitData();
  absl::Status CopyDataOf(PostgresServer& primary);
  absl::Status LaunchSomewhere();
  absl::Status Launch();
  absl::Status WaitUntilReady();
  std::vector<std::string> Command() const;
  std::string LastWords() const;

  const Options options_;
  TemporaryFolder folder_;
  int port_ = 0;
  pid_t process_ = 0;
};

}  // namespace varve::testing
