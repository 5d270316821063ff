// Procedural languages and transforms between their values and the server's. pg_language,
// pg_transform.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

FacetShape Structure(const Catalog& catalog, const LanguageRow& row, FacetShape facet) {
  using Message = v1::LanguageStructure;
  Message& shape = *facet.shape.mutable_language();
  shape.set_trusted(row.trusted);
  SetReference(catalog, row.handler, RoutineIdentity, shape, &Message::mutable_handler);
  SetReference(catalog, row.inline_handler, RoutineIdentity, shape,
               &Message::mutable_inline_handler);
  SetReference(catalog, row.validator, RoutineIdentity, shape, &Message::mutable_validator);
  return facet;
}

std::string LanguageName(const Catalog& catalog, Oid language) {
  const auto row = catalog.languages.find(language);
  return row == catalog.languages.end() ? "" : std::string(row->second.name);
}

FacetShape Structure(const Catalog& catalog, const TransformRow& row, FacetShape facet) {
  using Message = v1::TransformStructure;
  Message& shape = *facet.shape.mutable_transform();
  SetReference(catalog, row.type, PlainType, shape, &Message::mutable_type);
  shape.set_language(LanguageName(catalog, row.language));
  SetReference(catalog, row.from_sql, RoutineIdentity, shape, &Message::mutable_from_sql);
  SetReference(catalog, row.to_sql, RoutineIdentity, shape, &Message::mutable_to_sql);
  return facet;
}

}  // namespace

void WriteLanguages(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, row] : catalog.languages) {
    if (oid < kFirstUserOid) continue;
    if (!Belongs(catalog, kLanguageCatalog, oid, 0, "language", writer)) continue;
    const EntityKey entity{"language", {std::string(row.name)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, oid));
    const ObjectAddress address{kLanguageCatalog, oid, 0};
    WriteAccess(catalog, entity, address, row.owner, row.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteTransforms(const Catalog& catalog, SectionWriter& writer) {
  for (const TransformRow& row : catalog.transforms) {
    if (!Belongs(catalog, kTransformCatalog, row.oid, 0, "transform", writer)) continue;
    const EntityKey entity{"transform",
                           {TypeName(catalog, row.type), LanguageName(catalog, row.language)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    WriteDocs(catalog, entity, {kTransformCatalog, row.oid, 0}, writer);
  }
}

}  // namespace varve::postgres
