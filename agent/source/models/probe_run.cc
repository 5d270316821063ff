#include "agent/source/models/probe_run.h"

#include <algorithm>
#include <utility>

#include "base/status.h"

namespace varve {
namespace {

constexpr size_t kMostTold = 10;

// Keeps what the lines say. Imports nest: the one on top is the one that runs.
class Listener {
 public:
  void Take(absl::string_view line) {
    absl::StatusOr<ProbeLine> parsed = ParseProbeLine(line);
    if (!parsed.ok()) {
      if (run_.not_understood.size() < kMostTold) {
        run_.not_understood.emplace_back(parsed.status().message());
      }
      return;
    }
    std::visit([this](auto& what) { Hear(std::move(what)); }, *parsed);
  }

  ProbeRun Finish(ProbeExit exit) {
    if (!run_.ended && !importing_.empty()) run_.at_module = importing_.back();
    if (run_.ended || !importing_.empty()) run_.at_model.clear();
    run_.exit = std::move(exit);
    return std::move(run_);
  }

 private:
  void Hear(ProbeHello&& hello) { run_.hello = std::move(hello); }
  void Hear(ProbeModule&& module) { run_.modules[module.name] = std::move(module.file); }
  void Hear(ProbeLeftOut&& module) { run_.left_out.push_back(std::move(module.name)); }
  void Hear(ProbeListed&& listed) { run_.listed = std::move(listed); }
  void Hear(ProbeImport&& import) { importing_.push_back(std::move(import.module)); }
  void Hear(ProbeImported&& imported) {
    // Several threads may import: take out the newest of that name.
    const auto at = std::find(importing_.rbegin(), importing_.rend(), imported.module);
    if (at != importing_.rend()) importing_.erase(std::next(at).base());
    run_.imported.push_back(std::move(imported.module));
  }
  void Hear(ProbeParsed&& parsed) { run_.parsed.push_back(std::move(parsed.module)); }
  void Hear(ProbeDescribe&& describe) { run_.at_model = std::move(describe.id); }
  void Hear(ProbeLibrary&& library) { run_.library = std::move(library); }
  void Hear(ProbeError&& error) { run_.errors.push_back(std::move(error)); }
  void Hear(ProbeModel&& model) { run_.models.push_back(std::move(model)); }
  void Hear(ProbeEnum&& found) { run_.enums.push_back(std::move(found)); }
  void Hear(ProbeLeanedOn&& leaned_on) { run_.leaned_on = std::move(leaned_on.text); }
  void Hear(ProbeWatched&& watched) { run_.watched = std::move(watched); }
  void Hear(ProbeEnd&&) { run_.ended = true; }

  ProbeRun run_;
  std::vector<std::string> importing_;
};

}  // namespace

absl::StatusOr<ProbeRun> RunProbeScript(const ProbeCommand& command) {
  Listener listener;
  VARVE_ASSIGN_OR_RETURN(ProbeExit exit,
                         RunProbe(command, [&](absl::string_view line) { listener.Take(line); }));
  return listener.Finish(std::move(exit));
}

}  // namespace varve
