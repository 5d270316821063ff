// Access methods. pg_am.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {

void WriteAccessMethods(const Catalog& catalog, SectionWriter& writer) {
  for (const AccessMethodRow& row : catalog.own_access_methods) {
    if (!Belongs(catalog, kAccessMethodCatalog, row.oid, 0, "access_method", writer)) continue;
    const EntityKey entity{"access_method", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::AccessMethodStructure& shape = *facet.shape.mutable_access_method();
    shape.set_type(row.type == 't' ? "table" : "index");
    SetReference(catalog, row.handler, RoutineIdentity, shape,
                 &v1::AccessMethodStructure::mutable_handler);
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    WriteDocs(catalog, entity, {kAccessMethodCatalog, row.oid, 0}, writer);
  }
}

}  // namespace varve::postgres
