// What the databases of a server share: their list, roles, tablespaces, privileges on settings.
#include "absl/strings/match.h"
#include "agent/source/postgres/kind_writers.h"

namespace varve::postgres {
namespace {

v1::Identity RoleIdentity(const Catalog& catalog, Oid role) {
  return IdentityOf({"role", {catalog.RoleName(role)}});
}

FacetShape RoleAccess(const Catalog& catalog, const RoleRow& row, FacetShape facet) {
  v1::RoleAccess& role = *facet.shape.mutable_role();
  role.set_superuser(row.superuser);
  role.set_inherit(row.inherit);
  role.set_create_role(row.create_role);
  role.set_create_database(row.create_database);
  role.set_login(row.login);
  role.set_replication(row.replication);
  role.set_bypass_row_security(row.bypass_row_security);
  for (const MembershipRow& membership : catalog.cluster.memberships) {
    if (membership.member != row.oid) continue;
    v1::RoleMembership& member = *role.add_memberships();
    *member.mutable_role() = RoleIdentity(catalog, membership.role);
    *member.mutable_grantor() = RoleIdentity(catalog, membership.grantor);
    member.set_admin(membership.admin);
    member.set_no_inherit(!membership.inherit);
    member.set_no_set(!membership.set);
  }
  FillLabels(catalog, {kRoleCatalog, row.oid, 0}, *role.mutable_labels());
  return facet;
}

FacetShape RoleOptions(const Catalog& catalog, const RoleRow& row, FacetShape facet) {
  v1::RoleOptions& options = *facet.shape.mutable_role_options();
  options.set_valid_until(std::string(row.valid_until));
  options.set_connection_limit(static_cast<int32_t>(row.connection_limit));
  facet.MaskOptions(row.settings, catalog.text_form, *options.mutable_settings());
  return facet;
}

// The two that every server has say nothing, unless somebody set something of them.
bool IsUntouched(const Catalog& catalog, const TablespaceRow& row) {
  return row.oid < kFirstUserOid && !row.acl.present && row.options.empty() &&
         catalog.Comment(kTablespaceCatalog, row.oid).empty();
}

}  // namespace

void WriteDatabaseList(const Catalog& catalog, SectionWriter& writer) {
  for (const ListedDatabaseRow& row : catalog.cluster.databases) {
    const EntityKey entity{"database", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    FillDatabase(row.database, *facet.shape.mutable_database());
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(facet),
               ObjectLocator(catalog, row.database.oid));
    WriteAccess(catalog, entity, {kDatabaseCatalog, row.database.oid, 0}, row.database.owner,
                row.database.acl, writer);
    WriteDocs(entity, catalog.Comment(kDatabaseCatalog, row.database.oid), writer);
  }
}

void WriteRoles(const Catalog& catalog, SectionWriter& writer) {
  for (const RoleRow& row : catalog.cluster.roles) {
    if (absl::StartsWith(row.name, "pg_")) continue;  // predefined: no other can be called so
    const EntityKey entity{"role", {std::string(row.name)}};
    writer.Add(entity, v1::FACET_ACCESS, RoleAccess(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, row.oid));
    writer.Add(entity, v1::FACET_OPTIONS, RoleOptions(catalog, row, writer.NewShape()));
    WriteDocs(entity, catalog.Comment(kRoleCatalog, row.oid), writer);
  }
}

void WriteTablespaces(const Catalog& catalog, SectionWriter& writer) {
  for (const TablespaceRow& row : catalog.cluster.tablespaces) {
    if (IsUntouched(catalog, row)) continue;
    const EntityKey entity{"tablespace", {std::string(row.name)}};
    FacetShape structure = writer.NewShape();
    structure.MaskOptions(row.options, catalog.text_form,
                          *structure.shape.mutable_tablespace()->mutable_options());
    writer.Add(entity, v1::FACET_STRUCTURE, std::move(structure), ObjectLocator(catalog, row.oid));
    WriteAccess(catalog, entity, {kTablespaceCatalog, row.oid, 0}, row.owner, row.acl, writer);
    FacetShape options = writer.NewShape();
    options.shape.mutable_tablespace_options()->set_location(options.Mask(row.location));
    writer.Add(entity, v1::FACET_OPTIONS, std::move(options));
    WriteDocs(entity, catalog.Comment(kTablespaceCatalog, row.oid), writer);
  }
}

// A row is all there is to it: without one only superusers set what is not everyone's.
void WriteParameterPrivileges(const Catalog& catalog, SectionWriter& writer) {
  for (const ParameterRow& row : catalog.cluster.parameters) {
    const EntityKey entity{"parameter_privileges", {std::string(row.name)}};
    FacetShape facet = writer.NewShape();
    v1::Access& access = *facet.shape.mutable_access();
    access.set_has_acl(true);
    FillGrants(row.acl, catalog.text_form, *access.mutable_grants());
    writer.Add(entity, v1::FACET_ACCESS, std::move(facet), ObjectLocator(catalog, row.oid));
  }
}

}  // namespace varve::postgres
