// varve-agent: gathers snapshots of one environment and hands them to a collector.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "agent/daemon/daemon.h"
#include "agent/daemon/dry_run.h"
#include "agent/daemon/once.h"
#include "agent/daemon/options.h"
#include "agent/daemon/program.h"
#include "agent/daemon/self_check.h"
#include "agent/daemon/signals.h"
#include "agent/daemon/stop.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "base/status.h"
#include "base/version.h"

namespace varve {
namespace {

constexpr char kExamples[] =
    "examples:\n"
    "  varve-agent --config /etc/varve/agent.yaml --check\n"
    "  varve-agent --environment prod-eu --token-file varve.db.token --state ./agent --once\n"
    "  varve-agent --config /etc/varve/agent.yaml\n\n"
    "Without sources in the file it takes DATABASE_URL or PG*, REDIS_URL or REDIS_HOST,\n"
    "VARVE_MODELS. A flag goes before the environment, that before the file.\n"
    "Exits with 0: done; 3: a source that was asked for failed; 2: trouble, what was\n"
    "gathered waits in the outbox.";

struct Modes {
  bool once = false;
  bool check = false;
  bool dry_run = false;
  int count() const { return int{once} + int{check} + int{dry_run}; }
};

void AddFlags(CLI::App& app, AgentFlags& flags, Modes& modes) {
  app.add_option("--config", flags.config, "Configuration file (YAML)")->type_name("FILE");
  const auto add = [&app](const std::string& name, std::string& value, const std::string& help,
                          const std::string& type) {
    app.add_option(name, value, help)->type_name(type)->group("In place of the file's keys");
  };
  add("--environment", flags.environment, "Name of what is observed", "NAME");
  add("--collector", flags.collector,
      "HOST:PORT or unix:PATH; else VARVE_COLLECTOR, else 127.0.0.1:7447", "ADDRESS");
  add("--state", flags.state, "Folder of the outbox; else /var/lib/varve-agent", "DIR");
  add("--token-file", flags.token_file, "File with the agent's token; else VARVE_TOKEN_FILE",
      "FILE");
  add("--ca", flags.ca, "CA of the collector's certificate; else VARVE_CA", "FILE");
  add("--schedule", flags.schedule, "From one snapshot to the next: 15m; else 1h", "TIME");
  const auto add_mode = [&app](const std::string& name, bool& value, const std::string& help) {
    app.add_flag(name, value, help)->group("Instead of running on");
  };
  add_mode("--once", modes.once, "Take one snapshot, deliver all that waits, and exit");
  add_mode("--check", modes.check, "Try each source and the collector; say what to grant or set");
  add_mode("--dry-run", modes.dry_run, "Print what would leave the host, as JSON; send nothing");
}

absl::StatusOr<ExitCode> RunMode(const Modes& modes, const AgentOptions& options,
                                 StopSignal& stop) {
  if (modes.count() == 0) {
    VARVE_RETURN_IF_ERROR(RunDaemon(options, stop));
    return ExitCode::kDone;
  }
  log::SetLevel(log::Level::kWarning);  // the day's story is for daemons
  if (modes.check) return RunSelfCheck(options, stop);
  return modes.once ? RunOnce(options, stop) : RunDry(options, stop);
}

absl::StatusOr<ExitCode> Run(const AgentFlags& flags, const Modes& modes) {
  if (modes.count() > 1) {
    return absl::InvalidArgumentError("give one of --once, --check and --dry-run, not several");
  }
  VARVE_ASSIGN_OR_RETURN(const AgentOptions options, ResolveOptions(flags, ProcessVariable));
  StopSignal stop;
  const StopOnSignals signals(stop);
  return RunMode(modes, options, stop);
}

// Fills `flags` and `modes`; gives the exit code where nothing is left to do. CLI11's exceptions
// end here.
std::optional<int> ParseCommandLine(int argc, char** argv, AgentFlags& flags, Modes& modes) {
  try {
    CLI::App app(
        "Takes snapshots of the PostgreSQL, Redis and models of one environment, and hands\n"
        "them to a collector.",
        kAgentProgram);
    app.footer(kExamples);
    app.set_version_flag("--version", absl::StrCat(kAgentProgram, " ", kVersion));
    AddFlags(app, flags, modes);
    try {
      app.parse(argc, argv);
    } catch (const CLI::Success& e) {
      return app.exit(e);
    }
    return std::nullopt;
  } catch (const std::exception& e) {
    Tell(absl::StrCat(e.what(), "; see varve-agent --help"));
    return static_cast<int>(ExitCode::kTrouble);
  }
}

int Main(int argc, char** argv) {
  AgentFlags flags;
  Modes modes;
  const std::optional<int> answered = ParseCommandLine(argc, argv, flags, modes);
  if (answered.has_value()) return *answered;
  const absl::StatusOr<ExitCode> done = Run(flags, modes);
  if (done.ok()) return static_cast<int>(*done);
  Tell(done.status().message());
  return static_cast<int>(ExitCode::kTrouble);
}

}  // namespace
}  // namespace varve

int main(int argc, char** argv) {
  const int code = varve::Main(argc, argv);
  std::fflush(stdout);
  // A read that was given up may still run on a thread of its own: nothing is destroyed under it.
  std::_Exit(code);
}
