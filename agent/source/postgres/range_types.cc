// Range types, with their multiranges. pg_range.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

bool IsDefault(const Catalog& catalog, Oid operator_class) {
  const auto row = catalog.operator_classes.find(operator_class);
  return row != catalog.operator_classes.end() && row->second.is_default;
}

FacetShape Structure(const Catalog& catalog, const RangeRow& row, FacetShape facet) {
  v1::RangeTypeStructure& range = *facet.shape.mutable_range_type();
  *range.mutable_subtype() = DataTypeOf(catalog, row.subtype);
  if (!IsDefault(catalog, row.operator_class)) {
    *range.mutable_subtype_operator_class() = OperatorClassIdentity(catalog, row.operator_class);
  }
  if (HasOwnCollation(catalog, row.subtype, row.collation)) {
    *range.mutable_collation() = CollationIdentity(catalog, row.collation);
  }
  if (row.canonical != 0) *range.mutable_canonical() = RoutineIdentity(catalog, row.canonical);
  if (row.difference != 0) *range.mutable_subtype_diff() = RoutineIdentity(catalog, row.difference);
  if (const TypeRow* const multirange = catalog.Type(row.multirange); multirange != nullptr) {
    *range.mutable_multirange() = IdentityOf(TypeKey(catalog, *multirange));
  }
  return facet;
}

}  // namespace

void WriteRangeTypes(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, row] : catalog.ranges) {
    const TypeRow* const type = catalog.Type(oid);
    if (type == nullptr) continue;  // pg_type was denied, and coverage says so
    if (!Belongs(catalog, kTypeCatalog, oid, type->schema, "range_type", writer)) continue;
    const EntityKey entity = TypeKey(catalog, *type);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, oid));
    const ObjectAddress address{kTypeCatalog, oid, 0};
    WriteAccess(catalog, entity, address, type->owner, type->acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
