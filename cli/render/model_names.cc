#include "cli/render/model_names.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace varve {

ModelName NameOfModel(const EntityKey& key) {
  if (key.names.size() == 1) return {"", key.names[0]};
  return {key.names[0], absl::StrJoin(absl::MakeConstSpan(key.names).subspan(1), ".")};
}

namespace {

std::vector<const EntityView*> ThoseThere(absl::Span<const EntityView> entities) {
  std::vector<const EntityView*> there;
  for (const EntityView& entity : entities) {
    if (entity.IsThere()) there.push_back(&entity);
  }
  return there;
}

}  // namespace

std::vector<const EntityView*> ModelsOf(const SectionView& section) {
  return ThoseThere(section.OfKind("model"));
}

std::vector<const EntityView*> EnumsOf(const SectionView& section) {
  return ThoseThere(section.OfKind("model_enum"));
}

absl::string_view BareName(absl::string_view qualname) {
  // A dot inside brackets is of a type argument.
  const absl::string_view plain = qualname.substr(0, qualname.find('['));
  const size_t dot = plain.rfind('.');
  return dot == absl::string_view::npos ? qualname : qualname.substr(dot + 1);
}

absl::string_view BareBase(absl::string_view base) {
  const size_t colon = base.find(':');
  return BareName(colon == absl::string_view::npos ? base : base.substr(colon + 1));
}

std::vector<std::string> ExportNames(absl::Span<const EntityView* const> models) {
  absl::flat_hash_map<std::string, int> wearers;
  for (const EntityView* const model : models) {
    ++wearers[std::string(BareName(NameOfModel(model->key()).qualname))];
  }
  absl::flat_hash_set<std::string> taken;
  std::vector<std::string> names;
  for (const EntityView* const model : models) {
    const ModelName name = NameOfModel(model->key());
    std::string chosen(BareName(name.qualname));
    if (wearers[chosen] > 1) chosen = absl::StrCat(name.module, ".", name.qualname);
    // Only names made to collide get here: (a.b, C) and (a, b.C).
    if (!taken.insert(chosen).second) {
      chosen = absl::StrCat(name.module, ":", name.qualname);
      taken.insert(chosen);
    }
    names.push_back(std::move(chosen));
  }
  return names;
}

}  // namespace varve
