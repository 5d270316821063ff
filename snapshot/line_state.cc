#include "snapshot/line_state.h"

#include <algorithm>

#include "base/status.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

LineState StateOfListed(const ReadLine& line) {
  LineState state;
  state.line = &line;
  if (line.Current() != nullptr) {
    state.presence = Presence::kSeen;
    return state;
  }
  state.why = line.line.unseen;
  state.presence = state.why == v1::SIGHT_NOT_CAPTURED ? Presence::kUnknown : Presence::kUnseen;
  return state;
}

bool Holds(const v1::CoverageEntry& entry, const std::vector<std::string>& names) {
  return static_cast<size_t>(entry.scope_size()) <= names.size() &&
         std::equal(entry.scope().begin(), entry.scope().end(), names.begin());
}

}  // namespace

absl::StatusOr<LineStates> LineStates::Of(const Section& section) {
  LineStates states(section);
  VARVE_ASSIGN_OR_RETURN(states.coverage_, DecodeCoverage(section));
  for (const v1::CoverageEntry& entry : states.coverage_.entries()) {
    states.entries_[{entry.kind(), entry.facet()}].push_back(&entry);
  }
  for (auto& [key, entries] : states.entries_) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const v1::CoverageEntry* a, const v1::CoverageEntry* b) {
                       return a->scope_size() > b->scope_size();
                     });
  }
  return states;
}

const v1::CoverageEntry* LineStates::Covers(const EntityKey& entity, v1::Facet facet) const {
  const auto found = entries_.find({entity.kind, facet});
  if (found == entries_.end()) return nullptr;
  for (const v1::CoverageEntry* const entry : found->second) {
    if (Holds(*entry, entity.names)) return entry;
  }
  return nullptr;
}

LineState LineStates::StateOf(const LineKey& key) const {
  if (const ReadLine* const line = FindLine(*section_, key)) {
    LineState state = StateOfListed(*line);
    if (state.presence == Presence::kUnseen) state.coverage = Covers(key.entity, key.facet);
    return state;
  }
  LineState state;
  if (unavailable()) {
    state.presence = Presence::kUnseen;
    state.why = v1::SIGHT_UNAVAILABLE;
    return state;
  }
  // The first facet says whether the entity is there; where it is gone its other facets are,
  // whatever they cover.
  const LineKey first = {key.entity, FirstFacet(key.entity.kind)};
  const v1::CoverageEntry* const names_it = Covers(first.entity, first.facet);
  const bool gone = names_it != nullptr && names_it->state() == v1::SIGHT_CAPTURED &&
                    FindLine(*section_, first) == nullptr;
  state.coverage = gone ? names_it : Covers(key.entity, key.facet);
  if (state.coverage == nullptr) return state;
  state.why = state.coverage->state();
  state.presence = state.why == v1::SIGHT_CAPTURED ? Presence::kAbsent : Presence::kUnseen;
  return state;
}

}  // namespace varve
