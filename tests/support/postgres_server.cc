#include "tests/support/postgres_server.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/support/port.h"
#include "tests/support/server_process.h"

namespace varve::testing {
namespace {

constexpr const char* kDebianVersions = "/usr/lib/postgresql";
constexpr absl::Duration kStartTime = absl::Minutes(1);

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Newest last.
std::map<int, PostgresPrograms> DebianVersions() {
  std::map<int, PostgresPrograms> versions;
  std::error_code none;  // then there are no folders to go through
  for (const auto& entry : std::filesystem::directory_iterator(kDebianVersions, none)) {
    int major = 0;
    const std::string bin = (entry.path() / "bin").string();
    if (!absl::SimpleAtoi(entry.path().filename().string(), &major)) continue;
    if (std::filesystem::exists(bin + "/initdb")) versions[major] = {major, bin};
  }
  return versions;
}

}  // namespace

std::string PostgresPrograms::TestName() const { return absl::StrCat("OnPostgres", major); }

void PrintTo(const PostgresPrograms& programs, std::ostream* out) {
  *out << "PostgreSQL " << programs.major << " of " << programs.bin_folder;
}

PostgresPrograms NewestPostgres() {
  const std::map<int, PostgresPrograms> versions = DebianVersions();
  if (versions.empty()) {
    std::fprintf(stderr, "no %s/*/bin/initdb: install the package postgresql\n", kDebianVersions);
    std::abort();
  }
  return versions.rbegin()->second;
}

std::vector<PostgresPrograms> PostgresVersions() {
  const PostgresPrograms newest = NewestPostgres();
  std::map<int, PostgresPrograms> versions = {{newest.major, newest}};
  const char* const further = std::getenv("VARVE_TEST_POSTGRES_BINDIRS");
  for (const absl::string_view item :
       absl::StrSplit(further == nullptr ? "" : further, ':', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> named =
        absl::StrSplit(item, absl::MaxSplits('=', 1));
    int major = 0;
    if (!absl::SimpleAtoi(named.first, &major)) {
      std::fprintf(stderr, "VARVE_TEST_POSTGRES_BINDIRS: '%s' is no VERSION=FOLDER\n",
                   std::string(item).c_str());
      std::abort();
    }
    versions[major] = {major, std::string(named.second)};
  }
  std::vector<PostgresPrograms> list;
  for (auto& [major, programs] : versions) list.push_back(std::move(programs));
  return list;
}

const std::string& PostgresServer::password() {
  static const std::string password = "s3cret-of-the-tests-server";
  return password;
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start(const Options& options) {
  std::unique_ptr<PostgresServer> server(new PostgresServer(options));
  VARVE_RETURN_IF_ERROR(server->InitData());
  VARVE_RETURN_IF_ERROR(server->LaunchSomewhere());
  return server;
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::StartStandby(
    PostgresServer& primary, const std::vector<std::string>& settings) {
  Options options = primary.options_;
  options.settings.insert(options.settings.end(), settings.begin(), settings.end());
  std::unique_ptr<PostgresServer> server(new PostgresServer(std::move(options)));
  VARVE_RETURN_IF_ERROR(server->CopyDataOf(primary));
  VARVE_RETURN_IF_ERROR(server->LaunchSomewhere());
  return server;
}

absl::Status PostgresServer::LaunchSomewhere() {
  VARVE_ASSIGN_OR_RETURN(port_, FreePort());
  return Launch();
}

PostgresServer::~PostgresServer() { Stop(); }

absl::Status PostgresServer::InitData() {
  VARVE_RETURN_IF_ERROR(GiveToServerUser(folder_.path()));
  const std::string password_file = folder_.Path("password");
  std::ofstream(password_file) << password() << "\n";
  VARVE_RETURN_IF_ERROR(GiveToServerUser(password_file));
  VARVE_ASSIGN_OR_RETURN(
      const pid_t initdb,
      StartProcess(
          {options_.programs.bin_folder + "/initdb", "-D", folder_.Path("data"), "-U", "postgres",
           "-A", options_.trust ? "trust" : "scram-sha-256",
           absl::StrCat("--pwfile=", password_file), "-E", "UTF8", "--locale=C", "--no-sync"},
          folder_.Path("log")));
  if (WaitForProcess(initdb) != 0) {
    return absl::UnavailableError(absl::StrCat("initdb: ", LastWords()));
  }
  return absl::OkStatus();
}

absl::Status PostgresServer::CopyDataOf(PostgresServer& primary) {
  VARVE_RETURN_IF_ERROR(GiveToServerUser(folder_.path()));
  const std::string data = folder_.Path("data");
  VARVE_RETURN_IF_ERROR(primary.Run("postgres", "CHECKPOINT"));  // it flushes late
  primary.Stop();
  VARVE_ASSIGN_OR_RETURN(
      const pid_t copy,
      StartProcess({"/bin/cp", "-a", primary.folder_.Path("data"), data}, folder_.Path("log")));
  const int copied = WaitForProcess(copy);
  VARVE_RETURN_IF_ERROR(primary.Launch());
  if (copied != 0) return absl::UnavailableError(absl::StrCat("cp: ", LastWords()));
  std::filesystem::remove(data + "/postmaster.pid");
  // In a file: a process's arguments are everybody's to read.
  std::ofstream(data + "/postgresql.auto.conf", std::ios::app)
      << "primary_conninfo = '"
      << absl::StrReplaceAll(primary.Connection("postgres"), {{"'", "''"}}) << "'\n";
  std::ofstream(data + "/standby.signal").flush();
  return GiveToServerUser(data + "/standby.signal");
}

std::vector<std::string> PostgresServer::Command() const {
  std::vector<std::string> command = {options_.programs.bin_folder + "/postgres", "-D",
                                      folder_.Path("data"), "-p", absl::StrCat(port_)};
  std::vector<std::string> settings = {"listen_addresses=127.0.0.1",
                                       "unix_socket_directories=",
                                       "fsync=off",
                                       "synchronous_commit=off",
                                       "full_page_writes=off",
                                       "shared_buffers=16MB",
                                       "max_connections=20",
                                       "max_locks_per_transaction=256",
                                       "wal_level=logical",  // for who subscribes to it
                                       "autovacuum=off"};    // figures move when the test says so
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  for (std::string& setting : settings) {
    command.emplace_back("-c");
    command.push_back(std::move(setting));
  }
  return command;
}

absl::Status PostgresServer::Launch() {
  VARVE_ASSIGN_OR_RETURN(process_, StartProcess(Command(), folder_.Path("log")));
  absl::Status ready = WaitUntilReady();
  if (!ready.ok()) Stop();
  return ready;
}

absl::Status PostgresServer::WaitUntilReady() {
  const absl::Time end = absl::Now() + kStartTime;
  const std::string address =
      absl::StrCat("host=127.0.0.1 dbname=postgres user=postgres port=", port_);
  while (PQping(address.c_str()) != PQPING_OK) {
    if (!IsRunning(process_)) return absl::UnavailableError(LastWords());
    if (absl::Now() > end) return absl::DeadlineExceededError(LastWords());
    poll(nullptr, 0, 20);  // a server tells nobody that it is ready
  }
  return absl::OkStatus();
}

std::string PostgresServer::LastWords() const {
  constexpr size_t kMost = 1000;
  const std::string log = ReadFile(folder_.Path("log"));
  return log.substr(log.size() - std::min(log.size(), kMost));
}

void PostgresServer::Stop() {
  if (process_ == 0) return;
  kill(process_, SIGQUIT);
  WaitForProcess(std::exchange(process_, 0));
}

absl::Status PostgresServer::Restart() {
  Stop();
  return Launch();
}

std::string PostgresServer::Connection(const std::string& database, const std::string& user) const {
  return absl::StrCat("host=127.0.0.1 port=", port_, " user='", user, "' dbname='", database,
                      "' password='", password(), "'");
}

std::string PostgresServer::Url(const std::string& database, const std::string& user) const {
  return absl::StrCat("postgresql://", user, ":", password(), "@127.0.0.1:", port_, "/", database);
}

absl::Status PostgresServer::CreateDatabase(const std::string& name, const std::string& encoding) {
  return Run("postgres", absl::StrCat("CREATE DATABASE \"", name, "\" ENCODING '", encoding,
                                      "' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"));
}

absl::StatusOr<std::unique_ptr<PostgresSession>> PostgresServer::Open(
    const std::string& database) const {
  return PostgresSession::Open(Connection(database));
}

absl::Status PostgresServer::Run(const std::string& database, const std::string& sql) const {
  return Query(database, sql).status();
}

absl::Status PostgresServer::RunFile(const std::string& database, const std::string& path) const {
  const std::string script = ReadFile(path);
  if (script.empty()) return absl::NotFoundError(absl::StrCat("no script ", path));
  return Annotate(Run(database, script), path);
}

absl::StatusOr<PostgresSession::Rows> PostgresServer::Query(const std::string& database,
                                                            const std::string& sql) const {
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<PostgresSession> session, Open(database));
  return session->Query(sql);
}

}  // namespace varve::testing
