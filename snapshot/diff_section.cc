#include "snapshot/diff_section.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/status.h"
#include "snapshot/diff_key_patterns.h"
#include "snapshot/diff_line.h"
#include "snapshot/diff_renames.h"
#include "snapshot/kinds.h"
#include "snapshot/rename_map.h"

namespace varve {
namespace {

using Names = RenameMap::Names;

// A line under the name that both sides have for its object, and what each lists under its own.
struct Matched {
  const ReadLine* before = nullptr;
  const ReadLine* after = nullptr;
};

// The common name of a line; taken: another object has it on the other side, so that only this side
// has the object.
struct CommonKey {
  LineKey key;
  bool taken_before = false;  // a name of the first side
  bool taken_after = false;   // a name of the second side

  friend auto operator<=>(const CommonKey&, const CommonKey&) = default;
  bool taken() const { return taken_before || taken_after; }
};

// A line as one side has it.
struct LineOf {
  LineKey key;
  LineState state;
};

bool IsOneSeenOneAbsent(Presence a, Presence b) {
  return (a == Presence::kSeen && b == Presence::kAbsent) ||
         (a == Presence::kAbsent && b == Presence::kSeen);
}

// What the side that could not look says of the cause.
void AddCause(const LineStates& side, const LineOf& line, v1::NotCompared& told) {
  const v1::Identity identity = IdentityOf(line.key.entity);
  for (const v1::SectionError& error : side.section().header.errors()) {
    const bool about_it = KeyOf(error.entity()) == line.key.entity;
    if (!about_it) continue;
    told.set_reason(error.why());
    told.set_remedy(error.remedy());
    return;
  }
  if (line.state.coverage == nullptr || line.state.coverage->state() != line.state.why) return;
  told.set_reason(line.state.coverage->reason());
  told.set_remedy(line.state.coverage->remedy());
}

Sighting SightingOf(const LineStates& side, const LineOf& line) {
  const Seen& seen = *line.state.seen();
  const auto shape = side.section().shapes->find(seen.shape);
  return {line.key, seen, side.revision(),
          shape == side.section().shapes.end() ? nullptr : &shape->second};
}

class SectionDiff {
 public:
  SectionDiff(const SectionSide& before, const SectionSide& after, const ShapeDecoder& decode,
              const KnownBefore& known_before, v1::DiffResult& result)
      : before_(before),
        after_(after),
        decode_(decode),
        known_before_(known_before),
        result_(result),
        name_(after.states.section().header.name()) {}

  absl::Status Run() {
    if (before_.environment == after_.environment) {
      renames_ = RenamesBetween(before_.states.section(), after_.states.section());
    }
    ListRenames();
    return renames_.names.empty() ? CompareSameNames() : CompareCommonNames();
  }

 private:
  bool down() const { return before_.states.unavailable() || after_.states.unavailable(); }

  void ListRenames() {
    for (const Renamed& renamed : renames_.names.Renames()) {
      v1::Difference& told = *result_.add_differences();
      told.set_op(v1::Difference::OP_RENAMED);
      told.set_section(name_);
      *told.mutable_identity() = IdentityOf({renamed.kind, renamed.to});
      *told.mutable_was() = IdentityOf({renamed.kind, renamed.from});
      told.set_proven(true);
      if (renamed.kind == kColumn) {
        moved_relations_.insert(Names(renamed.from.begin(), renamed.from.end() - 1));
      } else {
        moved_.insert({renamed.kind, renamed.from});
      }
    }
  }

  // Nothing was renamed: both lists are in the order of their common names already.
  absl::Status CompareSameNames() {
    const std::vector<ReadLine>& before = *before_.states.section().lines;
    const std::vector<ReadLine>& after = *after_.states.section().lines;
    auto a = before.begin();
    auto b = after.begin();
    while (a != before.end() || b != after.end()) {
      Matched matched;
      const bool take_before =
          b == after.end() || (a != before.end() && a->line.key <= b->line.key);
      const bool take_after = a == before.end() || (b != after.end() && b->line.key <= a->line.key);
      if (take_before) matched.before = &*a++;
      if (take_after) matched.after = &*b++;
      const ReadLine& either = *(take_after ? matched.after : matched.before);
      VARVE_RETURN_IF_ERROR(CompareMatched({either.line.key}, matched));
    }
    return absl::OkStatus();
  }

