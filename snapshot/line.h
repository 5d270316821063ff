// A line: one facet of one entity in one snapshot, seen or unseen.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "snapshot/hash.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// An entity's name inside its section. Ordered by kind, then names.
struct EntityKey {
  std::string kind;
  std::vector<std::string> names;

  friend auto operator<=>(const EntityKey&, const EntityKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const EntityKey& key) {
    return H::combine(std::move(h), key.kind, key.names);
  }
};

// A line's name inside its section. Ordered by kind, names, facet.
struct LineKey {
  EntityKey entity;
  v1::Facet facet = v1::FACET_UNSPECIFIED;

  friend auto operator<=>(const LineKey&, const LineKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const LineKey& key) {
    return H::combine(std::move(h), key.entity, key.facet);
  }
};

// What a seen line carries. Equal in every member: the same version row.
struct Seen {
  ShapeHash shape;
  v1::Way way = v1::WAY_RUN;
  std::string digest;   // of what was masked; 32 bytes, or empty
  std::string key_id;   // of the digest's key; empty where `digest` is
  std::string locator;  // canonical bytes of v1::Locator, or empty

  friend auto operator<=>(const Seen&, const Seen&) = default;
};

// A line as an agent sends it: seen, or unseen with a reason.
struct Line {
  LineKey key;
  std::optional<Seen> seen;
  v1::Sight unseen = v1::SIGHT_UNSPECIFIED;  // why, where `seen` is empty

  friend auto operator<=>(const Line&, const Line&) = default;
};

EntityKey KeyOf(const v1::Identity& identity);
v1::Identity IdentityOf(const EntityKey& key);
// The same into an empty one, which may be on an arena.
void FillIdentity(const EntityKey& key, v1::Identity& identity);

// "public.orders"; "public.archive(date)" of a function, "public.ops USING gin" of an operator
// class, "integer AS text" of a cast, "app SERVER far" of a user mapping, "table by owner in app"
// of default privileges: how people write it inside a section.
std::string DisplayName(const EntityKey& key);
// The same with each name as `part` writes it; types stay as they are printed.
std::string NameInForm(const EntityKey& key,
                       absl::FunctionRef<std::string(const std::string&)> part);

v1::Seen ToProto(const Seen& seen);
v1::Line ToProto(const Line& line);

// Errors: kInvalidArgument (no identity, facet or state, a hash that has not 32 bytes).
absl::StatusOr<Seen> SeenFrom(const v1::Seen& proto);
absl::StatusOr<Line> LineFrom(const v1::Line& proto);

// The canonical bytes of a line: what a manifest's hash covers, and what is sent.
std::string LineBytes(const Line& line);

}  // namespace varve
