#include "snapshot/coverage_index.h"

#include <algorithm>

namespace varve {
namespace {

bool HoldsScope(const v1::CoverageEntry& entry, const EntityKey& entity) {
  const auto& scope = entry.scope();
  return static_cast<size_t>(scope.size()) <= entity.names.size() &&
         std::equal(scope.begin(), scope.end(), entity.names.begin());
}

// Whether `a` goes before `b` where both hold an entity.
bool GoesBefore(const v1::CoverageEntry& a, const v1::CoverageEntry& b) {
  if (a.scope_size() != b.scope_size()) return a.scope_size() > b.scope_size();
  return !a.patterns().empty() && b.patterns().empty();
}

}  // namespace

CoverageIndex::CoverageIndex(const v1::Coverage& coverage) {
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    statements_[{entry.kind(), entry.facet()}].push_back({&entry, Selection::FromCoverage(entry)});
  }
  for (auto& [key, statements] : statements_) {
    std::stable_sort(
        statements.begin(), statements.end(),
        [](const Statement& a, const Statement& b) { return GoesBefore(*a.entry, *b.entry); });
  }
}

const v1::CoverageEntry* CoverageIndex::Find(const EntityKey& entity, v1::Facet facet) const {
  const auto found = statements_.find({entity.kind, facet});
  if (found == statements_.end()) return nullptr;
  for (const auto& [entry, selection] : found->second) {
    if (!HoldsScope(*entry, entity)) continue;
    if (entry->patterns().empty() || selection.LeavesOut(entity)) return entry;
  }
  return nullptr;
}

v1::Sight CoverageIndex::StateOf(const EntityKey& entity, v1::Facet facet) const {
  const v1::CoverageEntry* const entry = Find(entity, facet);
  return entry == nullptr ? v1::SIGHT_UNSPECIFIED : entry->state();
}

v1::Sight CoveredAs(const v1::Coverage& coverage, absl::string_view kind, v1::Facet facet,
                    const std::vector<std::string>& names) {
  const EntityKey entity{std::string(kind), names};
  const v1::CoverageEntry* best = nullptr;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    if (entry.kind() != entity.kind || entry.facet() != facet) continue;
    if (!HoldsScope(entry, entity) || (best != nullptr && !GoesBefore(entry, *best))) continue;
    if (entry.patterns().empty() || Selection::FromCoverage(entry).LeavesOut(entity)) {
      best = &entry;
    }
  }
  return best == nullptr ? v1::SIGHT_UNSPECIFIED : best->state();
}

}  // namespace varve