  absl::Status CompareCommonNames() {
    std::map<CommonKey, Matched> all;
    for (const ReadLine& line : before_.states.section().lines) {
      const EntityKey& entity = line.line.key.entity;
      CommonKey common = {line.line.key};
      const auto names = renames_.names.CommonOfA(entity.names, entity.kind);
      common.taken_before = !names.has_value();
      if (names.has_value()) common.key.entity.names = *names;
      all[common].before = &line;
    }
    for (const ReadLine& line : after_.states.section().lines) {
      const EntityKey& entity = line.line.key.entity;
      CommonKey common = {line.line.key};
      common.taken_after = !renames_.names.CommonOfB(entity.names, entity.kind).has_value();
      all[common].after = &line;
    }
    for (const auto& [common, matched] : all) {
      VARVE_RETURN_IF_ERROR(CompareMatched(common, matched));
    }
    return absl::OkStatus();
  }

  // What a side calls the object, and says of it. It is asked under its own name also where it has
  // no line; not where another object has that name there: then it does not have this one, whatever
  // its coverage.
  LineOf AskBefore(const CommonKey& common, const Matched& matched) const {
    LineOf line = {matched.before != nullptr ? matched.before->line.key : matched.after->line.key,
                   {}};
    if (matched.before == nullptr) {
      line.key.entity.names = renames_.names.Back(line.key.entity.names, line.key.entity.kind);
    }
    line.state = Ask(before_.states, common, matched.before, line.key);
    return line;
  }
  LineOf AskAfter(const CommonKey& common, const Matched& matched) const {
    LineOf line = {matched.after != nullptr ? matched.after->line.key : matched.before->line.key,
                   {}};
    if (matched.after == nullptr) {
      line.key.entity.names = renames_.names.Forward(line.key.entity.names, line.key.entity.kind);
    }
    line.state = Ask(after_.states, common, matched.after, line.key);
    return line;
  }
  static LineState Ask(const LineStates& side, const CommonKey& common, const ReadLine* listed,
                       const LineKey& key) {
    if (listed != nullptr || !common.taken()) return side.StateOf(key);
    LineState absent;
    absent.presence = Presence::kAbsent;
    return absent;
  }

  void CountEntity(const CommonKey& common) {
    if (counted_.has_value() && counted_->key.entity == common.key.entity &&
        counted_->taken_before == common.taken_before &&
        counted_->taken_after == common.taken_after) {
      return;
    }
    counted_ = common;
    result_.set_entities_compared(result_.entities_compared() + 1);
  }

  static bool SeenEqual(const Matched& matched) {
    if (matched.before == nullptr || matched.after == nullptr) return false;
    const Seen* const a = matched.before->Current();
    const Seen* const b = matched.after->Current();
    return a != nullptr && b != nullptr && a->shape == b->shape && a->digest == b->digest &&
           a->key_id == b->key_id;
  }

  absl::Status CompareMatched(const CommonKey& common, const Matched& matched) {
    CountEntity(common);
    // The great many that are equal: no name in them can mean another object where nothing was
    // renamed.
    if (renames_.names.empty() && SeenEqual(matched)) return absl::OkStatus();
    const LineOf a = AskBefore(common, matched);
    const LineOf b = AskAfter(common, matched);
    const Presence pa = a.state.presence;
    const Presence pb = b.state.presence;
    if (pa == Presence::kUnknown || pb == Presence::kUnknown) {
      if (pa != pb) Describe(*result_.add_not_comparable(), a, b).set_why("kind");
    } else if (pa == Presence::kSeen && pb == Presence::kSeen) {
      return CompareSeen(a, b);
    } else if (IsOneSeenOneAbsent(pa, pb)) {
      AddDifference(a, b,
                    pa == Presence::kSeen ? v1::Difference::OP_REMOVED : v1::Difference::OP_ADDED);
    } else if (pa == Presence::kUnseen && pb == Presence::kUnseen) {
      Describe(*result_.add_neither(), a, b);
    } else if ((pa == Presence::kUnseen || pb == Presence::kUnseen) &&
               !EntityCameOrWent(common, a, b)) {
      return CompareAcrossGap(a, b);
    }
    return absl::OkStatus();
  }

