// Names of entities and of their parts as one types them, matched against a text piece by piece.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/line.h"
#include "snapshot/shape_elements.h"

namespace varve {

// How a name without quotes is read.
enum class TypedCase {
  kAsTyped,
  kLowered,  // as PostgreSQL reads it
};

// Takes `name` off the front of `text`, as it stands or in double quotes; false, and `text` as it
// was, where `text` does not begin so. What follows it is a dot, a bracket or nothing.
bool TakeName(absl::string_view name, TypedCase letters, absl::string_view& text);

// What of `text` follows the entity's name and a dot: "" where the name is all; nothing where
// `text` names another.
std::optional<absl::string_view> TakeEntity(const EntityKey& entity, absl::string_view text,
                                            TypedCase letters);

// How many names of elements `text` leaves out of the path that it names; nothing where it names
// another.
std::optional<size_t> TakePath(const ElementPath& at, absl::string_view text, TypedCase letters);

// "public.orders", "redis:session:*", "model:shop.models.Order", "role:app".
std::string TypedName(const EntityKey& entity);
// The same of its part: "public.orders.total".
std::string TypedName(const EntityKey& entity, const std::vector<std::string>& element);

// With the whole path of the part, and with the kind of the entity where `with_kind` is set.
std::string WholeName(const EntityKey& entity, const std::vector<std::string>& element,
                      bool with_kind);

}  // namespace varve
