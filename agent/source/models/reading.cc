#include "agent/source/models/reading.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/source/models/probe_run.h"
#include "agent/source/models/probe_script.h"

namespace varve {
namespace {

constexpr int kMostRestarts = 10;
constexpr int kOldestForSource =
    8;  // Python 3.8: older ones have other nodes in their syntax trees
// No bytecode is written and nothing buffered; not -I or -E, which would drop PYTHONPATH and the
// hash seed.
const char* const kArguments[] = {"-B", "-u", "-X", "utf8", "-W", "ignore", "-"};

int MinorOf(absl::string_view python) {
  const std::vector<absl::string_view> parts = absl::StrSplit(python, '.');
  int minor = 0;
  if (parts.size() < 2 || parts[0] != "3" || !absl::SimpleAtoi(parts[1], &minor)) return 0;
  return minor;
}

// One read: its runs, and what they leave.
class Reader {
 public:
  explicit Reader(const ReadingPlan& plan) : plan_(plan) {}

  ModelsReading Read() {
    if (plan_.can_run) ImportAll();
    ReadSources();
    return std::move(reading_);
  }

 private:
  void ImportAll();
  void ReadSources();
  std::optional<ProbeRun> Run(const std::string& interpreter, const ProbeRequest& request,
                              absl::Time deadline);
  bool Blame(const ProbeRun& run, ProbeRequest& request);
  void Keep(ProbeRun run);
  void KeepPart(ProbeRun run);
  void KeepSource(ProbeRun run, const std::set<std::string>& modules, bool knew_modules);
  void AddMissingRoot(const std::string& root);
  absl::Status Explained(const ProbeRun& run) const;
  ProbeRequest Request() const;

