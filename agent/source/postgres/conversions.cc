// Conversions between encodings. pg_conversion.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

FacetShape Structure(const Catalog& catalog, const ConversionRow& row, FacetShape facet) {
  v1::ConversionStructure& conversion = *facet.shape.mutable_conversion();
  conversion.set_source_encoding(std::string(row.source));
  conversion.set_target_encoding(std::string(row.target));
  *conversion.mutable_function() = RoutineIdentity(catalog, row.function);
  conversion.set_is_default(row.is_default);
  return facet;
}

}  // namespace

void WriteConversions(const Catalog& catalog, SectionWriter& writer) {
  for (const ConversionRow& row : catalog.conversions) {
    if (!Belongs(catalog, kConversionCatalog, row.oid, row.schema, "conversion", writer)) continue;
    const EntityKey entity{"conversion",
                           {std::string(catalog.SchemaName(row.schema)), std::string(row.name)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    const ObjectAddress address{kConversionCatalog, row.oid, 0};
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
