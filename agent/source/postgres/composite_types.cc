// Composite types that stand on their own. pg_type, pg_class, pg_attribute.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

FacetShape Structure(const Catalog& catalog, const RelationRow& relation, FacetShape facet) {
  FillColumns(catalog, relation, facet,
              *facet.shape.mutable_composite_type()->mutable_attributes());
  return facet;
}

// The type's comment is of its row in pg_type, its attributes' of that in pg_class.
void WriteCompositeDocs(const Catalog& catalog, const EntityKey& entity, const TypeRow& type,
                        const RelationRow& relation, SectionWriter& writer) {
  std::vector<ElementComment> elements;
  for (const AttributeRow& attribute : relation.columns) {
    elements.push_back(
        {"column", attribute.name, catalog.Comment(kClassCatalog, relation.oid, attribute.number)});
  }
  WriteDocs(entity, catalog.Comment(kTypeCatalog, type.oid), elements, writer);
}

}  // namespace

void WriteCompositeTypes(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, type] : catalog.types) {
    if (type.type != 'c') continue;
    const RelationRow* const relation = catalog.Relation(type.relation);
    if (relation == nullptr || relation->kind != 'c') continue;  // the row type of a relation
    if (!Belongs(catalog, kTypeCatalog, oid, type.schema, "composite_type", writer)) continue;
    const EntityKey entity = TypeKey(catalog, type);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, *relation, writer.NewShape()),
               RelationLocator(catalog, *relation));
    WriteCompositeAccess(catalog, entity, type, *relation, writer);
    WriteCompositeDocs(catalog, entity, type, *relation, writer);
  }
}

}  // namespace varve::postgres
