// What an object needs of others, or what would break without it, from a graph of needs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/dependencies.h"
#include "snapshot/section_view.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

enum class NeedDirection {
  kNeeds,     // what the object needs
  kNeededBy,  // what would break without it
};

// An object that was reached. Of one that is needed by a part alone only what hangs on that part
// is followed further.
struct ReachedObject {
  size_t node = 0;
  size_t depth = 0;           // the least, from 1
  std::vector<size_t> needs;  // those that lead to it, of parts that were reached; sorted
};

// What could not be looked at, so that the answer may lack something.
struct NotLookedAt {
  std::string kind;
  std::vector<std::string> names;  // of one entity, or the beginning of several; empty: all of it
  v1::Facet facet = v1::FACET_UNSPECIFIED;
  v1::Sight why = v1::SIGHT_UNSPECIFIED;
  std::string reason = {};  // as coverage has both; may be empty
  std::string remedy = {};
};

struct DependencyAnswer {
  size_t node = 0;
  ObjectPart part;  // all of it where that is whole
  NeedDirection direction = NeedDirection::kNeeds;
  std::vector<ReachedObject> reached;        // by depth, then by key
  std::vector<std::vector<size_t>> circles;  // of the object and those, that need one another
  // By kind, names and facet: of the object and what it needs; or, of what needs it, anywhere in
  // the section.
  std::vector<NotLookedAt> not_looked_at;
  // Of the object and those that it needs; or, of what needs it, of the section: routines whose
  // bodies are texts, so that the server keeps no count of what is named in them.
  size_t bodies_not_followed = 0;
};

// Follows what `node`, or its `part`, needs, or who needs it, up to `depth` steps; nothing: to the
// end. `graph` is that of `section`.
DependencyAnswer Follow(const SectionView& section, const DependencyGraph& graph, size_t node,
                        const ObjectPart& part, NeedDirection direction,
                        std::optional<size_t> depth);

// Whether the answer may be another where all could be looked at; what the configuration leaves
// out does not count.
bool CannotSay(const DependencyAnswer& answer);

}  // namespace varve
