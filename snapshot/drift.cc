#include "snapshot/drift.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/drift_classes.h"
#include "snapshot/drift_section.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

constexpr v1::Facet kComparedFacets[] = {v1::FACET_STRUCTURE, v1::FACET_EXPRESSIONS,
                                         v1::FACET_BEHAVIOUR};

bool IsThere(const FleetPart& part) {
  return part.section.header.status() != v1::SECTION_STATUS_UNAVAILABLE &&
         part.section.header.status() != v1::SECTION_STATUS_NOT_CONFIGURED;
}

v1::DriftStanding StandingOf(int part) {
  switch (part) {
    case kUnavailablePart:
      return v1::DRIFT_STANDING_UNAVAILABLE;
    case kRemovedPart:
      return v1::DRIFT_STANDING_REMOVED;
    default:
      return v1::DRIFT_STANDING_NOT_CONFIGURED;
  }
}

class FleetDrift {
 public:
  FleetDrift(const Fleet& fleet, const DriftQuestion& question, const DriftLens& lens)
      : fleet_(fleet), question_(question), lens_(lens) {}

  absl::StatusOr<v1::DriftResult> Run() {
    for (const v1::DriftMember& member : fleet_.members) *result_.add_members() = member;
    if (question_.baseline.has_value()) result_.set_baseline(*question_.baseline);
    result_.set_grouping(question_.grouping);
    for (const auto& [name, parts] : fleet_.sections) {
      VARVE_RETURN_IF_ERROR(AddSection(name, parts));
    }
    for (SectionInFleet& section : sections_) MarkRemoved(section);
    for (const SectionInFleet& section : sections_) Judge(section);
    units_ = UnitsOf(sections_, question_.grouping, fleet_.members.size(), question_.baseline);
    for (size_t i = 0; i < units_.size(); ++i) VARVE_RETURN_IF_ERROR(TellUnit(i));
    TellUnsaid();
    result_.set_verdict(is_different_ ? v1::VERDICT_DIFFERENT
                        : cannot_say_ ? v1::VERDICT_CANNOT_SAY
                                      : v1::VERDICT_SAME);
    return std::move(result_);
  }

 private:
  absl::Status AddSection(const std::string& name, const std::vector<FleetPart>& parts) {
    SectionInFleet section = {name, nullptr, {}};
    section.part_of.assign(fleet_.members.size(), kNotConfiguredPart);
    std::vector<const FleetPart*> there;
    for (const FleetPart& part : parts) {
      if (part.section.header.status() == v1::SECTION_STATUS_NOT_CONFIGURED) continue;
      const int place = IsThere(part) ? static_cast<int>(there.size()) : kUnavailablePart;
      for (const uint32_t member : part.members) section.part_of[member] = place;
      if (IsThere(part)) there.push_back(&part);
    }
    if (!there.empty()) {
      absl::StatusOr<std::unique_ptr<const SectionDrift>> drift =
          SectionDrift::Of(std::move(there), lens_);
      if (!drift.ok()) return Annotate(drift.status(), absl::StrCat("comparing ", name));
      section.drift = *std::move(drift);
      result_.set_entities_compared(result_.entities_compared() + section.drift->entity_count());
    }
    sections_.push_back(std::move(section));
    return absl::OkStatus();
  }

  // The cluster's section (`source/`) lists its databases whole, and that of `source/database` is
  // not among them.
  void MarkRemoved(SectionInFleet& section) const {
    const size_t slash = section.name.find('/');
    if (slash == std::string::npos || slash + 1 == section.name.size()) return;
    const std::string cluster_name = section.name.substr(0, slash + 1);
    const auto cluster =
        std::find_if(sections_.begin(), sections_.end(),
                     [&](const SectionInFleet& other) { return other.name == cluster_name; });
    if (cluster == sections_.end() || cluster->drift == nullptr) return;
    const LineKey database = {{"database", {section.name.substr(slash + 1)}}, v1::FACET_STRUCTURE};
    for (size_t member = 0; member < section.part_of.size(); ++member) {
      const int part = cluster->part_of[member];
      if (section.part_of[member] != kNotConfiguredPart || part < 0) continue;
      const LineStates& states = cluster->drift->states(static_cast<size_t>(part));
      if (states.StateOf(database).presence == Presence::kAbsent) {
        section.part_of[member] = kRemovedPart;
      }
    }
  }