  const ReadingPlan& plan_;
  ModelsReading reading_;
  int generation_ = 0;
  std::set<std::string> models_by_source_;  // ids that no run could describe
};

ProbeRequest Reader::Request() const {
  ProbeRequest request;
  request.descriptor = kAnswerDescriptor;
  request.path = plan_.path;
  request.modules = plan_.modules;
  return request;
}

// Runs the probe; nothing where it could not be started, which is noted.
std::optional<ProbeRun> Reader::Run(const std::string& interpreter, const ProbeRequest& request,
                                    absl::Time deadline) {
  ProbeCommand command = plan_.command;
  command.interpreter = interpreter;
  command.arguments.assign(std::begin(kArguments), std::end(kArguments));
  command.script = ProbeScript(request);
  command.deadline = deadline;
  absl::StatusOr<ProbeRun> run = RunProbeScript(command);
  ++reading_.runs;
  if (!run.ok()) {
    reading_.troubles.push_back(run.status());
    return std::nullopt;
  }
  reading_.took += run->exit.took;
  reading_.max_rss_bytes = std::max(reading_.max_rss_bytes, run->exit.max_rss_bytes);
  if (run->hello.has_value()) reading_.python = run->hello->python;
  if (run->library.generation != 0) generation_ = run->library.generation;
  for (const auto& [name, file] : run->modules) reading_.modules[name].file = file;
  reading_.left_out.insert(run->left_out.begin(), run->left_out.end());
  if (run->listed.has_value() && !reading_.listed.has_value()) reading_.listed = run->listed;
  return std::move(*run);
}

// Where a run was when it was cut off: for people to look at, not to blame.
std::string PlaceOf(const ProbeRun& run) {
  if (!run.at_module.empty()) return absl::StrCat(", the last while importing ", run.at_module);
  if (!run.at_model.empty()) return absl::StrCat(", the last while describing ", run.at_model);
  return "";
}

// In short what cut a run off, as the reason why a module was not looked at whole.
std::string CutBy(ProbeExit::How how) {
  switch (how) {
    case ProbeExit::How::kTooMuchOutput:
      return "the answer was too long";
    case ProbeExit::How::kCpuLimit:
      return "the processor time was used up";
    case ProbeExit::How::kDeadline:
      return "the time for all imports was over";
    case ProbeExit::How::kExited:
    case ProbeExit::How::kSignalled:
    case ProbeExit::How::kStalled:
      break;
  }
  return "the interpreter was ended before all was told";
}

// Why a run said too little, where no module is to blame.
absl::Status Reader::Explained(const ProbeRun& run) const {
  if (run.hello.has_value() && MinorOf(run.hello->python) < 7) {
    return absl::FailedPreconditionError(
        absl::StrCat("Python ", run.hello->python, " is too old: it takes 3.7 or newer"));
  }
  const std::vector<std::string> words =
      absl::StrSplit(run.exit.last_words, '\n', absl::SkipWhitespace());
  const std::string last = words.empty() ? "" : absl::StrCat(": ", words.back());
  switch (run.exit.how) {
    case ProbeExit::How::kExited:
      return absl::InternalError(absl::StrCat("it ended with exit code ", run.exit.code, last));
    case ProbeExit::How::kSignalled:
      return absl::InternalError(absl::StrCat("it ended by signal ", run.exit.code, last));
    case ProbeExit::How::kStalled:
      return absl::DeadlineExceededError("it gave no sign of life");
    case ProbeExit::How::kDeadline:
      return absl::DeadlineExceededError("it took longer than it may");
    case ProbeExit::How::kTooMuchOutput:
      return absl::OutOfRangeError("it answered more than 64 MiB, or a line over 16 MiB");
    case ProbeExit::How::kCpuLimit:
      return absl::DeadlineExceededError(
          absl::StrCat("it used ", absl::ToInt64Seconds(run.exit.cpu + absl::Milliseconds(500)),
                       " s of processor time", PlaceOf(run)));
  }
  return absl::InternalError("it ended");
}

// Notes at what an unfinished run ended, and leaves that out of the next request; false where it
// was at nothing.
bool Reader::Blame(const ProbeRun& run, ProbeRequest& request) {
  if (run.at_module.empty() && run.at_model.empty()) return false;
  if (run.exit.how == ProbeExit::How::kTooMuchOutput && run.at_module.empty()) return false;
  // All that ran before used it up, too: the next run would come no farther.
  if (run.exit.how == ProbeExit::How::kCpuLimit) return false;
  Casualty casualty;
  casualty.exit = run.exit;
  if (!run.at_module.empty()) {
    casualty.module = run.at_module;
    request.skip.push_back(run.at_module);
    reading_.modules[run.at_module].why = std::string(Explained(run).message());
  } else {
    casualty.model = run.at_model;
    casualty.module = run.at_model.substr(0, run.at_model.find(':'));
    request.skip_models.push_back(run.at_model);
    models_by_source_.insert(run.at_model);
  }
  reading_.casualties.push_back(std::move(casualty));
  return true;
}

void Reader::ImportAll() {
  ProbeRequest request = Request();
  for (int restart = 0; restart <= kMostRestarts; ++restart) {
    std::optional<ProbeRun> run = Run(plan_.command.interpreter, request, plan_.run_deadline);
    if (!run.has_value()) return;
    if (run->ended) return Keep(*std::move(run));
    if (!Blame(*run, request)) {
      reading_.troubles.push_back(Explained(*run));
      return KeepPart(*std::move(run));
    }
    if (absl::Now() >= plan_.run_deadline) {
      reading_.troubles.push_back(absl::DeadlineExceededError("no time is left to run it again"));
      return KeepPart(*std::move(run));
    }
    if (restart == kMostRestarts) {
      reading_.troubles.push_back(absl::AbortedError(
          absl::StrCat("it was ended ", kMostRestarts + 1, " times by modules that it imported")));
      return KeepPart(*std::move(run));
    }
  }
}

void Reader::AddMissingRoot(const std::string& root) {
  std::vector<std::string>& roots = reading_.missing_roots;
  if (std::find(roots.begin(), roots.end(), root) == roots.end()) roots.push_back(root);
}

// Keeps what was told before a run was cut off: each model of it is whole. Of no module it is known
// whether there are more: none counts as read.
void Reader::KeepPart(ProbeRun run) {
  const std::string why = CutBy(run.exit.how);
  Keep(std::move(run));
  for (auto& [name, module] : reading_.modules) {
    module.by = ModuleReading::By::kNothing;
    if (module.why.empty()) module.why = why;
  }
}

void Reader::Keep(ProbeRun run) {
  reading_.versions = std::move(run.library.versions);
  for (const std::string& module : run.imported) {
    const auto at = reading_.modules.find(module);
    if (at != reading_.modules.end()) at->second.by = ModuleReading::By::kRun;
  }
  for (ProbeError& error : run.errors) {
    if (error.stage == "import") {
      ModuleReading& module = reading_.modules[error.module];
      module.by = ModuleReading::By::kNothing;
      module.why = error.type;
    } else if (error.stage == "describe") {
      models_by_source_.insert(error.id);
    } else if (error.stage == "find") {
      AddMissingRoot(error.module);
      continue;
    }
    reading_.errors.push_back(std::move(error));
  }
  reading_.models = std::move(run.models);
  reading_.lines_not_understood = std::move(run.not_understood);
}

// Takes from a static read what is wanted of it: the models of `modules`, and those that no run
// could describe.
void Reader::KeepSource(ProbeRun run, const std::set<std::string>& modules, bool knew_modules) {
  std::set<std::string> known;
  for (const ProbeModel& model : reading_.models) {
    known.insert(model.id);
    known.insert(model.also.begin(), model.also.end());
  }
  for (ProbeModel& model : run.models) {
    const bool wanted = modules.count(model.module) > 0 || models_by_source_.count(model.id) > 0;
    if (wanted && known.insert(model.id).second) reading_.models.push_back(std::move(model));
  }
  const std::string cut = run.ended ? "" : CutBy(run.exit.how);
  for (const std::string& module : run.parsed) {
    ModuleReading& reading = reading_.modules[module];
    if (!run.ended && reading.why.empty()) reading.why = cut;
    if (run.ended && reading.by == ModuleReading::By::kNothing) {
      reading.by = ModuleReading::By::kSource;
    }
  }
  for (ProbeError& error : run.errors) {
    if (error.stage == "find") {
      // Another interpreter's folders are not the application's: only where no run has looked.
      if (!knew_modules) AddMissingRoot(error.module);
    } else {
      reading_.errors.push_back(std::move(error));
    }
  }
}

void Reader::ReadSources() {
  ProbeRequest request = Request();
  request.is_static = true;
  request.generation = generation_;
  std::set<std::string> modules;
  for (const auto& [name, module] : reading_.modules) {
    if (module.by == ModuleReading::By::kNothing) modules.insert(name);
  }
  const bool knows_modules = reading_.listed.has_value() && !reading_.modules.empty();
  if (knows_modules && modules.empty() && models_by_source_.empty()) return;
  if (knows_modules) {
    request.has_only = true;
    request.only.assign(modules.begin(), modules.end());
    for (const std::string& id : models_by_source_)
      request.only.push_back(id.substr(0, id.find(':')));
  }
  const bool same = !plan_.command.interpreter.empty() &&
                    (reading_.python.empty() || MinorOf(reading_.python) >= kOldestForSource);
  const std::string& interpreter = same ? plan_.command.interpreter : plan_.any_interpreter;
  if (interpreter.empty()) return;
  std::optional<ProbeRun> run = Run(interpreter, request, plan_.deadline);
  if (!run.has_value()) return;
  if (!run->ended) reading_.troubles.push_back(Explained(*run));
  if (!knows_modules) {
    for (const auto& [name, file] : run->modules) modules.insert(name);
  }
  KeepSource(*std::move(run), modules, knows_modules);
}

}  // namespace

ModelsReading ReadModels(const ReadingPlan& plan) { return Reader(plan).Read(); }

}  // namespace varve
