// Collations of the database's own; those of the server are named only. pg_collation.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

const char* ProviderOf(char collprovider) {
  switch (collprovider) {
    case 'i':
      return "icu";
    case 'b':
      return "builtin";
    case 'd':
      return "default";
    default:
      return "libc";
  }
}

FacetShape Structure(const CollationRow& row, FacetShape facet) {
  v1::CollationStructure& collation = *facet.shape.mutable_collation();
  collation.set_provider(ProviderOf(row.provider));
  collation.set_nondeterministic(!row.deterministic);
  collation.set_collate(std::string(row.collate));
  collation.set_ctype(std::string(row.ctype));
  collation.set_locale(std::string(row.locale));
  collation.set_icu_rules(std::string(row.icu_rules));
  return facet;
}

FacetShape State(const CollationRow& row, FacetShape facet) {
  v1::CollationState& state = *facet.shape.mutable_collation_state();
  state.set_version(std::string(row.version));
  state.set_actual_version(std::string(row.actual_version));
  return facet;
}

}  // namespace

void WriteCollations(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, row] : catalog.own_collations) {
    const auto name = catalog.collations.find(oid);
    if (name == catalog.collations.end()) continue;  // it was denied, and coverage says so
    if (!Belongs(catalog, kCollationCatalog, oid, name->second.schema, "collation", writer)) {
      continue;
    }
    const EntityKey entity = KeyOf(CollationIdentity(catalog, oid));
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(row, writer.NewShape()),
               ObjectLocator(catalog, oid));
    const ObjectAddress address{kCollationCatalog, oid, 0};
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
    writer.Add(entity, v1::FACET_STATE, State(row, writer.NewShape()));
  }
}

}  // namespace varve::postgres
