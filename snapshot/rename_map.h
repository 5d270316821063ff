// Which names of one side are which of the other. Pure; the store writes its rename rows by it,
// diff and history compare through it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/line.h"

namespace varve {

// The kind of a rename of a part of a relation; its names are the relation's, then the column's.
inline constexpr absl::string_view kColumn = "column";

// One object (or column) under its two names.
struct Renamed {
  std::string kind;
  std::vector<std::string> from;
  std::vector<std::string> to;

  friend auto operator<=>(const Renamed&, const Renamed&) = default;
};

// Names of side A to names of side B. The longest renamed beginning of a name wins: a schema's
// rename carries its tables along. A name that another object has taken meanwhile matches nothing,
// so a swap is two renames.
class RenameMap {
 public:
  using Names = std::vector<std::string>;

  RenameMap() = default;
  // Of `pairs`, those are kept that do not follow from a shorter one; those whose names are equal
  // are dropped.
  explicit RenameMap(std::vector<Renamed> pairs);

  bool empty() const { return forward_.empty(); }
  // What is kept, by kind and old name.
  std::vector<Renamed> Renames() const;

  // The name on side B of what side A calls `names`, and back; `names` itself where nothing is
  // renamed. `kind` is that of the object named; empty where it is not known (a reference in text):
  // then any renamed kind serves.
  Names Forward(const Names& names, absl::string_view kind) const;
  Names Back(const Names& names, absl::string_view kind) const;

  // One name for both sides, that of side B: of side A's `names`, and of side B's. Nothing where
  // the other side gives that name to another object.
  std::optional<Names> CommonOfA(const Names& names, absl::string_view kind) const;
  std::optional<Names> CommonOfB(const Names& names, absl::string_view kind) const;

 private:
  using Map = std::map<std::pair<std::string, Names>, Names>;
  static Names Follow(const Map& map, const Names& names, absl::string_view kind);

  Map forward_;
  Map back_;
};

// An entity and the canonical bytes of its v1::Locator. Borrowed.
struct Located {
  const EntityKey& entity;
  absl::string_view locator;
};

// True for a line that can prove a rename: its kind's first facet, with a locator.
bool CanProve(const LineKey& key, const Seen& seen);

// The renames that equal locators prove between two sides, columns included. Both sides are of one
// environment: a clone has its origin's locators.
RenameMap ProvedRenames(absl::Span<const Located> before, absl::Span<const Located> after);

}  // namespace varve
