// The database itself and its schemas.
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

void WriteOptions(const Catalog& catalog, const EntityKey& entity, SectionWriter& writer) {
  const DatabaseRow& row = catalog.database;
  FacetShape facet = writer.NewShape();
  v1::DatabaseOptions& options = *facet.shape.mutable_database_options();
  if (row.connection_limit >= 0) options.set_connection_limit(row.connection_limit);
  options.set_allow_connections(row.allow_connections);
  options.set_is_template(row.is_template);
  options.set_tablespace(std::string(catalog.TablespaceName(row.tablespace)));
  for (const DatabaseSettingsRow& settings : catalog.database_settings) {
    if (settings.role.empty()) {
      facet.MaskOptions(settings.settings, catalog.text_form, *options.mutable_settings());
      continue;
    }
    v1::RoleSettings& of_role = *options.add_role_settings();
    of_role.set_role(std::string(settings.role));
    facet.MaskOptions(settings.settings, catalog.text_form, *of_role.mutable_settings());
  }
  writer.Add(entity, v1::FACET_OPTIONS, std::move(facet));
}

void WriteState(const DatabaseRow& row, const EntityKey& entity, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::DatabaseState& state = *facet.shape.mutable_database_state();
  state.set_collation_version(std::string(row.collation_version));
  state.set_actual_collation_version(std::string(row.actual_collation_version));
  writer.Add(entity, v1::FACET_STATE, std::move(facet));
}

}  // namespace

void FillDatabase(const DatabaseRow& row, v1::DatabaseStructure& database) {
  database.set_encoding(std::string(row.encoding));
  database.set_collate(std::string(row.collate));
  database.set_ctype(std::string(row.ctype));
  database.set_locale_provider(ProviderOf(row.locale_provider));
  database.set_locale(std::string(row.locale));
  database.set_icu_rules(std::string(row.icu_rules));
}

void WriteDatabase(const Catalog& catalog, SectionWriter& writer) {
  const DatabaseRow& row = catalog.database;
  if (row.oid == 0) return;                          // pg_database was denied, and coverage says so
  const EntityKey entity{"database", {"database"}};  // constant, so that clones compare
  FacetShape facet = writer.NewShape();
  FillDatabase(row, *facet.shape.mutable_database());
  writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
  WriteAccessWithMembers(catalog, entity, {kDatabaseCatalog, row.oid, 0}, row.owner, row.acl, 0,
                         writer);
  WriteOptions(catalog, entity, writer);
  WriteDocs(entity, row.comment, writer);
  WriteState(row, entity, writer);
}

void WriteSchemas(const Catalog& catalog, SectionWriter& writer) {
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

}  // namespace varve::postgres
