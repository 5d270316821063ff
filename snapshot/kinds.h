// The one table of kinds: which facets an entity of a kind has, and what people call it. Nothing
// else decides which facet a fact belongs to.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "varve/v1/identity.pb.h"

namespace varve {

// A facet of a kind and the member of the Shape envelope that carries it (the field's number).
struct KindFacet {
  v1::Facet facet;
  int shape_member;
};

// Which section of a PostgreSQL source has entities of a kind: that of a database, or `source/`,
// the cluster's. Sections of other sources have every kind of theirs.
enum class KindScope { kDatabase, kCluster, kBoth };

struct Kind {
  absl::string_view name;         // as in Identity.kind
  absl::string_view plural;       // as a key in exported JSON: "tables"
  absl::string_view source_kind;  // "postgres", "redis", "models"
  // The first says whether the entity is there.
  absl::Span<const KindFacet> facets;
  KindScope scope = KindScope::kDatabase;
};

// All kinds, in the order in which people read them. Valid for ever.
absl::Span<const Kind> Kinds();

// The kind of that name; null where this build does not know it (a newer agent's).
const Kind* FindKind(absl::string_view name);

// Whether objects of a kind of PostgreSQL's stand in a schema, which is the first of their names.
bool StandsInSchema(absl::string_view kind);

// Whether the cluster's section, or else a database's, has entities of the kind.
bool IsInSection(const Kind& kind, KindScope section);

// The facet that says whether an entity of the kind is there; structure where the kind is not
// known.
v1::Facet FirstFacet(absl::string_view kind);

// Whether entities of the kind have that facet; true where the kind is not known.
bool HasFacet(absl::string_view kind, v1::Facet facet);

// "structure", "expressions", …; "facet 12" for one that this build does not know.
std::string FacetName(v1::Facet facet);

// "not permitted", "locked", …; "reason 12" for one that this build does not know.
std::string SightName(v1::Sight sight);

}  // namespace varve
