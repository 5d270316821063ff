// Catalogs that all databases of a server share: databases, roles, tablespaces, settings.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr Feed kDatabases[] = {{"database", kEveryFacet}};
constexpr Feed kRolesAndOwners[] = {{"role", kEveryFacet}, {"", Bit(v1::FACET_ACCESS)}};
constexpr Feed kRoleAccess[] = {{"role", Bit(v1::FACET_ACCESS)}};
constexpr Feed kRoleOptions[] = {{"role", Bit(v1::FACET_OPTIONS)}};
constexpr Feed kTablespaces[] = {{"tablespace", kEveryFacet}};
constexpr Feed kTablespaceOptions[] = {{"tablespace", Bit(v1::FACET_OPTIONS)}};
constexpr Feed kSettings[] = {{"setting", kEveryFacet}};
constexpr Feed kParameters[] = {{"parameter_privileges", kEveryFacet}};
constexpr Feed kAccessOfAll[] = {{"", Bit(v1::FACET_ACCESS)}};
constexpr Feed kDocsOfAll[] = {{"", Bit(v1::FACET_DOCS)}};

// No operator and no cast: the role's own search_path holds while they are read.
constexpr QueryColumn kSettingColumns[] = {
    {"name"}, {"reset_val"}, {"unit"}, {"source"}, {"pending_restart"}};

void LoadSetting(RowReader& row, Catalog& catalog) {
  SettingRow& setting = catalog.cluster.settings.emplace_back();
  setting.name = row.TakeText();
  setting.value = row.TakeText();
  setting.unit = row.TakeText();
  setting.source = row.TakeText();
  setting.pending_restart = row.TakeBool();
}

constexpr CatalogQuery kSettingsQuery = {"pg_settings", kSettingColumns,
                                         "FROM pg_catalog.pg_settings", LoadSetting, kSettings};

// Proves renames; where it may not be asked, there are no locators, and nothing else is lost.
constexpr QueryColumn kSystemColumns[] = {{"system_identifier"}};

void LoadSystem(RowReader& row, Catalog& catalog) {
  catalog.database.system_identifier = row.TakeText();
}

constexpr QueryColumn kDatabaseColumns[] = {
    {"oid"},
    {"datname"},
    {"pg_encoding_to_char(encoding)"},
    {"datcollate"},
    {"datctype"},
    {"datlocprovider", 15, "'c'"},
    {"datdba"},
    {"datacl"},
    // The column is called daticulocale in 15 and 16.
    {"COALESCE(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')", 15},
    {"daticurules", 16}};

void LoadDatabase(RowReader& row, Catalog& catalog) {
  ListedDatabaseRow& listed = catalog.cluster.databases.emplace_back();
  listed.database.oid = row.TakeOid();
  listed.name = row.TakeText();
  listed.database.encoding = row.TakeText();
  listed.database.collate = row.TakeText();
  listed.database.ctype = row.TakeText();
  listed.database.locale_provider = row.TakeChar();
  listed.database.owner = row.TakeOid();
  listed.database.acl = row.TakeAcl();
  listed.database.locale = row.TakeText();
  listed.database.icu_rules = row.TakeText();
}

constexpr QueryColumn kRoleColumns[] = {{"oid"},          {"rolname"},        {"rolsuper"},
                                        {"rolinherit"},   {"rolcreaterole"},  {"rolcreatedb"},
                                        {"rolcanlogin"},  {"rolreplication"}, {"rolbypassrls"},
                                        {"rolconnlimit"}, {"rolvaliduntil"}};

void LoadRole(RowReader& row, Catalog& catalog) {
  RoleRow& role = catalog.cluster.roles.emplace_back();
  role.oid = row.TakeOid();
  role.name = row.TakeText();
  role.superuser = row.TakeBool();
  role.inherit = row.TakeBool();
  role.create_role = row.TakeBool();
  role.create_database = row.TakeBool();
  role.login = row.TakeBool();
  role.replication = row.TakeBool();
  role.bypass_row_security = row.TakeBool();
  role.connection_limit = row.TakeInt();
  role.valid_until = row.TakeText();
  catalog.roles.emplace(role.oid, role.name);
}