  // The entity itself is on one side only: its other facets come and go with it, and are not told
  // apart.
  bool EntityCameOrWent(const CommonKey& common, const LineOf& a, const LineOf& b) const {
    if (common.taken()) return true;
    const v1::Facet first = FirstFacet(common.key.entity.kind);
    return IsOneSeenOneAbsent(before_.states.StateOf({a.key.entity, first}).presence,
                              after_.states.StateOf({b.key.entity, first}).presence);
  }

  absl::Status CompareSeen(const LineOf& a, const LineOf& b) {
    VARVE_ASSIGN_OR_RETURN(ShapeDifference found,
                           CompareSightings(SightingOf(before_.states, a),
                                            SightingOf(after_.states, b), renames_, decode_));
    const bool renamed = a.key != b.key;
    if (!found.changed.empty()) {
      v1::Difference& told = AddDifference(a, b, v1::Difference::OP_CHANGED);
      for (v1::PropertyChange& change : found.changed) *told.add_changes() = std::move(change);
    } else if ((found.follows || renamed) && !IsListedAsRenamed(a.key.entity)) {
      v1::Difference& told = *result_.add_follows();
      Name(told, a, b);
      told.set_op(v1::Difference::OP_CHANGED);
    }
    for (NotComparable& skipped : found.not_comparable) {
      v1::NotCompared& told = Describe(*result_.add_not_comparable(), a, b);
      for (std::string& name : skipped.path) told.add_path(std::move(name));
      told.set_why(skipped.why);
    }
    return absl::OkStatus();
  }

  bool IsListedAsRenamed(const EntityKey& before) const {
    if (moved_.count(before) > 0) return true;
    // Only relations have columns, and no two of them one name.
    return before.kind != "function" && moved_relations_.count(before.names) > 0;
  }

