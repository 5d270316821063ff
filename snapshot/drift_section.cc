#include "snapshot/drift_section.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/diff_key_patterns.h"
#include "snapshot/diff_shape.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

using LineList = std::vector<ReadLine>;

bool IsBlind(Presence presence) {
  return presence == Presence::kUnseen || presence == Presence::kUnknown;
}

bool SeenAlike(const Seen& a, const Seen& b) {
  return a.shape == b.shape && a.way == b.way && a.digest == b.digest && a.key_id == b.key_id;
}

// All parts list the line and saw the same.
bool AllAlike(const std::vector<const ReadLine*>& listed) {
  const Seen* const first = listed.front() == nullptr ? nullptr : listed.front()->Current();
  if (first == nullptr) return false;
  return std::all_of(listed.begin() + 1, listed.end(), [&](const ReadLine* line) {
    const Seen* const seen = line == nullptr ? nullptr : line->Current();
    return seen != nullptr && SeenAlike(*first, *seen);
  });
}

// Fields alone: of what element of a list a property is does not matter to what is said of it.
void AddPath(const std::vector<std::string>& path, v1::DriftUnsaid& unsaid) {
  unsaid.add_path(path.front());
  if (path.size() > 1) unsaid.add_path(path.back());
}

// What a part says of why it could not look.
void AddCause(const LineStates& states, const LineKey& key, const LineState& state,
              v1::DriftUnsaid& unsaid) {
  for (const v1::SectionError& error : states.section().header.errors()) {
    if (KeyOf(error.entity()) != key.entity) continue;
    unsaid.set_reason(error.why());
    unsaid.set_remedy(error.remedy());
    return;
  }
  if (state.coverage == nullptr || state.coverage->state() != state.why) return;
  unsaid.set_reason(state.coverage->reason());
  unsaid.set_remedy(state.coverage->remedy());
}

}  // namespace

std::string SchemaOf(absl::string_view source_kind, const EntityKey& entity) {
  const bool in_schema =
      source_kind == "postgres" && (entity.kind == "schema" || StandsInSchema(entity.kind));
  return in_schema && !entity.names.empty() ? entity.names.front() : "";
}

SectionDrift::SectionDrift(std::vector<const FleetPart*> parts, const DriftLens& lens)
    : parts_(std::move(parts)), lens_(lens) {
  for (const v1::Facet facet : DriftFacets(lens.all_facets)) facets_.insert(facet);
}

absl::StatusOr<std::unique_ptr<const SectionDrift>> SectionDrift::Of(
    std::vector<const FleetPart*> parts, const DriftLens& lens) {
  std::unique_ptr<SectionDrift> drift(new SectionDrift(std::move(parts), lens));
  VARVE_RETURN_IF_ERROR(drift->OpenParts());
  VARVE_RETURN_IF_ERROR(drift->CompareAll());
  return std::unique_ptr<const SectionDrift>(std::move(drift));
}

absl::Status SectionDrift::OpenParts() {
  std::vector<const Section*> sections;
  for (const FleetPart* const part : parts_) sections.push_back(&part->section);
  VARVE_ASSIGN_OR_RETURN(std::vector<std::optional<Section>> coarser, CoarsenKeyPatterns(sections));
  for (size_t i = 0; i < sections.size(); ++i) {
    if (coarser[i].has_value()) sections[i] = &coarser_.emplace_back(*std::move(coarser[i]));
    VARVE_ASSIGN_OR_RETURN(LineStates states, LineStates::Of(*sections[i]));
    const uint32_t revision = states.revision();
    low_ = i == 0 ? revision : std::min(low_, revision);
    high_ = std::max(high_, revision);
    states_.push_back(std::move(states));
  }
  return absl::OkStatus();
}

// Walks the lines of all parts side by side: all are sorted.
absl::Status SectionDrift::CompareAll() {
  std::vector<std::pair<LineList::const_iterator, LineList::const_iterator>> left;
  for (const LineStates& states : states_) {
    const LineList& lines = *states.section().lines;
    left.emplace_back(lines.begin(), lines.end());
  }
  std::vector<const ReadLine*> listed(left.size());
  while (true) {
    const LineKey* least = nullptr;
    for (size_t i = 0; i < left.size(); ++i) {
      listed[i] = nullptr;
      if (left[i].first == left[i].second) continue;
      const LineKey& key = left[i].first->line.key;
      const auto order = least == nullptr ? std::strong_ordering::less : key <=> *least;
      if (order > 0) continue;
      if (order < 0) std::fill(listed.begin(), listed.begin() + static_cast<long>(i), nullptr);
      least = &key;
      listed[i] = &*left[i].first;
    }
    if (least == nullptr) return absl::OkStatus();
    if (facets_.count(least->facet) > 0) VARVE_RETURN_IF_ERROR(CompareLine(*least, listed));
    for (size_t i = 0; i < left.size(); ++i) {
      if (listed[i] != nullptr) ++left[i].first;
    }
  }
}

