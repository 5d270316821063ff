#include "snapshot/drift_classes.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace varve {
namespace {

using Lines = std::vector<const DriftingLine*>;

// By part, equal numbers where all of the lines are equal.
std::vector<int> NumbersOf(const SectionDrift& drift, const Lines& lines) {
  std::map<std::vector<int>, int> numbers;
  std::vector<int> of_part;
  for (size_t part = 0; part < drift.parts().size(); ++part) {
    std::vector<int> values;
    values.reserve(lines.size());
    for (const DriftingLine* const line : lines) values.push_back(line->values[part]);
    const int next = static_cast<int>(numbers.size());
    of_part.push_back(numbers.try_emplace(std::move(values), next).first->second);
  }
  return of_part;
}

bool HasUnavailable(const UnitClass& one) {
  return std::find(one.codes.begin(), one.codes.end(), kUnavailablePart) != one.codes.end();
}

// The first class is the one that the others are held against.
void SortClasses(std::vector<UnitClass>& classes, std::optional<uint32_t> baseline) {
  const auto by_size = [](const UnitClass& one) {
    return std::make_tuple(-static_cast<int64_t>(one.members.size()), one.members.front());
  };
  std::sort(classes.begin(), classes.end(),
            [&](const UnitClass& a, const UnitClass& b) { return by_size(a) < by_size(b); });
  const auto first = std::find_if(classes.begin(), classes.end(), [&](const UnitClass& one) {
    if (!baseline.has_value()) return !HasUnavailable(one);
    return std::binary_search(one.members.begin(), one.members.end(), *baseline);
  });
  if (first != classes.end()) std::rotate(classes.begin(), first, first + 1);
}

std::vector<UnitClass> ClassesOf(const Unit& unit, size_t member_count) {
  std::vector<std::vector<int>> codes(member_count);
  for (const auto& [section, lines] : unit.sections) {
    const std::vector<int> numbers =
        section->drift == nullptr ? std::vector<int>() : NumbersOf(*section->drift, lines);
    for (size_t member = 0; member < member_count; ++member) {
      const int part = section->part_of[member];
      codes[member].push_back(part < 0 ? part : numbers[static_cast<size_t>(part)]);
    }
  }
  std::map<std::vector<int>, size_t> places;
  std::vector<UnitClass> classes;
  for (size_t member = 0; member < member_count; ++member) {
    const auto [at, is_new] = places.try_emplace(codes[member], classes.size());
    if (is_new) classes.push_back({{}, codes[member]});
    classes[at->second].members.push_back(static_cast<uint32_t>(member));
  }
  return classes;
}

Lines AllLines(const SectionInFleet& section) {
  Lines lines;
  if (section.drift == nullptr) return lines;
  for (const DriftingLine& line : section.drift->drifting()) lines.push_back(&line);
  return lines;
}

Unit UnitOfSection(const SectionInFleet& section) {
  Unit unit;
  unit.told.set_section(section.name);
  unit.sections.emplace_back(&section, AllLines(section));
  return unit;
}

void AddSchemas(const SectionInFleet& section, std::vector<Unit>& units) {
  if (section.drift == nullptr || section.drift->schemas().empty()) {
    units.push_back(UnitOfSection(section));
    return;
  }
  std::map<std::string, Lines> by_schema;
  for (const std::string& schema : section.drift->schemas()) by_schema[schema];
  const std::string& kind = section.drift->parts().front()->section.header.source_kind();
  for (const DriftingLine& line : section.drift->drifting()) {
    by_schema[SchemaOf(kind, line.key.entity)].push_back(&line);
  }
  for (auto& [schema, lines] : by_schema) {
    Unit& unit = units.emplace_back();
    unit.told.set_section(section.name);
    unit.told.set_schema(schema);
    unit.sections.emplace_back(&section, std::move(lines));
  }
}

void AddEntities(const SectionInFleet& section, std::vector<Unit>& units) {
  if (section.drift == nullptr) return;
  const EntityKey* last = nullptr;
  const std::string& kind = section.drift->parts().front()->section.header.source_kind();
  for (const DriftingLine& line : section.drift->drifting()) {
    if (last == nullptr || *last != line.key.entity) {
      Unit& unit = units.emplace_back();
      unit.told.set_section(section.name);
      unit.told.set_schema(SchemaOf(kind, line.key.entity));
      *unit.told.mutable_identity() = IdentityOf(line.key.entity);
      unit.sections.emplace_back(&section, Lines());
    }
    last = &line.key.entity;
    units.back().sections.front().second.push_back(&line);
  }
}

std::vector<Unit> EmptyUnits(const std::vector<SectionInFleet>& sections,
                             v1::DriftGrouping grouping) {
  std::vector<Unit> units;
  if (grouping == v1::DRIFT_GROUPING_WHOLE) {
    Unit& whole = units.emplace_back();
    for (const SectionInFleet& section : sections) {
      whole.sections.emplace_back(&section, AllLines(section));
    }
    return units;
  }
  for (const SectionInFleet& section : sections) {
    if (grouping == v1::DRIFT_GROUPING_SCHEMA) {
      AddSchemas(section, units);
    } else if (grouping == v1::DRIFT_GROUPING_ENTITY) {
      AddEntities(section, units);
    } else {
      units.push_back(UnitOfSection(section));
    }
  }
  return units;
}

}  // namespace

std::vector<Unit> UnitsOf(const std::vector<SectionInFleet>& sections, v1::DriftGrouping grouping,
                          size_t member_count, std::optional<uint32_t> baseline) {
  std::vector<Unit> units = EmptyUnits(sections, grouping);
  for (Unit& unit : units) {
    unit.classes = ClassesOf(unit, member_count);
    SortClasses(unit.classes, baseline);
  }
  return units;
}

bool Differ(const UnitClass& a, const UnitClass& b) {
  for (size_t i = 0; i < a.codes.size(); ++i) {
    const bool comparable = a.codes[i] != kUnavailablePart && b.codes[i] != kUnavailablePart &&
                            a.codes[i] != kNotConfiguredPart && b.codes[i] != kNotConfiguredPart;
    if (comparable && a.codes[i] != b.codes[i]) return true;
  }
  return false;
}

}  // namespace varve
