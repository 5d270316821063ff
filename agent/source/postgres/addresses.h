// From an address, as pg_depend and pg_description write it, to what a snapshot calls the object:
// an entity, or a named part of one.
#pragma once

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "agent/source/postgres/catalog.h"
#include "snapshot/line.h"

namespace varve::postgres {

// A part of an entity: {"column", "total"}. Both empty: the entity itself.
struct EntityPart {
  absl::string_view kind;  // as in v1.Dependency.Part
  absl::string_view name;

  friend bool operator==(const EntityPart&, const EntityPart&) = default;
};

// Borrows a joined catalog. Thread-safe.
class Addresses {
 public:
  explicit Addresses(const Catalog& catalog);

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

  // Names the objects of catalogs whose rows are lists.
  void NameLists();
  void NameParts();
  std::optional<ObjectAddress> PartOfEntity(const ObjectAddress& address) const;
  const Catalog& catalog_;
  absl::flat_hash_map<ObjectAddress, EntityKey> named_;
  absl::flat_hash_map<ObjectAddress, ObjectAddress> parts_;  // of which entity
};

}  // namespace varve::postgres
