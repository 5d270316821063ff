#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/opened_snapshot.h"
#include "snapshot/rules/postgres_section.h"
#include "snapshot/rules/rule_run.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

// Rules are about what a database holds, not about what databases share.
bool IsClusters(const SectionView& section) { return IsCluster(section.header().name()); }

// What keeps an answer from being whole.
struct Gap {
  std::string object;  // empty: the whole section
  std::string reason;
};

// What of a facet was not looked at. Nothing is said of an exclusion: leaving it out was asked for.
std::vector<Gap> WhatIsNotCovered(const Need& need, const SectionView& section) {
  std::vector<Gap> gaps;
  bool is_covered = false;
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (entry.kind() != need.kind || entry.facet() != need.facet) continue;
    is_covered |= entry.scope().empty();
    if (entry.state() == v1::SIGHT_CAPTURED || entry.state() == v1::SIGHT_EXCLUDED ||
        entry.state() == v1::SIGHT_NOT_SUPPORTED) {
      continue;
    }
    gaps.push_back(
        {absl::StrJoin(entry.scope(), "."),
         absl::StrCat(need.kind, " ", FacetName(need.facet), ": ", SightName(entry.state()),
                      entry.reason().empty() ? "" : ": ", entry.reason(),
                      entry.remedy().empty() ? "" : "; ", entry.remedy())});
  }
  if (!is_covered) {
    gaps.push_back({"", absl::StrCat(need.kind, " ", FacetName(need.facet), ": not captured")});
  }
  return gaps;
}

// Adds the entities that are there and were not seen, where the coverage did not tell of them.
void AddWhatIsUnseen(const Need& need, const SectionView& section, std::vector<Gap>& gaps) {
  absl::flat_hash_set<std::string> told;
  for (const Gap& gap : gaps) told.insert(gap.object);
  for (const EntityView& entity : section.OfKind(need.kind)) {
    const FacetView* const view = entity.Find(need.facet);
    if (view == nullptr || view->is_seen || !entity.IsThere()) continue;
    if (told.contains(absl::StrJoin(entity.key().names, "."))) continue;
    gaps.push_back({DisplayName(entity.key()),
                    absl::StrCat(FacetName(need.facet), ": ", SightName(view->line->line.unseen))});
  }
}

// A figure that an entity lacks is the rule's to judge: a table that was never analysed has none.
std::vector<Gap> WhatIsNotMeasured(const Need& need, const SectionView& section) {
  if (section.OfKind(need.kind).empty() || !section.section().measures->entities().empty()) {
    return {};
  }
  return {{"", absl::StrCat(need.kind, " ", need.measure, ": nothing was measured")}};
}

// A section as rules are run on it. What one rule had to find out is at hand for the next.
class Looked {
 public:
  explicit Looked(const SectionView& section) : section_(section), postgres_(section) {}

  const SectionView& section() const { return section_; }
  PostgresSection& postgres() { return postgres_; }
  const std::vector<Gap>& GapsOf(const Need& need) {
    const auto [at, is_new] = gaps_.try_emplace({need.kind, need.facet, need.measure});
    if (is_new) at->second = FindGaps(need);
    return at->second;
  }

 private:
  std::vector<Gap> FindGaps(const Need& need) const {
    if (!need.measure.empty()) return WhatIsNotMeasured(need, section_);
    std::vector<Gap> gaps = WhatIsNotCovered(need, section_);
    AddWhatIsUnseen(need, section_, gaps);
    return gaps;
  }

  const SectionView& section_;
  PostgresSection postgres_;
  std::map<std::tuple<absl::string_view, v1::Facet, absl::string_view>, std::vector<Gap>> gaps_;
};

void RunOn(const RuleRun& run, const OpenedSnapshot& opened, ModelTables& models,
           const v1::CheckConfig& file, Looked& looked, CheckResult& result) {
  const SectionView& section = looked.section();
  RuleOutput output(run.rule, section.header().name(), result);
  if (!IsRead(section.header())) return output.CannotSay("", "its source was unavailable");
  for (const Need& need : run.rule.needs) {
    for (const Gap& gap : looked.GapsOf(need)) output.CannotSay(gap.object, gap.reason);
  }
  run.run({section, looked.postgres(), opened.databases, opened.models, models, file}, output);
}

// There may be hundreds of thousands, and to move one is dear: their places are sorted.
void SortFindings(std::vector<Finding>& findings) {
  std::vector<const Finding*> places;
  places.reserve(findings.size());
  for (const Finding& finding : findings) places.push_back(&finding);
  std::sort(places.begin(), places.end(), [](const Finding* a, const Finding* b) {
    return std::tie(b->severity, a->rule, a->section, a->object, a->message) <
           std::tie(a->severity, b->rule, b->section, b->object, b->message);
  });
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  for (const Finding* const place : places) {
    sorted.push_back(std::move(findings[static_cast<size_t>(place - findings.data())]));
  }
  findings = std::move(sorted);
}

void Sort(CheckResult& result) {
  SortFindings(result.findings);
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
  std::deque<Looked> looked;
  for (const SectionView& section : opened.sections) {
    if (!IsClusters(section)) looked.emplace_back(section);
  }
  CheckResult result;
  for (const std::string& id : ids) {
    const RuleRun* const run = FindRule(id);
    if (run == nullptr) return absl::InvalidArgumentError(absl::StrCat("no rule is called ", id));
    for (Looked& each : looked) {
      if (each.section().header().source_kind() != run->source_kind) continue;
      RunOn(*run, opened, models, file, each, result);
    }
  }
  Sort(result);
  return result;
}

}  // namespace varve
