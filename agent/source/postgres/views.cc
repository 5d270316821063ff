// Views and materialized views.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

FacetShape Structure(const Catalog& catalog, const RelationRow& relation, FacetShape facet) {
  v1::ViewStructure& view = *facet.shape.mutable_view();
  FillColumns(catalog, relation, facet, *view.mutable_columns());
  facet.MaskOptions(relation.options, catalog.text_form, *view.mutable_options());
  FillIndexes(catalog, relation, facet, *view.mutable_indexes());
  FillTriggers(catalog, relation, facet, *view.mutable_triggers());
  FillRules(catalog, relation, *view.mutable_rules());
  FillStorage(catalog, relation, facet, view);
  FillExtensionsNeeded(catalog, kClassCatalog, relation.oid, *view.mutable_depends_on_extensions());
  return facet;
}

void WriteExpressions(const Reading& reading, const RelationRow& relation, const EntityKey& entity,
                      SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::ViewExpressions& view = *facet.shape.mutable_view_expressions();
  const auto query = reading.expressions.queries.find(relation.oid);
  const bool printed = query != reading.expressions.queries.end() &&
                       FillIndexExpressions(reading, relation, facet, *view.mutable_indexes()) &&
                       FillTriggerExpressions(reading, relation, facet, *view.mutable_triggers()) &&
                       FillRuleExpressions(reading, relation, facet, *view.mutable_rules()) &&
                       FillColumnExpressions(reading, relation, facet, *view.mutable_columns());
  if (printed) view.set_query(facet.Mask(query->second));
  AddExpressions(reading, kClassCatalog, relation.oid, entity, printed, std::move(facet), writer);
}

bool IsView(absl::string_view kind) { return kind == "view" || kind == "materialized_view"; }

}  // namespace

void WriteViews(const Catalog& catalog, SectionWriter& writer) {
  for (const RelationRow& relation : catalog.relations) {
    const absl::string_view kind = RelationKind(relation.kind);
    if (!IsView(kind)) continue;
    if (!Belongs(catalog, kClassCatalog, relation.oid, relation.schema, kind, writer)) continue;
    const EntityKey entity = RelationKey(catalog, relation);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, relation, writer.NewShape()),
               RelationLocator(catalog, relation));
    WriteRelationAccess(catalog, entity, relation, writer);
    WriteRelationDocs(catalog, entity, relation, writer);
    if (kind == "materialized_view") WriteRelationState(catalog, entity, relation, writer);
  }
}

void WriteViewExpressions(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const RelationRow& relation : catalog.relations) {
    if (!IsView(RelationKind(relation.kind)) || !IsOwn(catalog, relation)) continue;
    WriteExpressions(reading, relation, RelationKey(catalog, relation), writer);
  }
}

}  // namespace varve::postgres
