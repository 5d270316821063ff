#include "agent/source/models/models_source.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/models/interpreter.h"
#include "agent/source/models/models_section.h"
#include "agent/source/models/reading.h"
#include "snapshot/section_builder.h"

namespace varve {
namespace {

// Source is read without running it: it takes seconds at most, and gets them also where the imports
// took all the time.
constexpr absl::Duration kSourceTime = absl::Seconds(20);

// A home of the interpreter's own, gone with what was left in it.
class Home {
 public:
  Home() {
    std::error_code error;
    std::string pattern =
        (std::filesystem::temp_directory_path(error) / "varve-models-XXXXXX").string();
    if (!error && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~Home() {
    std::error_code ignored;  // a file that cannot be removed now is the system's to clear
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  // "/nonexistent" where none could be made: better than the agent's own.
  std::string path() const { return path_.empty() ? "/nonexistent" : path_; }

 private:
  std::string path_;
};

std::vector<std::string> AbsoluteFolders(const std::vector<std::string>& path) {
  std::vector<std::string> folders;
  for (const std::string& folder : path) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(folder, error);
    folders.push_back(error ? folder : absolute.lexically_normal().string());
  }
  if (folders.empty()) folders.push_back(std::filesystem::current_path().string());
  return folders;
}

class ModelsSource : public Source {
 public:
  ModelsSource(ModelsConfig config, std::shared_ptr<const Redactor> redactor)
      : config_(std::move(config)), redactor_(std::move(redactor)) {
    if (config_.name.empty()) config_.name = "models";
  }

  absl::string_view name() const override { return config_.name; }
  absl::string_view kind() const override { return "models"; }
  std::vector<Section> Gather(const GatherLimits& limits) override;

 private:
  Section Read(const GatherLimits& limits) const;
  ReadingPlan Plan(const GatherLimits& limits, const Home& home) const;

  ModelsConfig config_;
  const std::shared_ptr<const Redactor> redactor_;
};

ReadingPlan ModelsSource::Plan(const GatherLimits& limits, const Home& home) const {
  ReadingPlan plan;
  plan.path = AbsoluteFolders(config_.path);
  plan.modules = config_.modules;
  plan.command.folder = plan.path.front();
  plan.command.environment =
      InterpreterEnvironment(ProcessVariable, home.path(), config_.environment);
  plan.command.memory_limit_bytes = config_.memory_limit_bytes;
  // Only several threads at once can use that up before the deadline.
  plan.command.cpu_limit = config_.timeout;
  plan.command.allow_network = config_.allow_network;
  plan.command.stall_limit = config_.stall_timeout;
  plan.run_deadline = std::min(absl::Now() + config_.timeout, limits.deadline);
  plan.deadline = std::min(plan.run_deadline + kSourceTime, limits.deadline);
  plan.can_run = !config_.static_only;
  plan.any_interpreter = AnyInterpreter(ProcessVariable).value_or("");
  return plan;
}

std::vector<Section> ModelsSource::Gather(const GatherLimits& limits) {
  return OneSection(Read(limits));
}

Section ModelsSource::Read(const GatherLimits& limits) const {
  if (config_.modules.empty()) {
    return SectionBuilder::Unavailable(
        config_.name, "models", "", "reading models", "no module is named",
        "name modules or packages, for example modules: [shop.models]");
  }
  const Home home;
  ReadingPlan plan = Plan(limits, home);
  const absl::StatusOr<std::string> interpreter =
      FindInterpreter(config_.python, plan.path.front(), ProcessVariable);
  // Source can be read by any Python where the application's own is missing.
  plan.command.interpreter = interpreter.ok() ? *interpreter : plan.any_interpreter;
  plan.can_run = plan.can_run && interpreter.ok();
  ModelsReading reading = ReadModels(plan);
  if (!interpreter.ok()) reading.troubles.insert(reading.troubles.begin(), interpreter.status());
  ModelsSectionFacts facts;
  facts.name = config_.name;
  facts.interpreter = interpreter.ok() ? *interpreter : config_.python;
  facts.static_only = config_.static_only;
  facts.allow_network = config_.allow_network;
  return ModelsSection(facts, reading, *redactor_);
}

}  // namespace

std::unique_ptr<Source> MakeModelsSource(ModelsConfig config,
                                         std::shared_ptr<const Redactor> redactor) {
  return std::make_unique<ModelsSource>(std::move(config), std::move(redactor));
}

}  // namespace varve
