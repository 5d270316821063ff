// Names of application models.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/section_view.h"

namespace varve {

// "shop.models", "Outer.Inner" of a model's identity.
struct ModelName {
  std::string module;
  std::string qualname;
};
ModelName NameOfModel(const EntityKey& key);

// The models that are there, by module and name.
std::vector<const EntityView*> ModelsOf(const SectionView& section);
// The enums that are there, likewise; they are named as models are.
std::vector<const EntityView*> EnumsOf(const SectionView& section);

// The class's own name: "Inner" of "Outer.Inner", "Page[shop.Tag]" of itself.
absl::string_view BareName(absl::string_view qualname);

// The class's own name of a base as models carry it: "BaseModel" of "pydantic.main:BaseModel".
absl::string_view BareBase(absl::string_view base);

// What each of `models` is called in an export, in their order: its bare name where that is unique,
// else `module.Name` for every one of that name. No two are alike.
std::vector<std::string> ExportNames(absl::Span<const EntityView* const> models);

}  // namespace varve
