// Catalogs of the database itself and of what every kind shares: schemas, roles, extensions,
// comments, memberships.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr Feed kEverything[] = {{"", kEveryFacet}};
constexpr Feed kDatabaseOnly[] = {{"database", kEveryFacet}};
constexpr Feed kAccessOfAll[] = {{"", Bit(v1::FACET_ACCESS)}};
constexpr Feed kAccessOfShared[] = {{"database", Bit(v1::FACET_ACCESS)},
                                    {"subscription", Bit(v1::FACET_ACCESS)}};
constexpr Feed kDocsOfAll[] = {{"", Bit(v1::FACET_DOCS)}};
constexpr Feed kExtensionOnly[] = {{"extension", kEveryFacet}};
constexpr Feed kSequenceOnly[] = {{"sequence", kEveryFacet}};
constexpr Feed kDatabaseDocs[] = {{"database", Bit(v1::FACET_DOCS)}};

constexpr QueryColumn kDatabaseColumns[] = {
    {"oid"},
    {"pg_encoding_to_char(encoding)"},
    {"datcollate"},
    {"datctype"},
    {"datlocprovider", 15, "'c'"},
    {"datdba"},
    {"datacl"},
    // The column is called daticulocale in 15 and 16.
    {"COALESCE(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')", 15},
    {"daticurules", 16},
    {"datcollversion", 15},
    {"pg_database_collation_actual_version(oid)", 15},
    {"dattablespace"},
    {"datconnlimit"},
    {"datallowconn"},
    {"datistemplate"}};

void LoadDatabase(RowReader& row, Catalog& catalog) {
  DatabaseRow& database = catalog.database;
  database.oid = row.TakeOid();
  database.encoding = row.TakeText();
  database.collate = row.TakeText();
  database.ctype = row.TakeText();
  database.locale_provider = row.TakeChar();
  database.owner = row.TakeOid();
  database.acl = row.TakeAcl();
  database.locale = row.TakeText();
  database.icu_rules = row.TakeText();
  database.collation_version = row.TakeText();
  database.actual_collation_version = row.TakeText();
  database.tablespace = row.TakeOid();
  database.connection_limit = static_cast<int32_t>(row.TakeInt());
  database.allow_connections = row.TakeBool();
  database.is_template = row.TakeBool();
}

// Proves renames; where it may not be asked, there are no locators, and nothing else is lost.
constexpr QueryColumn kSystemColumns[] = {{"system_identifier"}};

void LoadSystem(RowReader& row, Catalog& catalog) {
  catalog.database.system_identifier = row.TakeText();
}

constexpr QueryColumn kDatabaseCommentColumns[] = {{"description"}};

void LoadDatabaseComment(RowReader& row, Catalog& catalog) {
  catalog.database.comment = row.TakeText();
}

constexpr QueryColumn kSchemaColumns[] = {{"oid"}, {"nspname"}, {"nspowner"}, {"nspacl"}};

void LoadSchema(RowReader& row, Catalog& catalog) {
  SchemaRow& schema = catalog.schemas.emplace_back();
  schema.oid = row.TakeOid();
  schema.name = row.TakeText();
  schema.owner = row.TakeOid();
  schema.acl = row.TakeAcl();
}

constexpr QueryColumn kRoleColumns[] = {{"oid"}, {"rolname"}};

void LoadRole(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  catalog.roles.emplace(oid, row.TakeText());
}

constexpr QueryColumn kExtensionColumns[] = {
    {"oid"}, {"extname"}, {"extversion"}, {"extnamespace"}, {"extowner"}};

void LoadExtension(RowReader& row, Catalog& catalog) {
  ExtensionRow& extension = catalog.extensions.emplace_back();
  extension.oid = row.TakeOid();
  extension.name = row.TakeText();
  extension.version = row.TakeText();
  extension.schema = row.TakeOid();
  extension.owner = row.TakeOid();
}

constexpr QueryColumn kMemberColumns[] = {{"classid"}, {"objid"}, {"refobjid"}};

void LoadMember(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  catalog.members.emplace(address, row.TakeOid());
}

constexpr QueryColumn kCommentColumns[] = {{"classoid"}, {"objoid"}, {"objsubid"}, {"description"}};

void LoadComment(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  address.part = static_cast<int32_t>(row.TakeInt());
  catalog.comments.emplace(address, row.TakeText());
}

constexpr QueryColumn kLabelColumns[] = {
    {"classoid"}, {"objoid"}, {"objsubid"}, {"provider"}, {"label"}};

void LoadLabel(RowReader& row, Catalog& catalog) {
  ObjectAddress address;
  address.catalog = row.TakeOid();
  address.object = row.TakeOid();
  address.part = static_cast<int32_t>(row.TakeInt());
  LabelRow& label = catalog.labels[address].emplace_back();
  label.provider = row.TakeText();
  label.label = row.TakeText();
}

constexpr QueryColumn kSequenceColumns[] = {{"seqrelid"},     {"seqtypid"}, {"seqstart"},
                                            {"seqincrement"}, {"seqmax"},   {"seqmin"},
                                            {"seqcache"},     {"seqcycle"}};

void LoadSequence(RowReader& row, Catalog& catalog) {
  SequenceRow& sequence = catalog.sequences[row.TakeOid()];
  sequence.type = row.TakeOid();
  sequence.start = row.TakeInt();
  sequence.increment = row.TakeInt();
  sequence.maximum = row.TakeInt();
  sequence.minimum = row.TakeInt();
  sequence.cache = row.TakeInt();
  sequence.cycle = row.TakeBool();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_database", kDatabaseColumns, "FROM pg_database d WHERE datname = current_database()",
     LoadDatabase, kDatabaseOnly},
    {"pg_control_system()", kSystemColumns, "FROM pg_control_system()", LoadSystem, {}},
    {"pg_shdescription", kDatabaseCommentColumns,
     "FROM pg_shdescription s JOIN pg_database d ON s.objoid = d.oid AND s.classoid = 1262 "
     "WHERE d.datname = current_database()",
     LoadDatabaseComment, kDatabaseDocs},
    {"pg_namespace", kSchemaColumns, "FROM pg_namespace", LoadSchema, kEverything},
    {"pg_roles", kRoleColumns, "FROM pg_roles", LoadRole, kAccessOfAll},
    {"pg_extension", kExtensionColumns, "FROM pg_extension", LoadExtension, kExtensionOnly},
    // Without it a member of an extension would read as an object of its own.
    {"pg_depend", kMemberColumns, "FROM pg_depend WHERE deptype = 'e' AND refclassid = 3079",
     LoadMember, kEverything},
    // Of the server's own only schemas and extensions have comments that people change; numbers of
    // large objects are whoever's made them.
    {"pg_description", kCommentColumns,
     "FROM pg_description WHERE objoid >= 16384 OR classoid IN (2613, 2615, 3079)", LoadComment,
     kDocsOfAll},
    {"pg_seclabel", kLabelColumns, "FROM pg_seclabel", LoadLabel, kAccessOfAll},
    {"pg_shseclabel", kLabelColumns,
     "FROM (SELECT classoid, objoid, 0 AS objsubid, provider, "
     "label FROM pg_shseclabel WHERE classoid IN (1262, 6100)) AS s",
     LoadLabel, kAccessOfShared},
    {"pg_sequence", kSequenceColumns, "FROM pg_sequence", LoadSequence, kSequenceOnly},
};

}  // namespace

absl::Span<const CatalogQuery> ObjectQueries() { return kQueries; }

}  // namespace varve::postgres