  void Judge(const SectionInFleet& section) {
    const auto has = [&](int part) {
      return std::find(section.part_of.begin(), section.part_of.end(), part) !=
             section.part_of.end();
    };
    if (section.drift == nullptr) return;
    is_different_ |= !section.drift->drifting().empty() || has(kRemovedPart);
    cannot_say_ |= has(kUnavailablePart);
    for (const UnsaidOfParts& unsaid : section.drift->unsaid()) {
      cannot_say_ |= unsaid.unsaid.others_saw() && unsaid.unsaid.why().empty();
    }
  }

  absl::Status TellUnit(size_t at) {
    Unit& unit = units_[at];
    const UnitClass& first = unit.classes.front();
    for (const UnitClass& one : unit.classes) {
      v1::DriftClass& told = *unit.told.add_classes();
      told.mutable_members()->Add(one.members.begin(), one.members.end());
      told.set_differs(Differ(first, one));
      for (size_t i = 0; i < one.codes.size(); ++i) {
        if (one.codes[i] >= 0) continue;
        v1::DriftAway& away = *told.add_away();
        away.set_section(unit.sections[i].first->name);
        away.set_standing(StandingOf(one.codes[i]));
      }
    }
    std::vector<std::vector<v1::Difference>> changes(unit.classes.size());  // by class
    for (size_t i = 0; i < unit.sections.size(); ++i) {
      VARVE_RETURN_IF_ERROR(CollectChanges(unit, i, changes));
    }
    for (size_t of_class = 0; of_class < changes.size(); ++of_class) {
      Count(changes[of_class], *unit.told.mutable_classes(static_cast<int>(of_class)));
      for (v1::Difference& difference : changes[of_class]) {
        v1::DriftChange& change = *result_.add_changes();
        change.set_unit(static_cast<uint32_t>(at));
        change.set_class_at(static_cast<uint32_t>(of_class));
        *change.mutable_difference() = std::move(difference);
      }
    }
    *result_.add_units() = std::move(unit.told);
    return absl::OkStatus();
  }

  // What differs in a unit's section from its first class to each other one.
  absl::Status CollectChanges(const Unit& unit, size_t at,
                              std::vector<std::vector<v1::Difference>>& changes) const {
    const auto& [section, lines] = unit.sections[at];
    const int first = PartOf(*section, unit.classes.front());
    for (size_t of_class = 1; of_class < unit.classes.size(); ++of_class) {
      AddWhole(section->name, first, PartOf(*section, unit.classes[of_class]), changes[of_class]);
    }
    if (first < 0) return absl::OkStatus();
    for (const DriftingLine* const line : lines) {
      std::vector<size_t> classes;
      std::vector<std::pair<size_t, size_t>> pairs;
      for (size_t of_class = 1; of_class < unit.classes.size(); ++of_class) {
        const int part = PartOf(*section, unit.classes[of_class]);
        if (part < 0) continue;
        const auto a = static_cast<size_t>(first), b = static_cast<size_t>(part);
        if (line->values[a] == line->values[b]) continue;
        classes.push_back(of_class);
        pairs.emplace_back(a, b);
      }
      if (pairs.empty()) continue;
      VARVE_ASSIGN_OR_RETURN(std::vector<v1::Difference> told, section->drift->Tell(*line, pairs));
      for (size_t i = 0; i < told.size(); ++i) changes[classes[i]].push_back(std::move(told[i]));
    }
    return absl::OkStatus();
  }

  static int PartOf(const SectionInFleet& section, const UnitClass& of_class) {
    return section.part_of[of_class.members.front()];
  }

  // A database is there in one of two classes, and gone in the other.
  static void AddWhole(const std::string& section, int first, int other,
                       std::vector<v1::Difference>& changes) {
    const bool came = first == kRemovedPart && other >= 0;
    const bool went = first >= 0 && other == kRemovedPart;
    if (!came && !went) return;
    v1::Difference& told = changes.emplace_back();
    told.set_op(came ? v1::Difference::OP_ADDED : v1::Difference::OP_REMOVED);
    told.set_section(section);
  }

