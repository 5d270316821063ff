#include "snapshot/rules/walk.h"

#include "snapshot/kinds.h"

namespace varve {

void ForEachOf(const RuleInput& input, absl::string_view kind,
               absl::FunctionRef<void(const EntityView&)> look) {
  const v1::Facet first = FirstFacet(kind);
  for (const EntityView& entity : input.section.OfKind(kind)) {
    if (entity.Saw(first)) look(entity);
  }
}

}  // namespace varve
