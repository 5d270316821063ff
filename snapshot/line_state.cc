#include "snapshot/line_state.h"

#include <utility>

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

}  // namespace

absl::StatusOr<LineStates> LineStates::Of(const Section& section) {
  LineStates states(section);
  VARVE_ASSIGN_OR_RETURN(v1::Coverage coverage, DecodeCoverage(section));
  states.coverage_ = std::make_unique<const v1::Coverage>(std::move(coverage));
  states.index_.emplace(*states.coverage_);
  return states;
}

LineState LineStates::StateOf(const LineKey& key) const {
  if (const ReadLine* const line = FindLine(*section_, key)) {
    LineState state = StateOfListed(*line);
    if (state.presence == Presence::kUnseen) state.coverage = index_->Find(key.entity, key.facet);
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
  const v1::CoverageEntry* const names_it = index_->Find(first.entity, first.facet);
  const bool gone = names_it != nullptr && names_it->state() == v1::SIGHT_CAPTURED &&
                    FindLine(*section_, first) == nullptr;
  state.coverage = gone ? names_it : index_->Find(key.entity, key.facet);
  if (state.coverage == nullptr) return state;
  state.why = state.coverage->state();
  state.presence = state.why == v1::SIGHT_CAPTURED ? Presence::kAbsent : Presence::kUnseen;
  return state;
}

}  // namespace varve
