// The environments of a fleet in classes: whole, by section, by schema, by entity.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "snapshot/drift_section.h"

namespace varve {

// Where a member has no part of a section.
inline constexpr int kUnavailablePart = -1;
inline constexpr int kRemovedPart = -2;
inline constexpr int kNotConfiguredPart = -3;

// A section, and how each member of the fleet has it.
struct SectionInFleet {
  std::string name;
  std::unique_ptr<const SectionDrift> drift;  // null: nobody could read it
  std::vector<int> part_of;                   // by member: place of its part, or one of the above
};

// Members that are equal in a unit.
struct UnitClass {
  std::vector<uint32_t> members;
  std::vector<int>
      codes;  // by section of the unit: equal numbers, equal lines; or one of the above
};

// What is put into classes on its own.
struct Unit {
  v1::DriftUnit told;  // what it is; without classes
  // Borrowed, with the lines of it that are not the same in all parts.
  std::vector<std::pair<const SectionInFleet*, std::vector<const DriftingLine*>>> sections;
  std::vector<UnitClass> classes;  // as v1::DriftUnit has them
};

// All units, by section, schema and entity, with their classes. Without `baseline` the largest
// class of those that all sections could be read of goes first; of equally large ones that of the
// first member. Borrows `sections`, which are by name.
std::vector<Unit> UnitsOf(const std::vector<SectionInFleet>& sections, v1::DriftGrouping grouping,
                          size_t member_count, std::optional<uint32_t> baseline);

// Whether two classes of a unit differ: in lines, or since a database is gone. What could not be
// read, or is not configured, is no difference.
bool Differ(const UnitClass& a, const UnitClass& b);

}  // namespace varve
