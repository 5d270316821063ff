// What the writers of a relation's parts share.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "cli/render/sql/sql_words.h"
#include "cli/render/sql/writing.h"

namespace varve::sql {

template <typename Item>
using Repeated = google::protobuf::RepeatedPtrField<Item>;

// The item of that name; null where there is none.
template <typename Item>
const Item* Named(const Repeated<Item>& items, absl::string_view name) {
  for (const Item& item : items) {
    if (item.name() == name) return &item;
  }
  return nullptr;
}

// "public.orders".
inline std::string NameOf(const EntityView& relation) {
  return Qualified(relation.key().names[0], relation.key().names[1]);
}

inline const v1::TableStructure& TableOf(const EntityView& relation) {
  return relation.Shape(v1::FACET_STRUCTURE).table();
}
inline const v1::ViewStructure& ViewOf(const EntityView& relation) {
  return relation.Shape(v1::FACET_STRUCTURE).view();
}
inline bool IsTable(const EntityView& relation) { return relation.key().kind == "table"; }

inline bool IsPartitioned(const EntityView& relation) {
  return IsTable(relation) && TableOf(relation).kind() == v1::TABLE_KIND_PARTITIONED;
}

// " DEFERRABLE INITIALLY DEFERRED"; "" of what is checked at once.
inline std::string Deferral(bool deferrable, bool initially_deferred) {
  if (!deferrable) return "";
  return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

}  // namespace varve::sql
