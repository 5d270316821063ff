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

// What the databases of the section's source share; null where it was not read.
const SectionView* ClusterOf(const SectionView& section, const OpenedSnapshot& opened) {
  const absl::string_view source = SourceOf(section.header().name());
  for (const SectionView& each : opened.sections) {
    if (IsClusters(each) && SourceOf(each.header().name()) == source && IsRead(each.header())) {
      return &each;
    }
  }
  return nullptr;
}

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
  Looked(const SectionView& section, const SectionView* cluster)
      : section_(section), cluster_(cluster), postgres_(section) {}

  const SectionView& section() const { return section_; }
  const SectionView* cluster() const { return cluster_; }
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
  const SectionView* cluster_;
  PostgresSection postgres_;
  std::map<std::tuple<absl::string_view, v1::Facet, absl::string_view>, std::vector<Gap>> gaps_;
};

void RunOn(const RuleRun& run, const OpenedSnapshot& opened, ModelTables& models,
           const v1::CheckConfig& file, Looked& looked, Said& said) {
  const SectionView& section = looked.section();
  RuleOutput output(run.rule, section.header().name(), said);
  if (!IsRead(section.header())) return output.CannotSay("", "its source was unavailable");
  for (const Need& need : run.rule.needs) {
    for (const Gap& gap : looked.GapsOf(need)) output.CannotSay(gap.object, gap.reason);
  }
  run.run(
      {section, looked.postgres(), opened.databases, opened.models, models, file, looked.cluster()},
      output);
}

// What one rule found in one section.
struct Chunk {
  const RuleRun* run;
  absl::string_view section;
  size_t begin, end;  // places among the findings
};

// A rule mostly finds in the order of objects, and to move findings, of which there may be hundreds
// of thousands, is dear: those of a chunk are sorted among themselves, then each is moved once.
std::vector<Finding> Sorted(std::vector<Chunk>& chunks, std::deque<Finding>& findings) {
  const auto is_before = [](const Finding* a, const Finding* b) {
    return std::tie(a->object, a->message) < std::tie(b->object, b->message);
  };
  std::sort(chunks.begin(), chunks.end(), [](const Chunk& a, const Chunk& b) {
    return std::tie(a.run->rule.id, a.section) < std::tie(b.run->rule.id, b.section);
  });
  std::vector<Finding*> places;
  places.reserve(findings.size());
  for (Finding& finding : findings) places.push_back(&finding);
  for (const Chunk& chunk : chunks) {
    const auto begin = places.begin() + static_cast<ptrdiff_t>(chunk.begin);
    const auto end = places.begin() + static_cast<ptrdiff_t>(chunk.end);
    if (!std::is_sorted(begin, end, is_before)) std::sort(begin, end, is_before);
  }
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kInfo}) {
    for (const Chunk& chunk : chunks) {
      for (size_t at = chunk.begin; at < chunk.end; ++at) {
        if (places[at]->severity == severity) sorted.push_back(std::move(*places[at]));
      }
    }
  }
  return sorted;
}

void SortUnsaid(std::vector<CannotSay>& unsaid) {
  std::sort(unsaid.begin(), unsaid.end(), [](const auto& a, const auto& b) {
    return std::tie(a.rule, a.section, a.object, a.reason) <
           std::tie(b.rule, b.section, b.object, b.reason);
  });
  // A rule that looks twice, at fields and at a mapper's columns, says once that it cannot.
  const auto is_same = [](const auto& a, const auto& b) {
    return std::tie(a.rule, a.section, a.object, a.reason) ==
           std::tie(b.rule, b.section, b.object, b.reason);
  };
  unsaid.erase(std::unique(unsaid.begin(), unsaid.end(), is_same), unsaid.end());
}

}  // namespace

absl::StatusOr<CheckResult> Check(const Snapshot& snapshot, absl::Span<const std::string> ids,
                                  const v1::CheckConfig& file) {
  VARVE_ASSIGN_OR_RETURN(const OpenedSnapshot opened, OpenedSnapshot::Of(snapshot));
  ModelTables models(opened.databases, opened.are_all_databases, file);
  std::deque<Looked> looked;
  for (const SectionView& section : opened.sections) {
    if (!IsClusters(section)) looked.emplace_back(section, ClusterOf(section, opened));
  }
  Said said;
  std::vector<Chunk> chunks;
  for (const std::string& id : ids) {
    const RuleRun* const run = FindRule(id);
    if (run == nullptr) return absl::InvalidArgumentError(absl::StrCat("no rule is called ", id));
    for (Looked& each : looked) {
      if (each.section().header().source_kind() != run->source_kind) continue;
      const size_t begin = said.findings.size();
      RunOn(*run, opened, models, file, each, said);
      if (begin == said.findings.size()) continue;
      chunks.push_back({run, each.section().header().name(), begin, said.findings.size()});
    }
  }
  SortUnsaid(said.cannot_say);
  return CheckResult{Sorted(chunks, said.findings), std::move(said.cannot_say)};
}

}  // namespace varve
