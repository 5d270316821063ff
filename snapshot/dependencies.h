// What the objects of a section need of one another: as it was captured with them
// (Shape.dependencies), and as their names and shapes tell. An object needs its schema, a member of
// an extension the extension, a constraint, an index, a trigger or a policy the columns that it
// names.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/section_view.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// A named part of an entity, as v1.Dependency.Part has it. Both empty: the entity itself.
struct ObjectPart {
  std::string kind;
  std::string name;

  bool is_whole() const { return kind.empty(); }
  friend auto operator<=>(const ObjectPart&, const ObjectPart&) = default;
};

// The path of a part in its entity's shape, as a diff's paths write it: {"columns", "total"} of
// {"column", "total"}. Empty where it has none.
std::vector<std::string> PathOf(const ObjectPart& part);
// The other way round; nothing where nothing is known of what hangs on such a part.
std::optional<ObjectPart> PartAt(const std::vector<std::string>& path);

// Why one object needs another.
enum class NeedOrigin {
  kCaptured,   // the server keeps count of it
  kName,       // its name says that it stands in a schema
  kExtension,  // the extension lists it as a member
  kShape,      // its shape names it
  kText,       // a text that the server deparsed has the word
};

// That one object needs another, by their places among the nodes.
struct Need {
  size_t from = 0;
  ObjectPart part;  // of `from`
  size_t on = 0;
  ObjectPart on_part;  // of `on`
  NeedOrigin origin = NeedOrigin::kCaptured;
  // What would become of `from` without `on`; unspecified where it was not captured.
  v1::DependencyType type = v1::DEPENDENCY_TYPE_UNSPECIFIED;

  friend auto operator<=>(const Need&, const Need&) = default;
};

// Immutable once made.
class DependencyGraph {
 public:
  struct Node {
    EntityKey key;
    // False of what is only needed: the server's own, a member of an extension, or what the
    // section does not have.
    bool is_in_section = false;
    bool is_member = false;  // of an extension
  };

  static DependencyGraph Of(const SectionView& section);

  // By key.
  absl::Span<const Node> nodes() const { return nodes_; }
  // Sorted, each once. One object's parts may need one another.
  absl::Span<const Need> needs() const { return needs_; }
  // What the node needs, as places in needs(); who needs it.
  absl::Span<const size_t> NeedsOf(size_t node) const { return of_[node]; }
  absl::Span<const size_t> NeededBy(size_t node) const { return by_[node]; }
  // Its place among the nodes; nothing where there is none.
  std::optional<size_t> Find(const EntityKey& key) const;

 private:
  friend class GraphBuilder;
  std::vector<Node> nodes_;
  std::vector<Need> needs_;
  std::vector<std::vector<size_t>> of_;
  std::vector<std::vector<size_t>> by_;
  absl::flat_hash_map<EntityKey, size_t> places_;
};

}  // namespace varve