void SectionDrift::CountEntity(const LineKey& key) {
  if (counted_ != nullptr && *counted_ == key.entity) return;
  counted_ = &key.entity;  // in a part, which stays
  ++entity_count_;
  schemas_.insert(SchemaOf(parts_.front()->section.header.source_kind(), key.entity));
}

absl::Status SectionDrift::CompareLine(const LineKey& key,
                                       const std::vector<const ReadLine*>& listed) {
  CountEntity(key);
  if (AllAlike(listed)) return absl::OkStatus();
  std::vector<LineState> states;
  bool is_blind = false;
  for (const LineStates& part : states_) {
    states.push_back(part.StateOf(key));
    is_blind |= IsBlind(states.back().presence);
  }
  if (is_blind) {
    AddBlind(key, states);
    return absl::OkStatus();
  }
  SeenByPart seen;
  for (const LineState& state : states) seen.push_back(state.seen());
  return CompareSeen(key, seen);
}

absl::Status SectionDrift::CompareSeen(const LineKey& key, const SeenByPart& seen) {
  VARVE_ASSIGN_OR_RETURN(const Reduced reduced, Reduce(key, seen));
  AddLeftOut(key, seen, reduced);
  std::vector<std::string> bytes;
  for (const ComparedShape& shape : reduced.shapes) {
    bytes.push_back(shape.shape == nullptr ? "" : BytesOfReduced(*shape.shape));
  }
  std::map<std::pair<absl::string_view, absl::string_view>, int> numbers;
  DriftingLine line = {key, {}};
  for (size_t part = 0; part < seen.size(); ++part) {
    if (seen[part] == nullptr) {
      line.values.push_back(0);
      continue;
    }
    const absl::string_view digest =
        reduced.compares_digests ? absl::string_view(seen[part]->digest) : "";
    const int next = static_cast<int>(numbers.size()) + 1;
    const auto number = numbers.try_emplace({bytes[reduced.of_part[part]], digest}, next).first;
    line.values.push_back(number->second);
  }
  const bool drifts = std::any_of(line.values.begin(), line.values.end(),
                                  [&](int value) { return value != line.values.front(); });
  if (drifts) drifting_.push_back(std::move(line));
  return absl::OkStatus();
}

absl::StatusOr<SectionDrift::Reduced> SectionDrift::Reduce(const LineKey& key,
                                                           const SeenByPart& seen) const {
  Reduced reduced;
  std::map<std::pair<ShapeHash, v1::Way>, size_t> places;
  std::set<ShapeHash> hashes;
  std::set<std::pair<std::string, v1::Way>> keys;  // of digests
  for (const Seen* const one : seen) {
    if (one == nullptr) {
      reduced.of_part.push_back(0);
      continue;
    }
    const auto place = places.try_emplace({one->shape, one->way}, places.size()).first;
    reduced.of_part.push_back(place->second);
    hashes.insert(one->shape);
    if (!one->digest.empty()) keys.emplace(one->key_id, one->way);
  }
  reduced.compares_digests = keys.size() == 1;
  if (keys.size() > 1) reduced.left_out.push_back({{std::string(kMaskedPart)}, "key id", {}});
  reduced.shapes.resize(places.size());
  for (const auto& [shape, place] : places) reduced.shapes[place].way = shape.second;
  if (hashes.size() < 2) return reduced;  // equal, whatever is in them
  for (const auto& [shape, place] : places) {
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, ShapeBytes(key, shape.first));
    VARVE_ASSIGN_OR_RETURN(reduced.shapes[place].shape, lens_.decode(key, bytes));
  }
  for (LeftOutOfSight& left_out : ReduceToCommonSight(reduced.shapes, low_, high_)) {
    reduced.left_out.push_back(std::move(left_out));
  }
  return reduced;
}

absl::StatusOr<std::string> SectionDrift::ShapeBytes(const LineKey& key,
                                                     const ShapeHash& hash) const {
  for (const LineStates& states : states_) {
    const auto found = states.section().shapes->find(hash);
    if (found != states.section().shapes->end()) return found->second;
  }
  absl::StatusOr<std::string> bytes = lens_.shapes(hash);
  if (!bytes.ok()) {
    return Annotate(bytes.status(),
                    absl::StrCat("shape ", hash.Short(), " of ", DisplayName(key.entity)));
  }
  if (HashOf<ShapeHash>(*bytes) == hash) return bytes;
  return absl::DataLossError(
      absl::StrCat("shape ", hash.Short(), " of ", DisplayName(key.entity), " fails its hash"));
}

