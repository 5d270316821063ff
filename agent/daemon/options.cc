#include "agent/daemon/options.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "base/duration.h"
#include "base/status.h"
#include "base/yaml_config.h"
#include "snapshot/environment_name.h"

namespace varve {
namespace {

constexpr absl::string_view kDefaultCollector = "127.0.0.1:7447";
constexpr absl::string_view kDefaultState = "/var/lib/varve-agent";
constexpr absl::string_view kDefaultSchedule = "1h";
constexpr absl::Duration kShortestSchedule = absl::Seconds(1);

// The first that says something.
std::string First(const std::string& flag, const std::optional<std::string>& variable,
                  const std::string& file, absl::string_view otherwise) {
  if (!flag.empty()) return flag;
  if (variable.has_value() && !variable->empty()) return *variable;
  return file.empty() ? std::string(otherwise) : file;
}

absl::Status CheckLabels(const std::vector<v1::Label>& labels) {
  std::set<std::string> names;
  for (const v1::Label& label : labels) {
    if (label.name().empty() || !names.insert(label.name()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("label '", label.name(), "' has no name, or is given twice"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> Schedule(const std::string& text) {
  absl::StatusOr<absl::Duration> schedule = ParseDuration(text);
  if (!schedule.ok()) return Annotate(schedule.status(), "schedule");
  if (*schedule >= kShortestSchedule) return schedule;
  return absl::InvalidArgumentError(absl::StrCat("schedule: '", text, "' is less than 1s"));
}

}  // namespace

absl::StatusOr<AgentOptions> ResolveOptions(const AgentFlags& flags, const Variables& variables) {
  v1::AgentConfig file;
  if (!flags.config.empty()) VARVE_RETURN_IF_ERROR(ReadYamlConfig(flags.config, file));
  AgentOptions options;
  options.environment = First(flags.environment, std::nullopt, file.environment(), "");
  if (options.environment.empty()) {
    return absl::InvalidArgumentError(
        "no environment; give --environment NAME, or environment: in the file of --config");
  }
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(options.environment));
  options.labels.assign(file.labels().begin(), file.labels().end());
  VARVE_RETURN_IF_ERROR(CheckLabels(options.labels));
  options.collector.address =
      First(flags.collector, variables("VARVE_COLLECTOR"), file.collector(), kDefaultCollector);
  options.collector.token_file =
      First(flags.token_file, variables("VARVE_TOKEN_FILE"), file.token_file(), "");
  options.collector.ca = First(flags.ca, variables("VARVE_CA"), file.ca(), "");
  options.state = First(flags.state, std::nullopt, file.state(), kDefaultState);
  VARVE_ASSIGN_OR_RETURN(options.schedule, Schedule(First(flags.schedule, std::nullopt,
                                                          file.schedule(), kDefaultSchedule)));
  VARVE_ASSIGN_OR_RETURN(options.sources, SourcesFromConfig(file, variables));
  return options;
}

}  // namespace varve
