#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/opened_snapshot.h"
#include "snapshot/rules/rule_run.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

// Rules are about what a database holds, not about what databases share.
bool IsClusters(const SectionView& section) { return IsCluster(section.header().name()); }

// Objects of which a rule said that it cannot say.
using Said = absl::flat_hash_set<std::string>;

// Says what of a facet was not looked at. Nothing is said of an exclusion: leaving it out was asked
// for.
void SayWhatIsNotCovered(const Need& need, const SectionView& section, RuleOutput& output,
                         Said& said) {
  bool is_covered = false;
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (entry.kind() != need.kind || entry.facet() != need.facet) continue;
    is_covered |= entry.scope().empty();
    if (entry.state() == v1::SIGHT_CAPTURED || entry.state() == v1::SIGHT_EXCLUDED ||
        entry.state() == v1::SIGHT_NOT_SUPPORTED) {
      continue;
    }
    std::string object = absl::StrJoin(entry.scope(), ".");
    said.insert(object);
    output.CannotSay(
        std::move(object),
        absl::StrCat(need.kind, " ", FacetName(need.facet), ": ", SightName(entry.state()),
                     entry.reason().empty() ? "" : ": ", entry.reason(),
                     entry.remedy().empty() ? "" : "; ", entry.remedy()));
  }
  if (!is_covered) {
    output.CannotSay("", absl::StrCat(need.kind, " ", FacetName(need.facet), ": not captured"));
  }
}

// Says which entities are there and were not seen, where the coverage did not tell of them.
void SayWhatIsUnseen(const Need& need, const SectionView& section, RuleOutput& output,
                     const Said& said) {
  for (const EntityView& entity : section.OfKind(need.kind)) {
    const FacetView* const view = entity.Find(need.facet);
    if (view == nullptr || view->line->Current() != nullptr || !entity.IsThere()) continue;
    if (said.contains(absl::StrJoin(entity.key().names, "."))) continue;
    output.CannotSay(DisplayName(entity.key()),
                     absl::StrCat(FacetName(need.facet), ": ", SightName(view->line->line.unseen)));
  }
}

// A figure that an entity lacks is the rule's to judge: a table that was never analysed has none.
void SayWhatIsNotMeasured(const Need& need, const SectionView& section, RuleOutput& output) {
  if (section.OfKind(need.kind).empty() || !section.section().measures->entities().empty()) return;
  output.CannotSay("", absl::StrCat(need.kind, " ", need.measure, ": nothing was measured"));
}

void SayWhatIsMissing(const Need& need, const SectionView& section, RuleOutput& output) {
  if (!need.measure.empty()) return SayWhatIsNotMeasured(need, section, output);
  Said said;
  SayWhatIsNotCovered(need, section, output, said);
  SayWhatIsUnseen(need, section, output, said);
}

void RunOn(const RuleRun& run, const RuleInput& input, CheckResult& result) {
  RuleOutput output(run.rule, input.section.header().name(), result);
  if (!IsRead(input.section.header())) {
    return output.CannotSay("", "its source was unavailable");
  }
  for (const Need& need : run.rule.needs) SayWhatIsMissing(need, input.section, output);
  run.run(input, output);
}

void Sort(CheckResult& result) {
  std::sort(result.findings.begin(), result.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(b.severity, a.rule, a.section, a.object, a.message) <
           std::tie(a.severity, b.rule, b.section, b.object, b.message);
  });
  std::sort(result.cannot_say.begin(), result.cannot_say.end(), [](const auto& a, const auto& b) {
    return std::tie(a.rule, a.section, a.object, a.reason) <
           std::tie(b.rule, b.section, b.object, b.reason);
  });
  // A rule that looks twice, at fields and at a mapper's columns, says once that it cannot.
  const auto is_same = [](const auto& a, const auto& b) {
    return std::tie(a.rule, a.section, a.object, a.reason) ==
           std::tie(b.rule, b.section, b.object, b.reason);
  };
  result.cannot_say.erase(std::unique(result.cannot_say.begin(), result.cannot_say.end(), is_same),
                          result.cannot_say.end());
}

}  // namespace

absl::StatusOr<CheckResult> Check(const Snapshot& snapshot, absl::Span<const std::string> ids,
                                  const v1::CheckConfig& file) {
  VARVE_ASSIGN_OR_RETURN(const OpenedSnapshot opened, OpenedSnapshot::Of(snapshot));
  ModelTables models(opened.databases, opened.are_all_databases, file);
  CheckResult result;
  for (const std::string& id : ids) {
    const RuleRun* const run = FindRule(id);
    if (run == nullptr) return absl::InvalidArgumentError(absl::StrCat("no rule is called ", id));
    for (const SectionView& section : opened.sections) {
      if (section.header().source_kind() != run->source_kind || IsClusters(section)) continue;
      RunOn(*run, {section, opened.databases, opened.models, models, file}, result);
    }
  }
  Sort(result);
  return result;
}

}  // namespace varve
