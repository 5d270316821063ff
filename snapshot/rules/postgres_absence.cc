#include "snapshot/rules/postgres_absence.h"

#include "absl/algorithm/container.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

// What a pattern leaves out is counted, once for all facets.
bool SaysThatSomeIsMissing(const v1::CoverageEntry& entry) {
  return entry.state() != v1::SIGHT_CAPTURED && entry.state() != v1::SIGHT_NOT_SUPPORTED &&
         !IsByPatterns(entry);
}

bool IsCoveredWhole(const v1::Coverage& coverage, absl::string_view kind, v1::Facet facet) {
  bool is_covered = false;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    if (entry.kind() != kind || entry.facet() != facet) continue;
    if (SaysThatSomeIsMissing(entry)) return false;
    is_covered |= entry.scope().empty();
  }
  return is_covered;
}

}  // namespace

bool MayLack(const RuleInput& input, absl::string_view kind, v1::Facet facet) {
  const v1::Coverage& coverage = input.section.coverage();
  if (!IsCoveredWhole(coverage, kind, facet)) return true;
  const auto is_of_kind = [kind](const LeftOutKind& each) { return each.entry->kind() == kind; };
  if (absl::c_any_of(LeftOutKinds(coverage), is_of_kind)) return true;
  return absl::c_any_of(input.section.OfKind(kind), [facet](const EntityView& entity) {
    return entity.IsThere() && !entity.Saw(facet);
  });
}

}  // namespace varve
