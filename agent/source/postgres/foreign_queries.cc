// Foreign data: wrappers, servers, user mappings.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kWrappers[] = {{"foreign_data_wrapper", kEveryFacet}, {"server", kStructure}};
constexpr Feed kServers[] = {{"server", kEveryFacet},
                             {"table", kStructure | Bit(v1::FACET_EXPRESSIONS)}};
constexpr Feed kUserMappings[] = {{"user_mapping", kEveryFacet}};

constexpr QueryColumn kWrapperColumns[] = {
    {"oid"},    {"fdwname"},   {"fdwowner"}, {"fdwhandler::oid"}, {"fdwvalidator::oid"},
    {"fdwacl"}, {"fdwoptions"}};

void LoadWrapper(RowReader& row, Catalog& catalog) {
  ForeignDataWrapperRow& wrapper = catalog.foreign.wrappers[row.TakeOid()];
  wrapper.name = row.TakeText();
  wrapper.owner = row.TakeOid();
  wrapper.handler = row.TakeOid();
  wrapper.validator = row.TakeOid();
  wrapper.acl = row.TakeAcl();
  wrapper.options = row.TakeRaw();
}

constexpr QueryColumn kServerColumns[] = {{"oid"},    {"srvname"},   {"srvowner"},
                                          {"srvfdw"}, {"srvtype"},   {"srvversion"},
                                          {"srvacl"}, {"srvoptions"}};

void LoadServer(RowReader& row, Catalog& catalog) {
  ServerRow& server = catalog.foreign.servers[row.TakeOid()];
  server.name = row.TakeText();
  server.owner = row.TakeOid();
  server.wrapper = row.TakeOid();
  server.type = row.TakeText();
  server.version = row.TakeText();
  server.acl = row.TakeAcl();
  server.options = row.TakeRaw();
}

// Who may see umoptions, as the view itself decides: it shows NULL to the others, and where there
// are none.
constexpr absl::string_view kPermitted =
    "CASE m.umuser WHEN 0 THEN pg_has_role(s.srvowner, 'USAGE') "
    "ELSE m.usename = current_user AND (pg_has_role(s.srvowner, 'USAGE') "
    "OR has_server_privilege(s.oid, 'USAGE')) END "
    "OR current_setting('is_superuser') = 'on'";
constexpr QueryColumn kUserMappingColumns[] = {
    {"m.umid"}, {"m.usename"}, {"m.srvname"}, {kPermitted}, {"m.umoptions"}};

void LoadUserMapping(RowReader& row, Catalog& catalog) {
  UserMappingRow& mapping = catalog.foreign.user_mappings.emplace_back();
  mapping.oid = row.TakeOid();
  mapping.user = row.TakeText();
  mapping.server = row.TakeText();
  mapping.permitted = row.TakeBool();
  mapping.options = row.TakeRaw();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_foreign_data_wrapper", kWrapperColumns, "FROM pg_foreign_data_wrapper", LoadWrapper,
     kWrappers},
    {"pg_foreign_server", kServerColumns, "FROM pg_foreign_server", LoadServer, kServers},
    // pg_user_mapping itself holds passwords, and only who may read everything can read it.
    {"pg_user_mappings", kUserMappingColumns,
     "FROM pg_user_mappings m JOIN pg_foreign_server s ON s.oid = m.srvid", LoadUserMapping,
     kUserMappings},
};

}  // namespace

absl::Span<const CatalogQuery> ForeignQueries() { return kQueries; }

}  // namespace varve::postgres
