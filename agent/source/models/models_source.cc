#include "agent/source/models/models_source.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
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

// A file's models go by its path below `folder`, those of the OpenAPI document by that word: its
// address differs from one environment to the next.
std::vector<ModelsDocument> DocumentsOf(const ModelsConfig& config, const std::string& folder) {
  std::vector<ModelsDocument> documents;
  const std::filesystem::path base(folder);
  for (const std::string& file : config.json_schemas) {
    const std::filesystem::path place = (base / file).lexically_normal();
    const std::string below = place.lexically_relative(base).string();
    const bool is_below = !below.empty() && !absl::StartsWith(below, "..");
    documents.push_back(
        {"json_schema", place.string(), is_below ? below : place.filename().string()});
  }
  if (config.openapi.empty()) return documents;
  const bool is_address =
      absl::StartsWith(config.openapi, "http://") || absl::StartsWith(config.openapi, "https://");
  documents.push_back(
      {"openapi", is_address ? config.openapi : (base / config.openapi).string(), "openapi"});
  return documents;
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
  // A read that may be given again.
  struct Kept {
    ModelsReading reading;
    absl::Time read_at;
  };

  Section Read(const GatherLimits& limits);
  Kept ReadOrKeep(const ReadingPlan& plan);
  ReadingPlan Plan(const GatherLimits& limits, const Home& home) const;
  absl::StatusOr<std::string> TakeInterpreter(ReadingPlan& plan) const;

  ModelsConfig config_;
  std::optional<Kept> kept_;
  const std::shared_ptr<const Redactor> redactor_;
};

ReadingPlan ModelsSource::Plan(const GatherLimits& limits, const Home& home) const {
  ReadingPlan plan;
  const std::vector<std::string> here = AbsoluteFolders(config_.path);
  plan.elsewhere = config_.command;
  plan.environment = config_.environment;
  plan.path = plan.elsewhere.empty() ? here : config_.path;
  plan.modules = config_.modules;
  plan.documents = DocumentsOf(config_, here.front());
  plan.leans = config_.full_read_every > absl::ZeroDuration();
  plan.command.folder = plan.elsewhere.empty() ? here.front() : "/";
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
  for (const std::string& variable : plan.command.environment) {
    if (absl::StartsWith(variable, "PYTHONPATH=")) {
      plan.also =
          absl::StrSplit(absl::StripPrefix(variable, "PYTHONPATH="), ':', absl::SkipEmpty());
    }
  }
  return plan;
}

std::vector<Section> ModelsSource::Gather(const GatherLimits& limits) {
  return OneSection(Read(limits));
}

// Sets what runs the script. Errors: as FindInterpreter; source can be read by any Python then.
absl::StatusOr<std::string> ModelsSource::TakeInterpreter(ReadingPlan& plan) const {
  if (!plan.elsewhere.empty()) {
    absl::StatusOr<std::string> program =
        FindInterpreter(plan.elsewhere.front(), "", ProcessVariable);
    plan.can_run = plan.can_run && program.ok();
    if (program.ok()) {
      plan.elsewhere.front() = *program;
    } else {
      plan.elsewhere.clear();
      plan.is_applications = false;
    }
    return program;
  }
  absl::StatusOr<std::string> interpreter =
      FindInterpreter(config_.python, plan.path.front(), ProcessVariable);
  plan.command.interpreter = interpreter.ok() ? *interpreter : plan.any_interpreter;
  plan.can_run = plan.can_run && interpreter.ok();
  plan.is_applications = interpreter.ok();
  return interpreter;
}

// The last read where it still holds, else a new one.
ModelsSource::Kept ModelsSource::ReadOrKeep(const ReadingPlan& plan) {
  if (kept_.has_value() && absl::Now() - kept_->read_at < config_.full_read_every &&
      IsUnchanged(plan, kept_->reading.leaned_on)) {
    return *kept_;
  }
  kept_.reset();
  Kept read = {{}, absl::Now()};
  read.reading = ReadModels(plan);
  if (plan.leans && IsWhole(plan, read.reading)) kept_ = read;
  return read;
}

Section ModelsSource::Read(const GatherLimits& limits) {
  if (config_.modules.empty() && config_.json_schemas.empty() && config_.openapi.empty()) {
    return SectionBuilder::Unavailable(
        config_.name, "models", "", "reading models", "no module is named",
        "name modules or packages, for example modules: [shop.models]");
  }
  const Home home;
  ReadingPlan plan = Plan(limits, home);
  ModelsSectionFacts facts;
  facts.name = config_.name;
  facts.static_only = config_.static_only;
  facts.allow_network = config_.allow_network;
  facts.has_modules = !config_.modules.empty();
  Kept read;
  if (facts.has_modules) {
    const absl::StatusOr<std::string> interpreter = TakeInterpreter(plan);
    // Its arguments may be anybody's secrets.
    facts.interpreter = !config_.command.empty() ? config_.command.front()
                        : interpreter.ok()       ? *interpreter
                                                 : config_.python;
    read = ReadOrKeep(plan);
    if (!interpreter.ok()) {
      read.reading.troubles.insert(read.reading.troubles.begin(), interpreter.status());
    }
  }
  facts.read_at = read.read_at;
  ReadDocuments(plan, read.reading);
  return ModelsSection(facts, read.reading, *redactor_);
}

}  // namespace

std::unique_ptr<Source> MakeModelsSource(ModelsConfig config,
                                         std::shared_ptr<const Redactor> redactor) {
  return std::make_unique<ModelsSource>(std::move(config), std::move(redactor));
}

}  // namespace varve
