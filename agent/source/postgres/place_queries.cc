// What is said of the place where objects are: tablespaces, settings of the database, extensions
// that objects need, privileges of what the server and extensions brought.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kPlaced[] = {
    {"table", kStructure}, {"materialized_view", kStructure}, {"database", Bit(v1::FACET_OPTIONS)}};
constexpr Feed kDatabaseOptions[] = {{"database", Bit(v1::FACET_OPTIONS)}};
constexpr Feed kDependent[] = {{"table", kStructure},
                               {"materialized_view", kStructure},
                               {"view", kStructure},
                               {"function", kStructure}};
constexpr Feed kHasMembers[] = {{"database", Bit(v1::FACET_ACCESS)},
                                {"extension", Bit(v1::FACET_ACCESS)}};

constexpr QueryColumn kTablespaceColumns[] = {{"oid"}, {"spcname"}};

void LoadTablespace(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  catalog.tablespaces.emplace(oid, row.TakeText());
}

constexpr QueryColumn kSettingsColumns[] = {
    {"CASE WHEN setrole <> 0 THEN pg_get_userbyid(setrole) END"}, {"setconfig"}};

void LoadSettings(RowReader& row, Catalog& catalog) {
  DatabaseSettingsRow& settings = catalog.database_settings.emplace_back();
  settings.role = row.TakeText();
  settings.settings = row.TakeRaw();
}

constexpr QueryColumn kNeedColumns[] = {{"classid"}, {"objid"}, {"refobjid"}};

void LoadNeed(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  catalog.extensions_needed[address].push_back(row.TakeOid());
}

constexpr QueryColumn kPrivilegeColumns[] = {{"class"},   {"oid"},   {"COALESCE(extension, 0)"},
                                             {"nspname"}, {"name"},  {"\"column\""},
                                             {"relkind"}, {"types"}, {"acl"}};

// As pg_dump compares: with what initdb or CREATE EXTENSION left, else with the default, and as
// sets. Of information_schema nothing was left to compare with, and pg_dump says nothing; schema
// public (2200) is an entity and says it itself.
// An array of members, since a set of them keeps the server from using its indexes (a tenth of the
// time, measured on 10,000 tables).
constexpr absl::string_view kChangedPrivileges =
    "FROM (WITH members AS MATERIALIZED (SELECT classid, objid, refobjid FROM pg_depend "
    "WHERE deptype = 'e' AND refclassid = 3079 AND objsubid = 0) "
    "SELECT o.*, n.nspname, d.refobjid AS extension "
    "FROM (SELECT 1259 AS class, oid, 0 AS part, relnamespace AS schema, relname AS name, "
    "''::name AS column, relkind, NULL::text[] AS types, relacl AS acl, "
    "acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\", relowner) AS standard "
    "FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S') "
    "AND (oid < 16384 OR oid = ANY (ARRAY(SELECT objid FROM members))) "
    "UNION ALL SELECT 1259, attrelid, attnum, relnamespace, relname, attname, relkind, NULL, "
    "attacl, '{}'::aclitem[] FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    "WHERE attacl IS NOT NULL AND NOT attisdropped "
    "AND (attrelid < 16384 OR attrelid = ANY (ARRAY(SELECT objid FROM members))) "
    "UNION ALL SELECT 1255, oid, 0, pronamespace, proname, '', NULL, "
    "ARRAY(SELECT format_type(t, NULL) FROM unnest(proargtypes) AS t), proacl, "
    "acldefault('f', proowner) FROM pg_proc "
    "WHERE oid < 16384 OR oid = ANY (ARRAY(SELECT objid FROM members)) "
    "UNION ALL SELECT 1247, oid, 0, typnamespace, typname, '', NULL, NULL, typacl, "
    "acldefault('T', typowner) FROM pg_type "
    "WHERE oid < 16384 OR oid = ANY (ARRAY(SELECT objid FROM members)) "
    "UNION ALL SELECT 2615, oid, 0, 0, nspname, '', NULL, NULL, nspacl, "
    "acldefault('n', nspowner) FROM pg_namespace "
    "WHERE oid <> 2200 AND nspname <> 'information_schema' "
    "UNION ALL SELECT 2612, oid, 0, 0, lanname, '', NULL, NULL, lanacl, "
    "acldefault('l', lanowner) FROM pg_language "
    "UNION ALL SELECT 2328, oid, 0, 0, fdwname, '', NULL, NULL, fdwacl, "
    "acldefault('F', fdwowner) FROM pg_foreign_data_wrapper "
    "UNION ALL SELECT 1417, oid, 0, 0, srvname, '', NULL, NULL, srvacl, "
    "acldefault('S', srvowner) FROM pg_foreign_server) AS o "
    "LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid "
    "AND i.objsubid = o.part "
    "LEFT JOIN members d ON d.classid = o.class AND d.objid = o.oid "
    "LEFT JOIN pg_namespace n ON n.oid = o.schema "
    "WHERE (o.oid < 16384 OR d.refobjid IS NOT NULL) "
    "AND n.nspname IS DISTINCT FROM 'information_schema' "
    "AND (o.acl IS NOT NULL OR i.initprivs IS NOT NULL) "
    "AND NOT (COALESCE(o.acl, o.standard) @> COALESCE(i.initprivs, o.standard) "
    "AND COALESCE(o.acl, o.standard) <@ COALESCE(i.initprivs, o.standard))) AS changed";

void LoadPrivileges(RowReader& row, Catalog& catalog) {
  ChangedPrivilegesRow& changed = catalog.changed_privileges.emplace_back();
  changed.catalog = row.TakeOid();
  changed.object = row.TakeOid();
  changed.extension = row.TakeOid();
  changed.schema = row.TakeText();
  changed.name = row.TakeText();
  changed.column = row.TakeText();
  changed.relkind = row.TakeChar();
  changed.argument_types = row.TakeRaw();
  changed.acl = row.TakeAcl();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_tablespace", kTablespaceColumns, "FROM pg_tablespace", LoadTablespace, kPlaced},
    {"pg_db_role_setting", kSettingsColumns,
     "FROM pg_db_role_setting WHERE setdatabase = "
     "(SELECT oid FROM pg_database WHERE datname = current_database())",
     LoadSettings, kDatabaseOptions},
    {"pg_depend", kNeedColumns, "FROM pg_depend WHERE deptype = 'x' AND refclassid = 3079",
     LoadNeed, kDependent},
    {"pg_init_privs", kPrivilegeColumns, kChangedPrivileges, LoadPrivileges, kHasMembers},
};

}  // namespace

absl::Span<const CatalogQuery> PlaceQueries() { return kQueries; }

}  // namespace varve::postgres
