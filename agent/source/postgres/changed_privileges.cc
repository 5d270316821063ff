// Privileges of what is no entity of its own: pg_init_privs against the ACL there is now.
#include <map>

#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// The kind of what `catalog` holds; "" for relations and types, which are of several.
absl::string_view ObjectKind(Oid catalog) {
  switch (catalog) {
    case kProcCatalog:
      return "function";
    case kNamespaceCatalog:
      return "schema";
    case kLanguageCatalog:
      return "language";
    case kForeignServerCatalog:
      return "server";
    case kForeignDataWrapperCatalog:
      return "foreign_data_wrapper";
    default:
      return "";
  }
}

// The catalog in memory has few rows of the server's own objects: names come with the row.
v1::Identity IdentityFrom(const Catalog& catalog, const ChangedPrivilegesRow& row) {
  v1::Identity identity;
  if (row.catalog == kTypeCatalog) {
    const TypeRow* const type = catalog.Type(row.object);
    if (type != nullptr) return IdentityOf(TypeKey(catalog, *type));
  }
  identity.set_kind(std::string(row.catalog == kClassCatalog ? RelationKind(row.relkind)
                                                             : ObjectKind(row.catalog)));
  if (!row.schema.empty()) identity.add_names(std::string(row.schema));
  identity.add_names(std::string(row.name));
  for (const std::string& type : ArrayItems(row.argument_types)) {
    identity.add_names(TextFrom(type, catalog.text_form));
  }
  return identity;
}

}  // namespace

void FillMemberAccess(const Catalog& catalog, Oid extension, Repeated<v1::MemberAccess>& members) {
  std::map<std::pair<Oid, Oid>, v1::MemberAccess*> by_object;  // catalog, object
  for (const ChangedPrivilegesRow& row : catalog.changed_privileges) {
    if (row.extension != extension) continue;
    v1::MemberAccess*& member = by_object[{row.catalog, row.object}];
    if (member == nullptr) {
      member = members.Add();
      *member->mutable_object() = IdentityFrom(catalog, row);
    }
    if (row.column.empty()) {
      member->set_has_acl(true);
      FillGrants(row.acl, catalog.text_form, *member->mutable_grants());
    } else {
      v1::ElementAccess& column = *member->add_columns();
      column.set_name(std::string(row.column));
      FillGrants(row.acl, catalog.text_form, *column.mutable_grants());
    }
  }
}

}  // namespace varve::postgres
