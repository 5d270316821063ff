// What each entity needs of others: pg_depend, by name.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "agent/source/postgres/addresses.h"
#include "agent/source/postgres/catalog.h"
#include "varve/v1/shape.pb.h"

namespace varve::postgres {

// What parts of one entity need of one another is left out, and so is the schema that an object is
// in: its name says that. Never changes. Borrows the catalog, which is joined.
class Dependencies {
 public:
  Dependencies(const Catalog& catalog, absl::Span<const DependencyRow> rows);

  // Puts what the facet of the entity needs into its envelope: what hangs on a deparsed text goes
  // with the facet expressions, everything else with the kind's first facet.
  void Fill(const EntityKey& entity, v1::Facet facet, v1::Shape& shape) const;

 private:
  struct Kept {
    ObjectAddress entity;
    DependencyRow row;
    ObjectAddress on;  // the entity that is needed
  };

  void Add(const DependencyRow& row);
  void Sort();
  // Servers note a transform of any argument's type, if there was one when the routine
  // was made, though only TRANSFORM FOR TYPE uses it: a restored database would differ.
  bool UsesTransform(const DependencyRow& row) const;

  const Catalog& catalog_;
  const Addresses addresses_;
  std::vector<Kept> kept_;  // by entity once sorted
  absl::flat_hash_map<EntityKey, absl::Span<const Kept>> by_entity_;
};

}  // namespace varve::postgres
