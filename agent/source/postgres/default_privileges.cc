// Privileges that objects are made with. pg_default_acl.
#include "agent/source/postgres/acl.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// DEFACLOBJ_… of pg_default_acl.h.
std::string ObjectTypeOf(char defaclobjtype) {
  switch (defaclobjtype) {
    case 'r':
      return "table";
    case 'S':
      return "sequence";
    case 'f':
      return "function";
    case 'T':
      return "type";
    case 'n':
      return "schema";
    case 'L':
      return "large object";
    default:
      return std::string(1, defaclobjtype);
  }
}

}  // namespace

EntityKey DefaultPrivilegesKey(const Catalog& catalog, const DefaultPrivilegesRow& row) {
  return {"default_privileges",
          {catalog.RoleName(row.role), std::string(catalog.SchemaName(row.schema)),
           ObjectTypeOf(row.object_type)}};
}

// A row is all there is to it: it is dropped where nothing differs from what the server does.
void WriteDefaultPrivileges(const Catalog& catalog, SectionWriter& writer) {
  for (const DefaultPrivilegesRow& row : catalog.default_privileges) {
    if (!Belongs(catalog, kDefaultPrivilegesCatalog, row.oid, row.schema, "default_privileges",
                 writer)) {
      continue;
    }
    const EntityKey entity = DefaultPrivilegesKey(catalog, row);
    FacetShape facet = writer.NewShape();
    v1::Access& access = *facet.shape.mutable_access();
    access.set_has_acl(true);
    std::vector<std::string> unknown;
    for (v1::Grant& grant : ParseAcl(row.acl.items, catalog.text_form, unknown)) {
      *access.add_grants() = std::move(grant);
    }
    writer.Add(entity, v1::FACET_ACCESS, std::move(facet), ObjectLocator(catalog, row.oid));
  }
}

}  // namespace varve::postgres