constexpr QueryColumn kMembershipColumns[] = {{"roleid"},
                                              {"member"},
                                              {"grantor"},
                                              {"admin_option"},
                                              {"inherit_option", 16, "true"},
                                              {"set_option", 16, "true"}};

void LoadMembership(RowReader& row, Catalog& catalog) {
  MembershipRow& membership = catalog.cluster.memberships.emplace_back();
  membership.role = row.TakeOid();
  membership.member = row.TakeOid();
  membership.grantor = row.TakeOid();
  membership.admin = row.TakeBool();
  membership.inherit = row.TakeBool();
  membership.set = row.TakeBool();
}

constexpr QueryColumn kRoleSettingColumns[] = {{"setrole"}, {"setconfig"}};

void LoadRoleSetting(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  const absl::string_view settings = row.TakeRaw();
  for (RoleRow& role : catalog.cluster.roles) {
    if (role.oid == oid) role.settings = settings;
  }
}

constexpr QueryColumn kTablespaceColumns[] = {
    {"oid"}, {"spcname"}, {"spcowner"}, {"spcacl"}, {"spcoptions"}};

void LoadTablespace(RowReader& row, Catalog& catalog) {
  TablespaceRow& tablespace = catalog.cluster.tablespaces.emplace_back();
  tablespace.oid = row.TakeOid();
  tablespace.name = row.TakeText();
  tablespace.owner = row.TakeOid();
  tablespace.acl = row.TakeAcl();
  tablespace.options = row.TakeRaw();
}

constexpr QueryColumn kLocationColumns[] = {{"oid"}, {"pg_tablespace_location(oid)"}};

void LoadLocation(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  const absl::string_view location = row.TakeText();
  for (TablespaceRow& tablespace : catalog.cluster.tablespaces) {
    if (tablespace.oid == oid) tablespace.location = location;
  }
}

constexpr QueryColumn kParameterColumns[] = {{"oid"}, {"parname"}, {"paracl"}};

void LoadParameter(RowReader& row, Catalog& catalog) {
  ParameterRow& parameter = catalog.cluster.parameters.emplace_back();
  parameter.oid = row.TakeOid();
  parameter.name = row.TakeText();
  parameter.acl = row.TakeAcl();
}

constexpr QueryColumn kCommentColumns[] = {{"classoid"}, {"objoid"}, {"description"}};

void LoadComment(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  catalog.comments.emplace(address, row.TakeText());
}

constexpr QueryColumn kLabelColumns[] = {{"classoid"}, {"objoid"}, {"provider"}, {"label"}};

void LoadLabel(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  LabelRow& label = catalog.labels[address].emplace_back();
  label.provider = row.TakeText();
  label.label = row.TakeText();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_control_system()", kSystemColumns, "FROM pg_control_system()", LoadSystem, {}},
    {"pg_database", kDatabaseColumns, "FROM pg_database d", LoadDatabase, kDatabases},
    {"pg_roles", kRoleColumns, "FROM pg_roles", LoadRole, kRolesAndOwners},
    {"pg_auth_members", kMembershipColumns, "FROM pg_auth_members", LoadMembership, kRoleAccess},
    {"pg_db_role_setting", kRoleSettingColumns,
     "FROM pg_db_role_setting WHERE setdatabase = 0 AND setrole <> 0", LoadRoleSetting,
     kRoleOptions},
    {"pg_tablespace", kTablespaceColumns, "FROM pg_tablespace", LoadTablespace, kTablespaces},
    // Follows a link on the server's disk, which can be gone.
    {"pg_tablespace_location(oid)", kLocationColumns, "FROM pg_tablespace", LoadLocation,
     kTablespaceOptions},
    {"pg_parameter_acl", kParameterColumns, "FROM pg_parameter_acl", LoadParameter, kParameters,
     15},
    {"pg_shdescription", kCommentColumns,
     "FROM pg_shdescription WHERE classoid IN (1213, 1260, 1262)", LoadComment, kDocsOfAll},
    {"pg_shseclabel", kLabelColumns, "FROM pg_shseclabel", LoadLabel, kAccessOfAll},
};

}  // namespace

const CatalogQuery& SettingsQuery() { return kSettingsQuery; }
absl::Span<const CatalogQuery> ClusterQueries() { return kQueries; }

}  // namespace varve::postgres