  // One side could not look. Where it is the earlier one of one environment, and what was known
  // before it differs from the other side, the change is certain and its date is a gap.
  absl::Status CompareAcrossGap(const LineOf& a, const LineOf& b) {
    const bool gap_is_before = a.state.presence == Presence::kUnseen;
    VARVE_ASSIGN_OR_RETURN(const bool told, TellAcrossGap(a, b, gap_is_before));
    if (told || down()) return absl::OkStatus();
    v1::NotCompared& cannot_say = Describe(*result_.add_cannot_say(), a, b);
    AddCause(gap_is_before ? before_.states : after_.states, gap_is_before ? a : b, cannot_say);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> TellAcrossGap(const LineOf& a, const LineOf& b, bool gap_is_before) {
    const SectionSide& gap = gap_is_before ? before_ : after_;
    const SectionSide& other = gap_is_before ? after_ : before_;
    if (known_before_ == nullptr || before_.environment != after_.environment ||
        gap.seq >= other.seq) {
      return false;
    }
    VARVE_ASSIGN_OR_RETURN(
        const std::optional<LastKnown> known,
        known_before_(gap.environment, name_, gap_is_before ? a.key : b.key, gap.seq));
    if (!known.has_value()) return false;
    const LineOf& looked = gap_is_before ? b : a;
    const bool was = known->seen.has_value();
    const bool is = looked.state.seen() != nullptr;
    if (!was && !is) return false;
    std::vector<v1::PropertyChange> changes;
    v1::Difference::Op op = v1::Difference::OP_CHANGED;
    if (was != is) {
      op = is == gap_is_before ? v1::Difference::OP_ADDED : v1::Difference::OP_REMOVED;
    } else {
      VARVE_ASSIGN_OR_RETURN(changes, ChangesSince(*known, looked, gap_is_before));
      if (changes.empty()) return false;
    }
    v1::Difference& told = AddDifference(a, b, op);
    for (v1::PropertyChange& change : changes) *told.add_changes() = std::move(change);
    told.set_between_from(known->seq);
    told.set_between_to(other.seq);
    return true;
  }

  // What changed between what was last known and the side that saw, in the direction of the diff.
  absl::StatusOr<std::vector<v1::PropertyChange>> ChangesSince(const LastKnown& known,
                                                               const LineOf& looked,
                                                               bool gap_is_before) {
    const LineStates& side = gap_is_before ? after_.states : before_.states;
    const Renames& renames = RenamesSince(known, side.section(), gap_is_before);
    const Sighting was = {known.key, *known.seen, known.revision, &known.shape};
    const Sighting is = SightingOf(side, looked);
    VARVE_ASSIGN_OR_RETURN(ShapeDifference found,
                           gap_is_before ? CompareSightings(was, is, renames, decode_)
                                         : CompareSightings(is, was, renames, decode_));
    return std::move(found.changed);
  }

  const Renames& RenamesSince(const LastKnown& known, const Section& seen, bool gap_is_before) {
    const auto [found, added] = renames_since_.try_emplace(known.seq);
    if (added) {
      found->second = gap_is_before ? RenamesBetween(*known.section, seen)
                                    : RenamesBetween(seen, *known.section);
    }
    return found->second;
  }

  // The second side's name, the first side's where only that lists it.
  void Name(v1::Difference& told, const LineOf& a, const LineOf& b) const {
    const bool by_after = b.state.line != nullptr || a.state.line == nullptr;
    const LineKey& key = by_after ? b.key : a.key;
    told.set_section(name_);
    *told.mutable_identity() = IdentityOf(key.entity);
    told.set_facet(key.facet);
  }

  v1::Difference& AddDifference(const LineOf& a, const LineOf& b, v1::Difference::Op op) {
    v1::Difference& told = *result_.add_differences();
    Name(told, a, b);
    told.set_op(op);
    return told;
  }

  v1::NotCompared& Describe(v1::NotCompared& told, const LineOf& a, const LineOf& b) const {
    const bool by_after = b.state.line != nullptr || a.state.line == nullptr;
    const LineKey& key = by_after ? b.key : a.key;
    told.set_section(name_);
    *told.mutable_identity() = IdentityOf(key.entity);
    told.set_facet(key.facet);
    const auto sight = [](const LineState& state) {
      const bool looked = state.presence == Presence::kSeen || state.presence == Presence::kAbsent;
      if (looked) return v1::SIGHT_CAPTURED;
      return state.presence == Presence::kUnknown ? v1::SIGHT_NOT_CAPTURED : state.why;
    };
    told.set_before(sight(a.state));
    told.set_after(sight(b.state));
    return told;
  }

  const SectionSide& before_;
  const SectionSide& after_;
  const ShapeDecoder& decode_;
  const KnownBefore& known_before_;
  v1::DiffResult& result_;
  const std::string& name_;
  Renames renames_;
  std::map<int64_t, Renames> renames_since_;  // by the number of the snapshot that was last known
  std::set<EntityKey> moved_;                 // what is listed as renamed already, by its old name
  std::set<Names> moved_relations_;           // those with a column that is
  std::optional<CommonKey> counted_;
};

}  // namespace

absl::Status DiffSection(const SectionSide& before, const SectionSide& after,
                         const ShapeDecoder& decode, const KnownBefore& known_before,
                         v1::DiffResult& result) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::optional<Section>> coarser,
                         CoarsenKeyPatterns({&before.states.section(), &after.states.section()}));
  std::optional<LineStates> states_before;
  std::optional<LineStates> states_after;
  if (coarser[0].has_value()) {
    VARVE_ASSIGN_OR_RETURN(states_before, LineStates::Of(*coarser[0]));
  }
  if (coarser[1].has_value()) {
    VARVE_ASSIGN_OR_RETURN(states_after, LineStates::Of(*coarser[1]));
  }
  const SectionSide a = {states_before.has_value() ? *states_before : before.states,
                         before.environment, before.seq};
  const SectionSide b = {states_after.has_value() ? *states_after : after.states, after.environment,
                         after.seq};
  return SectionDiff(a, b, decode, known_before, result).Run();
}

}  // namespace varve
