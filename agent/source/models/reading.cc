#include "agent/source/models/reading.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/source/models/probe_run.h"
#include "agent/source/models/probe_script.h"
#include "agent/source/models/sandbox.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr int kMostRestarts = 10;
constexpr int kOldestForSource =
    8;  // Python 3.8: older ones have other nodes in their syntax trees
// No bytecode is written and nothing buffered; not -I or -E, which would drop PYTHONPATH and the
// hash seed.
const char* const kArguments[] = {"-B", "-u", "-X", "utf8", "-W", "ignore", "-"};
// Nothing of the application is to run: not its folders on the path, no sitecustomize of theirs.
const char* const kIsolated = "-I";

int MinorOf(absl::string_view python) {
  const std::vector<absl::string_view> parts = absl::StrSplit(python, '.');
  int minor = 0;
  if (parts.size() < 2 || parts[0] != "3" || !absl::SimpleAtoi(parts[1], &minor)) return 0;
  return minor;
}

bool IsIsolated(const ReadingPlan& plan, ProbeRequest::Mode mode) {
  if (mode == ProbeRequest::Mode::kWatch) return !plan.can_run;
  return mode != ProbeRequest::Mode::kRun;
}

// What the script does for itself where `plan` runs it elsewhere.
absl::StatusOr<ProbeFence> FenceOf(const ReadingPlan& plan, absl::Time deadline) {
  constexpr absl::Duration kLonger = absl::Seconds(5);  // the agent's own watch comes first
  ProbeFence fence;
  fence.memory_limit_bytes = plan.command.memory_limit_bytes;
  fence.cpu_seconds = absl::ToInt64Seconds(absl::Ceil(plan.command.cpu_limit, absl::Seconds(1)));
  const absl::Duration left = std::min(deadline - absl::Now(), absl::Hours(24));
  fence.seconds = std::max<int64_t>(1, absl::ToInt64Seconds(left + kLonger));
  fence.environment = plan.environment;
  if (plan.command.allow_network) return fence;
  VARVE_ASSIGN_OR_RETURN(const std::vector<sock_filter> filter, SandboxFilter(false));
  fence.filter.assign(reinterpret_cast<const char*>(filter.data()),
                      filter.size() * sizeof(sock_filter));
  return fence;
}

// One run of `request` in the plan's way.
absl::StatusOr<ProbeRun> RunRequest(const ReadingPlan& plan, const std::string& interpreter,
                                    ProbeRequest request, absl::Time deadline) {
  ProbeCommand command = plan.command;
  command.deadline = deadline;
  if (!plan.elsewhere.empty() && request.mode != ProbeRequest::Mode::kDocuments) {
    VARVE_ASSIGN_OR_RETURN(request.fence, FenceOf(plan, deadline));
    request.descriptor = 1;
    command.interpreter = plan.elsewhere.front();
    command.arguments.assign(plan.elsewhere.begin() + 1, plan.elsewhere.end());
    command.answers_on_output = true;
    // The program here only carries the script there, by a socket as a rule; it runs none of it.
    command.allow_network = true;
    command.memory_limit_bytes = 0;
  } else {
    command.interpreter = interpreter;
    if (IsIsolated(plan, request.mode)) command.arguments.emplace_back(kIsolated);
    command.arguments.insert(command.arguments.end(), std::begin(kArguments), std::end(kArguments));
  }
  command.script = ProbeScript(request);
  return RunProbeScript(command);
}

ProbeRequest RequestOf(const ReadingPlan& plan) {
  ProbeRequest request;
  request.descriptor = kAnswerDescriptor;
  request.path = plan.path;
  request.modules = plan.modules;
  request.also = plan.also;
  request.leans = plan.leans;
  return request;
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

  const ReadingPlan& plan_;
  ModelsReading reading_;
  int generation_ = 0;
  std::set<std::string> models_by_source_;  // ids that no run could describe
};

