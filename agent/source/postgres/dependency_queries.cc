// What objects need of one another: pg_depend, but for members of extensions.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr Feed kEverything[] = {{"", kEveryFacet}};

constexpr QueryColumn kColumns[] = {{"classid"},  {"objid"},       {"objsubid"}, {"refclassid"},
                                    {"refobjid"}, {"refobjsubid"}, {"deptype"}};

ObjectAddress TakeAddress(RowReader& row) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  address.part = static_cast<int32_t>(row.TakeInt());
  return address;
}

void LoadDependency(RowReader& row, Catalog& catalog) {
  DependencyRow& dependency = catalog.dependencies.emplace_back();
  dependency.object = TakeAddress(row);
  dependency.referenced = TakeAddress(row);
  dependency.type = row.TakeChar();
}

// An object needs its schema, but its name says so; triggers that a foreign key made are no part of
// a snapshot.
constexpr CatalogQuery kQueries[] = {
    {"pg_depend", kColumns,
     "FROM pg_depend WHERE objid >= 16384 AND deptype NOT IN ('e', 'p') AND refclassid <> 2615 "
     "AND NOT (classid = 2620 AND refclassid = 2606 AND deptype = 'i')",
     LoadDependency, kEverything},
};

}  // namespace

absl::Span<const CatalogQuery> DependencyQueries() { return kQueries; }

}  // namespace varve::postgres
