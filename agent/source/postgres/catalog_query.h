// The raw catalog queries: which columns from which version on, and where a row goes. A kind of
// object is served by the tables below; what a new kind needs is one more entry.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/row_reader.h"
#include "varve/v1/identity.pb.h"

namespace varve::postgres {

// A column of a query. Servers older than `since` (a major version) give `otherwise` in its place.
struct QueryColumn {
  absl::string_view expression;
  int since = 0;
  absl::string_view otherwise = "NULL";
};

// What cannot be made without a catalog: facets (bits, see Bit) of a kind; kind "" is every kind.
struct Feed {
  absl::string_view kind;
  unsigned facets;
};
constexpr unsigned Bit(v1::Facet facet) { return 1u << facet; }
constexpr unsigned kEveryFacet = ~0u;

struct CatalogQuery {
  absl::string_view catalog;  // as messages name it
  absl::Span<const QueryColumn> columns;
  absl::string_view from;  // all after the columns
  // Takes the columns in their order.
  void (*load)(RowReader& row, Catalog& catalog);
  absl::Span<const Feed> feeds;
  int since = 0;  // major version that has the catalog; older servers are not asked
  // Whether it is asked at all, by what was read before it. Null: always.
  bool (*wanted)(const Catalog& catalog) = nullptr;
};

// `COPY (SELECT …) TO STDOUT` for a server of that version number (150018). A server newer than any
// we know is read as the newest.
std::string CopyStatement(const CatalogQuery& query, int server_version);

// All of a database, by theme. Those of a group are read in their order, and a later one may look
// at what an earlier one loaded; groups are read in any order, also at the same time.
std::vector<absl::Span<const CatalogQuery>> DatabaseQueryGroups();
// The same in one list.
std::vector<const CatalogQuery*> DatabaseQueries();

absl::Span<const CatalogQuery>
ObjectQueries();  // database, schemas, roles, extensions, comments, …
absl::Span<const CatalogQuery> RelationQueries();  // pg_class, pg_attribute, …
absl::Span<const CatalogQuery> ElementQueries();   // constraints, indexes, triggers
absl::Span<const CatalogQuery> RuleQueries();      // rules, policies
absl::Span<const CatalogQuery> PlaceQueries();     // what pg_dump says of the place, not of objects
absl::Span<const CatalogQuery> TypeQueries();      // types and what only has a name
absl::Span<const CatalogQuery>
OwnTypeQueries();  // domains, ranges, base types, collations, conversions
absl::Span<const CatalogQuery> RoutineQueries();       // pg_proc, pg_aggregate, pg_language
absl::Span<const CatalogQuery> TextSearchQueries();    // pg_ts_…
absl::Span<const CatalogQuery> ForeignQueries();       // wrappers, servers, user mappings
absl::Span<const CatalogQuery> ReplicationQueries();   // publications, subscriptions
absl::Span<const CatalogQuery> DatabaseWideQueries();  // event triggers, default privileges, …
absl::Span<const CatalogQuery> OperatorQueries();      // operators, casts, access methods, …
absl::Span<const CatalogQuery> DependencyQueries();    // pg_depend
// Of the cluster's section; the settings are read before any setting of ours hides one of them.
const CatalogQuery& SettingsQuery();
absl::Span<const CatalogQuery> ClusterQueries();

}  // namespace varve::postgres