void SectionDrift::AddBlind(const LineKey& key, const std::vector<LineState>& states) {
  const bool others_saw = std::any_of(states.begin(), states.end(), [](const LineState& state) {
    return !IsBlind(state.presence);
  });
  for (size_t part = 0; part < states.size(); ++part) {
    if (!IsBlind(states[part].presence)) continue;
    v1::DriftUnsaid unsaid;
    unsaid.set_others_saw(others_saw);
    if (states[part].presence == Presence::kUnknown) {
      unsaid.set_why("kind");
    } else {
      unsaid.set_sight(states[part].why);
      AddCause(states_[part], key, states[part], unsaid);
    }
    AddUnsaid(key, std::move(unsaid), {static_cast<uint32_t>(part)});
  }
}

void SectionDrift::AddLeftOut(const LineKey& key, const SeenByPart& seen, const Reduced& reduced) {
  for (const LeftOutOfSight& left_out : reduced.left_out) {
    v1::DriftUnsaid unsaid;
    AddPath(left_out.path, unsaid);
    unsaid.set_why(left_out.why);
    unsaid.set_others_saw(true);
    std::vector<uint32_t> parts;
    for (size_t part = 0; part < seen.size(); ++part) {
      const bool has_it =
          left_out.of.empty() || std::find(left_out.of.begin(), left_out.of.end(),
                                           reduced.of_part[part]) != left_out.of.end();
      if (seen[part] != nullptr && has_it) parts.push_back(static_cast<uint32_t>(part));
    }
    AddUnsaid(key, std::move(unsaid), std::move(parts));
  }
}

// Entities of which the same is said by the same parts are told together; parts that say the same
// of one line are put together by who asks.
void SectionDrift::AddUnsaid(const LineKey& key, v1::DriftUnsaid unsaid,
                             std::vector<uint32_t> parts) {
  unsaid.set_section(parts_.front()->section.header.name());
  unsaid.set_kind(key.entity.kind);
  unsaid.set_facet(key.facet);
  const auto [at, is_new] =
      unsaid_at_.try_emplace({unsaid.SerializeAsString(), parts}, unsaid_.size());
  if (is_new) unsaid_.push_back({std::move(unsaid), std::move(parts)});
  auto& identities = *unsaid_[at->second].unsaid.mutable_identities();
  const bool is_told =
      !identities.empty() && KeyOf(identities.Get(identities.size() - 1)) == key.entity;
  if (!is_told) *identities.Add() = IdentityOf(key.entity);
}

absl::StatusOr<std::vector<v1::Difference>> SectionDrift::Tell(
    const DriftingLine& line, absl::Span<const std::pair<size_t, size_t>> pairs) const {
  SeenByPart seen;
  for (const LineStates& states : states_) seen.push_back(states.StateOf(line.key).seen());
  VARVE_ASSIGN_OR_RETURN(const Reduced reduced, Reduce(line.key, seen));
  std::vector<v1::Difference> differences;
  for (const auto& [a, b] : pairs) {
    v1::Difference& told = differences.emplace_back();
    told.set_section(parts_.front()->section.header.name());
    *told.mutable_identity() = IdentityOf(line.key.entity);
    told.set_facet(line.key.facet);
    if (seen[a] == nullptr || seen[b] == nullptr) {
      told.set_op(seen[a] == nullptr ? v1::Difference::OP_ADDED : v1::Difference::OP_REMOVED);
      continue;
    }
    told.set_op(v1::Difference::OP_CHANGED);
    const ComparedShape& before = reduced.shapes[reduced.of_part[a]];
    const ComparedShape& after = reduced.shapes[reduced.of_part[b]];
    if (before.shape != nullptr && after.shape != nullptr) {
      ShapeDifference found =
          CompareShapes({*before.shape, line.key.entity, low_, v1::WAY_RUN},
                        {*after.shape, line.key.entity, low_, v1::WAY_RUN}, Renames());
      for (v1::PropertyChange& change : found.changed) *told.add_changes() = std::move(change);
    }
    if (reduced.compares_digests && seen[a]->digest != seen[b]->digest) {
      told.add_changes()->add_path(std::string(kMaskedPart));
    }
  }
  return differences;
}

}  // namespace varve
