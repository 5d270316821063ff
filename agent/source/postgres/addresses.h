// From an address, as pg_depend and pg_description write it, to what a snapshot calls the object:
// an entity, or a named part of one.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/source/postgres/catalog.h"
#include "snapshot/line.h"

namespace varve::postgres {

// A part of an entity: {"column", "total"}. Both empty: the entity itself.
struct EntityPart {
  absl::string_view kind;  // "column", "default", "constraint", "index", "trigger", "rule"
  absl::string_view name;

  friend bool operator==(const EntityPart&, const EntityPart&) = default;
};

// Borrows a joined catalog. Thread-safe.
class Addresses {
 public:
  explicit Addresses(const Catalog& catalog) : catalog_(catalog) {}

  // The address of the entity that holds the object: of an index its table's, of an array its
  // element type's. Nothing where it is in no catalog that was read (a TOAST table).
  std::optional<ObjectAddress> EntityOf(const ObjectAddress& address) const;

  // What the entity at an address that EntityOf gave is called; nothing where it has no name in a
  // snapshot.
  std::optional<EntityKey> KeyOf(const ObjectAddress& entity) const;

  // Which part of its entity the object is.
  EntityPart PartOf(const ObjectAddress& address) const;

  // Whether the object's text is in its entity's facet expressions: what it needs changes with it.
  bool IsPrinted(const ObjectAddress& address) const;

 private:
  std::optional<ObjectAddress> TypeEntity(Oid type) const;

  const Catalog& catalog_;
};

}  // namespace varve::postgres