  // Counts entities: one whose first facet came or went did so itself.
  static void Count(const std::vector<v1::Difference>& changes, v1::DriftClass& told) {
    std::map<std::pair<std::string, EntityKey>, v1::Difference::Op> entities;
    for (const v1::Difference& difference : changes) {
      const bool is_first = difference.facet() == FirstFacet(difference.identity().kind());
      v1::Difference::Op& op =
          entities
              .try_emplace({difference.section(), KeyOf(difference.identity())},
                           v1::Difference::OP_CHANGED)
              .first->second;
      if (is_first || !difference.has_identity()) op = difference.op();
    }
    for (const auto& [entity, op] : entities) {
      if (op == v1::Difference::OP_ADDED) told.set_added(told.added() + 1);
      if (op == v1::Difference::OP_REMOVED) told.set_removed(told.removed() + 1);
      if (op == v1::Difference::OP_CHANGED) told.set_changed(told.changed() + 1);
    }
  }

  void TellUnsaid() {
    for (const SectionInFleet& section : sections_) {
      std::map<std::string, std::set<uint32_t>> told;  // by what is said
      for (const FleetPart& part : fleet_.sections.at(section.name)) {
        if (part.section.header.status() != v1::SECTION_STATUS_UNAVAILABLE) continue;
        const v1::DriftUnsaid unsaid = OfUnavailable(part, section.drift != nullptr);
        told[unsaid.SerializeAsString()].insert(part.members.begin(), part.members.end());
      }
      if (section.drift != nullptr) {
        for (const auto& [unsaid, parts] : section.drift->unsaid()) {
          std::set<uint32_t>& members = told[unsaid.SerializeAsString()];
          for (const uint32_t part : parts) {
            const std::vector<uint32_t>& of_part = section.drift->parts()[part]->members;
            members.insert(of_part.begin(), of_part.end());
          }
        }
      }
      for (const auto& [bytes, members] : told) {
        v1::DriftUnsaid& unsaid = *result_.add_unsaid();
        unsaid.ParseFromString(bytes);  // what was serialized above
        unsaid.mutable_members()->Add(members.begin(), members.end());
      }
    }
    std::stable_sort(result_.mutable_unsaid()->begin(), result_.mutable_unsaid()->end(),
                     [](const v1::DriftUnsaid& a, const v1::DriftUnsaid& b) {
                       return std::make_tuple(a.section(), a.kind(), a.facet()) <
                              std::make_tuple(b.section(), b.kind(), b.facet());
                     });
  }

  static v1::DriftUnsaid OfUnavailable(const FleetPart& part, bool others_saw) {
    v1::DriftUnsaid unsaid;
    unsaid.set_section(part.section.header.name());
    unsaid.set_sight(v1::SIGHT_UNAVAILABLE);
    unsaid.set_others_saw(others_saw);
    if (part.section.header.errors_size() > 0) {
      const v1::SectionError& error = part.section.header.errors(0);
      unsaid.set_reason(absl::StrCat(error.doing(), ": ", error.why()));
      unsaid.set_remedy(error.remedy());
    }
    return unsaid;
  }

  const Fleet& fleet_;
  const DriftQuestion& question_;
  const DriftLens& lens_;
  std::vector<SectionInFleet> sections_;  // by name
  std::vector<Unit> units_;
  v1::DriftResult result_;
  bool is_different_ = false;
  bool cannot_say_ = false;
};

}  // namespace

std::vector<v1::Facet> DriftFacets(bool all) {
  std::vector<v1::Facet> facets;
  if (!all) {
    facets.assign(std::begin(kComparedFacets), std::end(kComparedFacets));
    return facets;
  }
  for (int facet = v1::Facet_MIN + 1; facet <= v1::Facet_MAX; ++facet) {
    const bool compared = v1::Facet_IsValid(facet) && facet != v1::FACET_REPRESENTATION;
    if (compared) facets.push_back(static_cast<v1::Facet>(facet));
  }
  return facets;
}

absl::StatusOr<v1::DriftResult> Drift(const Fleet& fleet, const DriftQuestion& question,
                                      const ShapeSource& shapes) {
  return DriftDecodedBy(DecodeEnvelope, fleet, question, shapes);
}

absl::StatusOr<v1::DriftResult> DriftDecodedBy(const ShapeDecoder& decode, const Fleet& fleet,
                                               const DriftQuestion& question,
                                               const ShapeSource& shapes) {
  const DriftLens lens = {decode, shapes, question.all_facets};
  return FleetDrift(fleet, question, lens).Run();
}

}  // namespace varve
