// varve-collector: keeps what agents send, and answers what is asked of it.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/log.h"
#include "base/status.h"
#include "base/version.h"
#include "base/yaml_config.h"
#include "collector/server.h"
#include "collector/token.h"
#include "storage/sqlite/sqlite_store.h"
#include "varve/v1/collector_config.pb.h"

namespace varve {
namespace {

constexpr int kTrouble = 2;
constexpr char kDefaultListen[] = "127.0.0.1:7447";
constexpr char kExamples[] =
    "examples:\n"
    "  varve-collector --database varve.db\n"
    "  varve-collector --listen unix:/run/varve/collector.sock --database /var/lib/varve/varve.db\n"
    "  varve-collector --config /etc/varve/collector.yaml\n\n"
    "The admin token is written beside the database on the first start: FILE.token.";

struct Flags {
  std::string config;
  std::string listen;
  std::string database;
};

// Flag before file before default.
absl::StatusOr<v1::CollectorConfig> Configure(const Flags& flags) {
  v1::CollectorConfig config;
  if (!flags.config.empty()) VARVE_RETURN_IF_ERROR(ReadYamlConfig(flags.config, config));
  if (!flags.listen.empty()) config.set_listen(flags.listen);
  if (!flags.database.empty()) config.set_database(flags.database);
  if (config.listen().empty()) config.set_listen(kDefaultListen);
  if (config.database().empty()) {
    return absl::InvalidArgumentError(
        "no database is named; give --database FILE, or database: in the configuration file");
  }
  return config;
}

// SIGTERM and SIGINT are blocked in every thread and waited for here. Must be called before any
// thread starts.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Why the store can write no more; OK while it can.
class Breakage {
 public:
  // Stops the collector: after a failed write only a new start knows what reached the disk, and
  // whoever runs it should see it end.
  void Tell(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      status_ = status;
    }
    kill(getpid(), SIGTERM);
  }
  absl::Status status() const {
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

absl::Status Serve(const v1::CollectorConfig& config, const sigset_t& stop_signals) {
  Breakage breakage;
  SqliteOptions options;
  options.on_broken = [&breakage](const absl::Status& status) { breakage.Tell(status); };
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<SnapshotStore> store,
                         OpenSqliteStore(config.database(), options));
  VARVE_ASSIGN_OR_RETURN(const std::string token,
                         LoadOrMakeAdminToken(absl::StrCat(config.database(), ".token")));
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<CollectorServer> server,
                         CollectorServer::Start(config, *store, token));
  log::Info("collector ready", {{"listen", server->address()},
                                {"database", config.database()},
                                {"token_file", absl::StrCat(config.database(), ".token")},
                                {"version", kVersion}});
  int signal = 0;
  sigwait(&stop_signals, &signal);
  log::Info("collector stops", {{"signal", signal == SIGTERM ? "TERM" : "INT"}});
  server->Stop();
  return breakage.status();
}

int Main(int argc, char** argv) {
  const sigset_t stop_signals = BlockStopSignals();
  Flags flags;
  CLI::App app("Keeps the snapshots that agents send, in SQLite, and answers questions about them.",
               "varve-collector");
  app.footer(kExamples);
  app.set_version_flag("--version", absl::StrCat("varve-collector ", kVersion));
  app.add_option("--config", flags.config, "Configuration file (YAML)")->type_name("FILE");
  app.add_option("--listen", flags.listen,
                 absl::StrCat("HOST:PORT, [V6]:PORT or unix:PATH; default ", kDefaultListen))
      ->type_name("ADDRESS");
  app.add_option("--database", flags.database, "File of the SQLite database")->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    std::fprintf(stderr, "varve-collector: %s; see varve-collector --help\n", e.what());
    return kTrouble;
  }
  const absl::StatusOr<v1::CollectorConfig> config = Configure(flags);
  const absl::Status status = config.ok() ? Serve(*config, stop_signals) : config.status();
  if (status.ok()) return 0;
  std::fprintf(stderr, "varve-collector: %s\n", std::string(status.message()).c_str());
  return kTrouble;
}

}  // namespace
}  // namespace varve

int main(int argc, char** argv) { return varve::Main(argc, argv); }
