// Which statement of a coverage decides for a line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "snapshot/line.h"
#include "snapshot/selection.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// Of entries that hold an entity the one with the longest scope decides; of equally long ones one
// whose patterns leave the entity out goes before one without.
//
// Borrows the coverage: it must outlive the index, unchanged. Immutable once made.
class CoverageIndex {
 public:
  explicit CoverageIndex(const v1::Coverage& coverage);

  // The entry that decides; null where none holds the entity.
  const v1::CoverageEntry* Find(const EntityKey& entity, v1::Facet facet) const;
  // Its state; unspecified where there is none.
  v1::Sight StateOf(const EntityKey& entity, v1::Facet facet) const;

 private:
  struct Statement {
    const v1::CoverageEntry* entry;
    Selection selection;  // takes all where the entry has no patterns
  };
  // By kind and facet, in the order in which they are asked.
  absl::flat_hash_map<std::pair<std::string, int>, std::vector<Statement>> statements_;
};

// The same answer to one question: of many, make an index.
v1::Sight CoveredAs(const v1::Coverage& coverage, absl::string_view kind, v1::Facet facet,
                    const std::vector<std::string>& names);

}  // namespace varve
