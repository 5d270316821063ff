// The database itself, its schemas and its extensions.
#include "agent/source/postgres/kind_writers.h"

namespace varve::postgres {
namespace {

const char* ProviderOf(char datlocprovider) {
  switch (datlocprovider) {
    case 'i':
      return "icu";
    case 'b':
      return "builtin";
    default:
      return "libc";
  }
}

}  // namespace

void WriteDatabase(const Reading& reading, SectionWriter& writer) {
  const DatabaseRow& row = reading.catalog.database;
  if (row.oid == 0) return;                          // pg_database was denied, and coverage says so
  const EntityKey entity{"database", {"database"}};  // constant, so that clones compare
  FacetShape facet = writer.NewShape();
  v1::DatabaseStructure& database = *facet.shape.mutable_database();
  database.set_encoding(std::string(row.encoding));
  database.set_collate(std::string(row.collate));
  database.set_ctype(std::string(row.ctype));
  database.set_locale_provider(ProviderOf(row.locale_provider));
  writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet),
             ObjectLocator(reading.catalog, row.oid));
  WriteAccess(reading.catalog, entity, {kDatabaseCatalog, row.oid, 0}, row.owner, row.acl, writer);
  WriteDocs(entity, row.comment, writer);
}

void WriteSchemas(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const SchemaRow& row : catalog.schemas) {
    if (!Belongs(catalog, kNamespaceCatalog, row.oid, row.oid, "schema", writer)) continue;
    const EntityKey entity{"schema", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    facet.shape.mutable_schema();
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    const ObjectAddress address{kNamespaceCatalog, row.oid, 0};
    WriteAccess(catalog, entity, address, row.owner, row.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

void WriteExtensions(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const ExtensionRow& row : catalog.extensions) {
    const EntityKey entity{"extension", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::ExtensionStructure& extension = *facet.shape.mutable_extension();
    extension.set_version(std::string(row.version));
    extension.set_schema(std::string(catalog.SchemaName(row.schema)));
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    WriteDocs(catalog, entity, {kExtensionCatalog, row.oid, 0}, writer);
  }
}

}  // namespace varve::postgres
