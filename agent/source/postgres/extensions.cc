// Extensions, what they consist of, and what depends on them. pg_extension, pg_depend.
#include "agent/source/postgres/addresses.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// Types that the server makes with another object: of arrays, rows and multiranges. Which of them
// are members depends on its version.
bool IsMadeWithAnother(const Catalog& catalog, const ObjectAddress& address) {
  if (address.catalog != kTypeCatalog) return false;
  const TypeRow* const type = catalog.Type(address.object);
  if (type == nullptr) return false;
  const TypeRow* const element = catalog.Type(type->element);
  if (element != nullptr && element->array == address.object) return true;
  const RelationRow* const relation = catalog.Relation(type->relation);
  return type->type == 'm' || (relation != nullptr && relation->kind != 'c');
}

void FillMembers(const Catalog& catalog, const Addresses& addresses, Oid oid,
                 v1::ExtensionStructure& extension) {
  uint32_t unnamed = 0;
  for (const auto& [address, owner] : catalog.members) {
    if (owner != oid || IsMadeWithAnother(catalog, address)) continue;
    const auto entity = addresses.EntityOf(address);
    const auto name = entity.has_value() ? addresses.KeyOf(*entity) : std::nullopt;
    if (name.has_value()) {
      *extension.add_members() = IdentityOf(*name);
    } else {
      ++unnamed;
    }
  }
  extension.set_unnamed_members(unnamed);
}

}  // namespace

void FillExtensionsNeeded(const Catalog& catalog, Oid catalog_of, Oid object,
                          Repeated<std::string>& extensions) {
  const auto needed = catalog.extensions_needed.find({catalog_of, object, 0});
  if (needed == catalog.extensions_needed.end()) return;
  for (const Oid extension : needed->second) {
    *extensions.Add() = std::string(catalog.ExtensionName(extension));
  }
}

void WriteExtensions(const Catalog& catalog, SectionWriter& writer) {
  const Addresses addresses(catalog);
  for (const ExtensionRow& row : catalog.extensions) {
    const EntityKey entity{"extension", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::ExtensionStructure& extension = *facet.shape.mutable_extension();
    extension.set_version(std::string(row.version));
    extension.set_schema(std::string(catalog.SchemaName(row.schema)));
    FillMembers(catalog, addresses, row.oid, extension);
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet), ObjectLocator(catalog, row.oid));
    const ObjectAddress address{kExtensionCatalog, row.oid, 0};
    WriteAccessWithMembers(catalog, entity, address, row.owner, {}, row.oid, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
