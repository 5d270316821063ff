// Publications. pg_publication, pg_publication_rel, pg_publication_namespace.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

const std::vector<PublishedTableRow>& TablesOf(const Catalog& catalog, Oid publication) {
  static const auto& none = *new std::vector<PublishedTableRow>;
  const auto tables = catalog.replication.tables.find(publication);
  return tables == catalog.replication.tables.end() ? none : tables->second;
}

void FillTables(const Catalog& catalog, Oid publication, Repeated<v1::PublishedTable>& tables) {
  for (const PublishedTableRow& row : TablesOf(catalog, publication)) {
    v1::PublishedTable& table = *tables.Add();
    *table.mutable_table() = RelationIdentity(catalog, row.relation);
    for (const int16_t number : row.columns) {
      table.add_columns(std::string(catalog.ColumnName(row.relation, number)));
    }
    table.set_has_filter(row.filtered);
  }
}

void FillSchemas(const Catalog& catalog, Oid publication, Repeated<v1::Identity>& schemas) {
  const auto rows = catalog.replication.schemas.find(publication);
  if (rows == catalog.replication.schemas.end()) return;
  for (const Oid schema : rows->second) {
    *schemas.Add() = SchemaIdentity(catalog.SchemaName(schema));
  }
}

FacetShape Structure(const Catalog& catalog, const PublicationRow& row, FacetShape facet) {
  v1::PublicationStructure& publication = *facet.shape.mutable_publication();
  publication.set_all_tables(row.all_tables);
  publication.set_insert(row.insert);
  publication.set_update(row.update);
  publication.set_delete_(row.delete_rows);
  publication.set_truncate(row.truncate);
  publication.set_via_root(row.via_root);
  if (row.generated_columns == 's') publication.set_generated_columns("stored");
  FillTables(catalog, row.oid, *publication.mutable_tables());
  FillSchemas(catalog, row.oid, *publication.mutable_schemas());
  return facet;
}

void WriteExpressions(const Reading& reading, const PublicationRow& row, const EntityKey& entity,
                      SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::PublicationExpressions& texts = *facet.shape.mutable_publication_expressions();
  bool printed = true;
  Oid unseen = 0;  // a table that could not be opened
  for (const PublishedTableRow& table : TablesOf(reading.catalog, row.oid)) {
    if (!table.filtered) continue;
    if (reading.expressions.unseen.contains({kPublishedTableCatalog, table.relation})) {
      unseen = table.relation;
    }
    const auto text = reading.expressions.publication_filters.find(table.oid);
    printed &= text != reading.expressions.publication_filters.end();
    if (!printed) continue;
    v1::PublicationFilter& filter = *texts.add_tables();
    *filter.mutable_table() = RelationIdentity(reading.catalog, table.relation);
    filter.set_where(facet.Mask(text->second));
  }
  AddExpressions(reading, kPublishedTableCatalog, unseen, entity, printed, std::move(facet),
                 writer);
}

}  // namespace

void WritePublications(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const PublicationRow& row : catalog.replication.publications) {
    const ObjectAddress address{kPublicationCatalog, row.oid, 0};
    if (!Belongs(catalog, address.catalog, row.oid, 0, "publication", writer)) continue;
    const EntityKey entity{"publication", {std::string(row.name)}};
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    WriteExpressions(reading, row, entity, writer);
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
