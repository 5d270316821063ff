#include "snapshot/left_out.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

// Whether a statement beside the patterns speaks of the rest of the kind.
bool HasRest(const v1::Coverage& coverage, const v1::CoverageEntry& entry) {
  return std::any_of(coverage.entries().begin(), coverage.entries().end(),
                     [&](const v1::CoverageEntry& other) {
                       return other.kind() == entry.kind() && other.facet() == entry.facet() &&
                              other.scope().empty() && !IsByPatterns(other);
                     });
}

bool IsOfFirstFacet(const v1::CoverageEntry& entry) {
  return entry.facet() == FirstFacet(entry.kind());
}

// Kinds that this build does not know come last.
size_t PlaceOf(absl::string_view kind) {
  size_t place = 0;
  while (place < Kinds().size() && Kinds()[place].name != kind) ++place;
  return place;
}

}  // namespace

std::string LeftOutKind::Text() const {
  const Kind* const kind = FindKind(entry->kind());
  const absl::string_view name = kind == nullptr ? absl::string_view(entry->kind()) : kind->plural;
  if (entry->count() == 0) return absl::StrCat(name, ": none is read: ", entry->reason());
  std::vector<std::string> parts;
  uint64_t rest = entry->count();
  for (const v1::ScopePattern& pattern : entry->patterns()) {
    if (pattern.count() == 0) continue;
    rest -= std::min(rest, pattern.count());
    parts.push_back(absl::StrCat(pattern.count(), " left out by ", pattern.pattern()));
  }
  if (rest > 0) parts.push_back(absl::StrCat(rest, " not included"));
  return absl::StrCat(name, ": ", whole ? "none is read: " : "", absl::StrJoin(parts, ", "));
}

std::vector<LeftOutKind> LeftOutKinds(const v1::Coverage& coverage) {
  std::vector<LeftOutKind> kinds;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    if (!IsByPatterns(entry) || !IsOfFirstFacet(entry)) continue;
    const bool whole = !HasRest(coverage, entry);
    if (whole || entry.count() > 0) kinds.push_back({&entry, whole});
  }
  std::stable_sort(kinds.begin(), kinds.end(), [](const LeftOutKind& a, const LeftOutKind& b) {
    return PlaceOf(a.entry->kind()) < PlaceOf(b.entry->kind());
  });
  return kinds;
}

bool IsLeftOutWhole(const v1::Coverage& coverage, absl::string_view kind) {
  return std::any_of(coverage.entries().begin(), coverage.entries().end(),
                     [&](const v1::CoverageEntry& entry) {
                       return entry.kind() == kind && IsByPatterns(entry) &&
                              IsOfFirstFacet(entry) && !HasRest(coverage, entry);
                     });
}

}  // namespace varve
