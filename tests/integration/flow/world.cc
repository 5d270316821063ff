#include "tests/integration/flow/world.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "tests/support/port.h"

namespace varve::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);

std::string Variable(const char* name, const std::string& otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

std::string Source(absl::string_view path) {
  return absl::StrCat(Variable("VARVE_SOURCE_DIR", "."), "/", path);
}

Finished Run(const Command& command) {
  absl::StatusOr<Finished> finished = RunToEnd(command, kPatience);
  if (finished.ok()) return *std::move(finished);
  ADD_FAILURE() << finished.status();
  return {};
}

}  // namespace

std::string World::python() { return Variable("VARVE_TEST_PYTHON_V2", "python3"); }

std::string World::models_path() { return Source("deploy/demo/models"); }

absl::StatusOr<std::unique_ptr<World>> World::Start() {
  auto world = std::unique_ptr<World>(new World);
  VARVE_ASSIGN_OR_RETURN(world->postgres_, PostgresServer::Start({}));
  VARVE_RETURN_IF_ERROR(world->postgres_->CreateDatabase("documents"));
  VARVE_RETURN_IF_ERROR(world->postgres_->RunFile("documents", Source("deploy/demo/schema.sql")));
  VARVE_ASSIGN_OR_RETURN(const int port, FreePort());
  world->address_ = absl::StrCat("127.0.0.1:", port);
  VARVE_RETURN_IF_ERROR(world->StartCollector());
  VARVE_RETURN_IF_ERROR(world->ReplaceRedis());
  return world;
}

absl::Status World::ReplaceRedis() {
  RedisServerOptions options;
  options.password = std::string(kRedisPassword);
  VARVE_ASSIGN_OR_RETURN(redis_, RedisServer::Start(options));
  std::ostringstream keys;
  keys << std::ifstream(Source("deploy/demo/keys.lua")).rdbuf();
  VARVE_RETURN_IF_ERROR(redis_->Command({"EVAL", keys.str(), "0"}).status());
  return WriteAgentConfig();
}

absl::Status World::WriteAgentConfig() const {
  std::ofstream(Path("redis.password")) << kRedisPassword << "\n";
  std::ofstream config(Path("agent.yaml"));
  config << absl::StrFormat(R"(environment: demo
labels: {tier: demo}
collector: %s
state: %s
token_file: %s
sources:
  - postgres: {name: documents, url: "%s", include_counts: true}
  - redis: {name: cache, url: "redis://127.0.0.1:%d/0", password_file: "%s"}
  - models: {name: app, python: "%s", path: ["%s"], modules: [demo_models]}
)",
                            address_, Path("state"), Path("varve.db.token"),
                            postgres_->Url("documents"), redis_->port(), Path("redis.password"),
                            python(), models_path());
  return config.flush() ? absl::OkStatus()
                        : absl::UnavailableError("the configuration is not written");
}

absl::Status World::StartCollector() {
  VARVE_ASSIGN_OR_RETURN(collector_,
                         Process::Start({ProgramPath("varve-collector"),
                                         {"--listen", address_, "--database", Path("varve.db")},
                                         {},
                                         {}}));
  VARVE_RETURN_IF_ERROR(collector_->AwaitErr("collector ready", kPatience));
  return collector_->AwaitErr("token_file=", kPatience);
}

absl::Status World::StopCollector(int signal) {
  collector_->Signal(signal);
  VARVE_ASSIGN_OR_RETURN(const Exit exit, collector_->Wait(kPatience));
  const Exit expected = signal == SIGKILL ? Exit{-1, SIGKILL} : Exit{0, 0};
  if (exit == expected) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the collector ended with exit ", exit.code, ", signal ",
                                          exit.signal, ": ", collector_->err()));
}

Finished World::Varve(const std::vector<std::string>& arguments) const {
  return Run({ProgramPath("varve"),
              arguments,
              {{"VARVE_COLLECTOR", address_},
               {"VARVE_TOKEN_FILE", Path("varve.db.token")},
               {"XDG_STATE_HOME", Path("xdg")},
               {"LC_ALL", "C.UTF-8"}},
              folder_.path()});
}

Finished World::Snapshot(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {"snapshot",      "--include-counts", "--models", "demo_models",
                                  "--models-path", models_path(),      "--python", python()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Run({ProgramPath("varve"),
              all,
              {{"DATABASE_URL", postgres_->Url("documents")},
               {"REDIS_HOST", "127.0.0.1"},
               {"REDIS_PORT", absl::StrCat(redis_->port())},
               {"REDIS_PASSWORD", std::string(kRedisPassword)},
               {"XDG_STATE_HOME", Path("xdg")},
               {"LC_ALL", "C.UTF-8"}},
              folder_.path()});
}

Finished World::Agent() const {
  return Run({ProgramPath("varve-agent"), {"--config", Path("agent.yaml"), "--once"}, {}, {}});
}

}  // namespace varve::testing
