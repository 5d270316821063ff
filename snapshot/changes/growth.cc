#include "snapshot/changes/growth.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "snapshot/line.h"

namespace varve {
namespace {

constexpr absl::string_view kSizes[] = {"rows",        "rows_estimate",  "table_bytes",
                                        "index_bytes", "database_bytes", "last_value",
                                        "keys",        "memory_bytes",   "used_memory"};

bool IsSize(absl::string_view name) {
  return std::find(std::begin(kSizes), std::end(kSizes), name) != std::end(kSizes);
}

using Figures = std::map<std::pair<std::string, std::string>, int64_t>;  // by element and name

Figures SizesOf(const v1::EntityMeasures& entity) {
  Figures figures;
  for (const v1::Measure& measure : entity.measures()) {
    if (measure.has_number() && IsSize(measure.name())) {
      figures[{measure.element(), measure.name()}] = measure.number();
    }
  }
  // An exact count beside the planner's guess.
  if (figures.count({"", "rows"}) > 0) figures.erase({"", "rows_estimate"});
  return figures;
}

using ByEntity = absl::flat_hash_map<EntityKey, const v1::EntityMeasures*>;

ByEntity EntitiesOf(const Section& section) {
  ByEntity entities;
  for (const v1::EntityMeasures& entity : section.measures->entities()) {
    entities[KeyOf(entity.identity())] = &entity;
  }
  return entities;
}

// What entities of a section were called on the first side, where they were renamed.
absl::flat_hash_map<EntityKey, EntityKey> OldNames(const v1::DiffResult& result,
                                                   const std::string& section) {
  absl::flat_hash_map<EntityKey, EntityKey> names;
  for (const v1::Difference& difference : result.differences()) {
    if (difference.op() == v1::Difference::OP_RENAMED && difference.section() == section) {
      names[KeyOf(difference.identity())] = KeyOf(difference.was());
    }
  }
  return names;
}

void AddGrowthOf(const Section& before, const Section& after, v1::DiffResult& result) {
  const ByEntity entities = EntitiesOf(before);
  const auto old_names = OldNames(result, after.header.name());
  for (const v1::EntityMeasures& entity : after.measures->entities()) {
    const EntityKey key = KeyOf(entity.identity());
    const auto renamed = old_names.find(key);
    const auto found = entities.find(renamed == old_names.end() ? key : renamed->second);
    if (found == entities.end()) continue;
    const Figures then = SizesOf(*found->second);
    for (const auto& [name, number] : SizesOf(entity)) {
      const auto was = then.find(name);
      if (was == then.end() || was->second == number) continue;
      v1::Growth& growth = *result.add_growth();
      growth.set_section(after.header.name());
      *growth.mutable_identity() = entity.identity();
      growth.set_element(name.first);
      growth.set_name(name.second);
      growth.set_before(was->second);
      growth.set_after(number);
    }
  }
}

}  // namespace

void AddGrowth(const Snapshot& before, const Snapshot& after, v1::DiffResult& result) {
  for (const Section& section : after.sections) {
    for (const Section& earlier : before.sections) {
      if (earlier.header.name() == section.header.name()) AddGrowthOf(earlier, section, result);
    }
  }
  const auto key = [](const v1::Growth& growth) {
    const EntityKey entity = KeyOf(growth.identity());
    return std::make_tuple(growth.section(), entity.kind, entity.names, growth.element(),
                           growth.name());
  };
  std::sort(result.mutable_growth()->begin(), result.mutable_growth()->end(),
            [&](const v1::Growth& a, const v1::Growth& b) { return key(a) < key(b); });
}

}  // namespace varve