// Runs the probe; nothing where it could not be started, which is noted.
std::optional<ProbeRun> Reader::Run(const std::string& interpreter, const ProbeRequest& request,
                                    absl::Time deadline) {
  absl::StatusOr<ProbeRun> run = RunRequest(plan_, interpreter, request, deadline);
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
  ProbeRequest request = RequestOf(plan_);
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
  reading_.leaned_on = std::move(run.leaned_on);
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
    } else if (error.stage == "fence") {
      reading_.troubles.push_back(absl::PermissionDeniedError(
          absl::StrCat("the network cannot be refused there: ", error.type)));
      continue;
    }
    reading_.errors.push_back(std::move(error));
  }
  reading_.models = std::move(run.models);
  reading_.enums = std::move(run.enums);
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
  for (const ProbeEnum& found : reading_.enums) known.insert(found.id);
  for (ProbeEnum& found : run.enums) {
    const bool wanted = modules.count(found.module) > 0 || models_by_source_.count(found.id) > 0;
    if (wanted && known.insert(found.id).second) reading_.enums.push_back(std::move(found));
  }
  if (!plan_.can_run) reading_.leaned_on = run.leaned_on;
  const std::string cut = run.ended ? "" : CutBy(run.exit.how);
  for (const std::string& module : run.parsed) {
    ModuleReading& reading = reading_.modules[module];
    if (!run.ended && reading.why.empty()) reading.why = cut;
    if (run.ended && reading.by == ModuleReading::By::kNothing) {
      reading.by = ModuleReading::By::kSource;
    }
  }
  for (ProbeError& error : run.errors) {
    if (error.stage == "fence") {
      continue;  // a run has said so, or does not need to: nothing is run here
    }
    if (error.stage == "find") {
      // Another interpreter's folders are not the application's: only where no run has looked.
      if (!knew_modules) AddMissingRoot(error.module);
    } else {
      reading_.errors.push_back(std::move(error));
    }
  }
}

void Reader::ReadSources() {
  ProbeRequest request = RequestOf(plan_);
  request.mode = ProbeRequest::Mode::kStatic;
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
  if (interpreter.empty() && plan_.elsewhere.empty()) return;
  request.is_applications = plan_.is_applications && (same || !plan_.elsewhere.empty());
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

void ReadDocuments(const ReadingPlan& plan, ModelsReading& reading) {
  if (plan.documents.empty()) return;
  std::map<std::string, std::string> kinds;
  for (const ModelsDocument& document : plan.documents) {
    reading.modules[document.module].why = "the document was not read";
    kinds[document.module] = document.kind;
  }
  ReadingPlan here = plan;
  here.command.allow_network = true;  // the script runs nobody else's code
  ProbeRequest request = RequestOf(here);
  request.mode = ProbeRequest::Mode::kDocuments;
  request.documents = plan.documents;
  request.modules.clear();
  const std::string& interpreter =
      plan.any_interpreter.empty() ? plan.command.interpreter : plan.any_interpreter;
  absl::StatusOr<ProbeRun> run =
      interpreter.empty()
          ? absl::NotFoundError("there is no python3 on PATH to read documents with")
          : RunRequest(here, interpreter, std::move(request), plan.deadline);
  ++reading.runs;
  if (!run.ok()) return reading.troubles.push_back(run.status());
  reading.took += run->exit.took;
  reading.max_rss_bytes = std::max(reading.max_rss_bytes, run->exit.max_rss_bytes);
  if (reading.python.empty() && run->hello.has_value()) reading.python = run->hello->python;
  if (!run->ended) {
    reading.troubles.push_back(
        absl::InternalError(absl::StrCat("reading documents: ", CutBy(run->exit.how))));
  }
  for (const std::string& module : run->parsed) {
    reading.modules[module].by = ModuleReading::By::kDocument;
  }
  for (ProbeError& error : run->errors) {
    if (error.stage != "document") {
      reading.errors.push_back(std::move(error));
      continue;
    }
    reading.modules[error.module].why = error.type;
    reading.unread_documents.push_back({kinds[error.module], error.module, error.type});
  }
  std::move(run->models.begin(), run->models.end(), std::back_inserter(reading.models));
  std::move(run->enums.begin(), run->enums.end(), std::back_inserter(reading.enums));
}

bool IsUnchanged(const ReadingPlan& plan, const std::string& leaned_on) {
  ProbeRequest request = RequestOf(plan);
  request.mode = ProbeRequest::Mode::kWatch;
  request.leaned_on = leaned_on;
  const absl::StatusOr<ProbeRun> run =
      RunRequest(plan, plan.command.interpreter, std::move(request), plan.run_deadline);
  return run.ok() && run->ended && run->watched.has_value() && run->watched->changed.empty();
}

bool IsWhole(const ReadingPlan& plan, const ModelsReading& reading) {
  const ModuleReading::By wanted =
      plan.can_run ? ModuleReading::By::kRun : ModuleReading::By::kSource;
  for (const auto& [name, module] : reading.modules) {
    if (module.by != wanted) return false;
  }
  return reading.errors.empty() && reading.casualties.empty() && reading.troubles.empty() &&
         reading.missing_roots.empty() && reading.lines_not_understood.empty() &&
         reading.listed.has_value() && reading.listed->unread.empty() && !reading.leaned_on.empty();
}

}  // namespace varve
