#include "agent/source/postgres/dependencies.h"

#include <algorithm>
#include <tuple>

#include "absl/algorithm/container.h"
#include "snapshot/kinds.h"

namespace varve::postgres {
namespace {

v1::DependencyType TypeOf(char deptype) {
  switch (deptype) {
    case 'a':
      return v1::DEPENDENCY_TYPE_AUTO;
    case 'i':
      return v1::DEPENDENCY_TYPE_INTERNAL;
    case 'P':
    case 'S':
      return v1::DEPENDENCY_TYPE_PARTITION;
    case 'x':
      return v1::DEPENDENCY_TYPE_AUTO_EXTENSION;
    default:
      return v1::DEPENDENCY_TYPE_NORMAL;
  }
}

void FillPart(const EntityPart& part, v1::Dependency::Part& message) {
  message.set_kind(part.kind.data(), part.kind.size());
  message.set_name(part.name.data(), part.name.size());
}

}  // namespace

Dependencies::Dependencies(const Catalog& catalog, absl::Span<const DependencyRow> rows)
    : catalog_(catalog), addresses_(catalog) {
  for (const DependencyRow& row : rows) Add(row);
  Sort();
}

void Dependencies::Add(const DependencyRow& row) {
  const auto entity = addresses_.EntityOf(row.object);
  const auto on = addresses_.EntityOf(row.referenced);
  if (!entity.has_value() || !on.has_value() || *entity == *on) return;
  if (on->catalog == kTransformCatalog && !UsesTransform(row)) return;
  kept_.push_back({*entity, row, *on});
}

bool Dependencies::UsesTransform(const DependencyRow& row) const {
  const auto transform =
      std::find_if(catalog_.transforms.begin(), catalog_.transforms.end(),
                   [&row](const TransformRow& each) { return each.oid == row.referenced.object; });
  const RoutineRow* const routine = catalog_.Routine(row.object.object);
  if (transform == catalog_.transforms.end() || routine == nullptr) return true;
  return absl::c_linear_search(routine->transform_types, transform->type);
}

void Dependencies::Sort() {
  const auto key = [](const Kept& kept) {
    return std::tie(kept.entity.catalog, kept.entity.object);
  };
  std::sort(kept_.begin(), kept_.end(),
            [&key](const Kept& a, const Kept& b) { return key(a) < key(b); });
  const absl::Span<const Kept> all(kept_);
  for (size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].entity == all[begin].entity) ++end;
    const auto name = addresses_.KeyOf(all[begin].entity);
    if (name.has_value()) by_entity_.emplace(*name, all.subspan(begin, end - begin));
  }
}

void Dependencies::Fill(const EntityKey& entity, v1::Facet facet, v1::Shape& shape) const {
  const bool is_first = facet == FirstFacet(entity.kind);
  if (!is_first && facet != v1::FACET_EXPRESSIONS) return;
  const auto kept = by_entity_.find(entity);
  if (kept == by_entity_.end()) return;
  const bool has_expressions = HasFacet(entity.kind, v1::FACET_EXPRESSIONS);
  const bool may_repeat = kept->second.size() > 1;
  absl::flat_hash_set<std::string> seen;  // the catalog can say a thing twice
  for (const Kept& each : kept->second) {
    const bool is_printed = has_expressions && addresses_.IsPrinted(each.row.object);
    if (is_printed != (facet == v1::FACET_EXPRESSIONS)) continue;
    const auto on = addresses_.KeyOf(each.on);
    if (!on.has_value()) continue;
    v1::Dependency& dependency = *shape.add_dependencies();
    dependency.set_type(TypeOf(each.row.type));
    FillIdentity(*on, *dependency.mutable_on());
    const EntityPart part = addresses_.PartOf(each.row.object);
    if (!part.kind.empty()) FillPart(part, *dependency.mutable_part());
    const EntityPart on_part = addresses_.PartOf(each.row.referenced);
    if (!on_part.kind.empty()) FillPart(on_part, *dependency.mutable_on_part());
    if (may_repeat && !seen.insert(dependency.SerializeAsString()).second) {
      shape.mutable_dependencies()->RemoveLast();
    }
  }
}

}  // namespace varve::postgres
