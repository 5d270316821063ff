#include "tests/integration/flow/fleet.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace varve::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(2);

std::string DatabaseOf(const std::string& environment) {
  return absl::StrReplaceAll(environment, {{"-", "_"}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<FleetWorld>> FleetWorld::Start() {
  auto world = std::unique_ptr<FleetWorld>(new FleetWorld);
  world->address_ = absl::StrCat("unix:", world->Path("collector"));
  VARVE_ASSIGN_OR_RETURN(world->postgres_, PostgresServer::Start({}));
  VARVE_ASSIGN_OR_RETURN(
      world->collector_,
      Process::Start({ProgramPath("varve-collector"),
                      {"--listen", world->address_, "--database", world->Path("varve.db")},
                      {},
                      ""}));
  VARVE_RETURN_IF_ERROR(world->collector_->AwaitErr("collector ready", kPatience));
  return world;
}

absl::Status FleetWorld::Add(const std::string& environment, const std::string& labels) {
  labels_[environment] = labels;
  return postgres_->CreateDatabase(DatabaseOf(environment));
}

void FleetWorld::AddSource(const std::string& environment, const std::string& source) {
  absl::StrAppend(&more_sources_[environment], "  - ", source, "\n");
}

absl::Status FleetWorld::Run(const std::string& environment, const std::string& sql) {
  return postgres_->Run(DatabaseOf(environment), sql);
}

Finished FleetWorld::Agent(const std::string& environment, const std::string& more_of_source) {
  const std::string file = Path(absl::StrCat(environment, ".yaml"));
  std::ofstream(file, std::ios::trunc) << absl::StrFormat(
      "environment: %s\nlabels: {%s}\ncollector: \"%s\"\nstate: %s\ntoken_file: %s\n"
      "sources:\n  - postgres: {name: shop, url: \"%s\", cluster: false%s}\n%s",
      environment, labels_[environment], address_, Path("state-" + environment),
      Path("varve.db.token"), postgres_->Url(DatabaseOf(environment)), more_of_source,
      more_sources_[environment]);
  return Program(ProgramPath("varve-agent"), {"--config", file, "--once"});
}

Finished FleetWorld::Varve(const std::vector<std::string>& arguments) const {
  return Program(ProgramPath("varve"), arguments);
}

Finished FleetWorld::Program(const std::string& program,
                             const std::vector<std::string>& arguments) const {
  absl::StatusOr<Finished> finished = RunToEnd({program,
                                                arguments,
                                                {{"VARVE_COLLECTOR", address_},
                                                 {"VARVE_TOKEN_FILE", Path("varve.db.token")},
                                                 {"LC_ALL", "C.UTF-8"}},
                                                folder_.path()},
                                               kPatience);
  if (finished.ok()) return *std::move(finished);
  ADD_FAILURE() << finished.status();
  return {};
}

}  // namespace varve::testing
