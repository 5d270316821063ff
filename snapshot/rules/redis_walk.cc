#include "snapshot/rules/redis_walk.h"

#include <string>

namespace varve {

void ForEachPattern(
    const RuleInput& input,
    absl::FunctionRef<void(const EntityView&, const v1::KeyPatternStructure&)> look) {
  ForEachOf(input, "key_pattern", [&look](const EntityView& entity) {
    look(entity, entity.Shape(v1::FACET_STRUCTURE).key_pattern());
  });
}

void ForEachMeasuredPattern(const RuleInput& input,
                            absl::FunctionRef<void(const EntityView&)> look) {
  for (const EntityView& entity : input.section.OfKind("key_pattern")) {
    if (entity.IsThere() || entity.measures() != nullptr) look(entity);
  }
}

absl::string_view SettingOf(const RuleInput& input, absl::string_view name) {
  const EntityView* const setting = input.section.Find({"redis_setting", {std::string(name)}});
  if (setting == nullptr) return "";
  return setting->Shape(v1::FACET_OPTIONS).redis_setting().value();
}

}  // namespace varve
