// Enum types. pg_type, pg_enum.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {

void WriteEnums(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, type] : catalog.types) {
    if (type.type != 'e') continue;
    if (!Belongs(catalog, kTypeCatalog, oid, type.schema, "enum", writer)) continue;
    const EntityKey entity = TypeKey(catalog, type);
    FacetShape facet = writer.NewShape();
    v1::EnumStructure& enumeration = *facet.shape.mutable_enumeration();
    const auto labels = catalog.enum_labels.find(oid);
    if (labels != catalog.enum_labels.end()) {
      for (const absl::string_view label : labels->second) {
        enumeration.add_labels(facet.Mask(label));
      }
    }
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, oid));
    const ObjectAddress address{kTypeCatalog, oid, 0};
    WriteAccess(catalog, entity, address, type.owner, type.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
