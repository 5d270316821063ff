// pg_class and what hangs on a row of it: columns, parents, partitioning, foreign tables.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr unsigned kShape = Bit(v1::FACET_STRUCTURE) | Bit(v1::FACET_EXPRESSIONS);
constexpr Feed kRelations[] = {{"table", kEveryFacet},
                               {"view", kEveryFacet},
                               {"materialized_view", kEveryFacet},
                               {"sequence", kEveryFacet},
                               {"enum", kEveryFacet},
                               {"function", kEveryFacet},
                               {"domain", kStructure},
                               {"composite_type", kEveryFacet},
                               {"range_type", kStructure},
                               {"base_type", kStructure},
                               {"publication", kShape},
                               {"extended_statistics", kShape},
                               // That a type is a relation's row, only pg_class says.
                               {"operator", kShape},
                               {"operator_class", kShape},
                               {"operator_family", kShape},
                               {"cast", kShape},
                               {"transform", kShape},
                               {"extension", Bit(v1::FACET_STRUCTURE)}};
// A relation without its columns is there, but nothing of it that speaks of them can be said.
constexpr unsigned kOfColumns = kShape | Bit(v1::FACET_ACCESS) | Bit(v1::FACET_DOCS);
constexpr Feed kColumnOwners[] = {{"table", kOfColumns},
                                  {"view", kOfColumns},
                                  {"materialized_view", kOfColumns},
                                  {"composite_type", kOfColumns},
                                  {"publication", Bit(v1::FACET_STRUCTURE)},
                                  {"extended_statistics", Bit(v1::FACET_STRUCTURE)}};
constexpr Feed kTables[] = {{"table", kShape}};
constexpr Feed kTablesAndState[] = {{"table", kShape | Bit(v1::FACET_STATE)}};

constexpr QueryColumn kClassColumns[] = {{"oid"},
                                         {"relname"},
                                         {"relnamespace"},
                                         {"relowner"},
                                         {"reltype"},
                                         {"relam"},
                                         {"reltoastrelid"},
                                         {"relkind"},
                                         {"relpersistence"},
                                         {"relreplident"},
                                         {"relrowsecurity"},
                                         {"relforcerowsecurity"},
                                         {"relispartition"},
                                         {"relispopulated"},
                                         {"reltuples::bigint"},
                                         {"relpages"},
                                         {"relacl"},
                                         {"reloptions"},
                                         {"reltablespace"},
                                         {"reloftype"}};

bool HasColumns(char kind) { return kind != 'i' && kind != 'I' && kind != 'S' && kind != 't'; }

void LoadRelation(RowReader& row, Catalog& catalog) {
  RelationRow& relation = catalog.relations.emplace_back();
  relation.oid = row.TakeOid();
  relation.name = row.TakeText();
  relation.schema = row.TakeOid();
  relation.owner = row.TakeOid();
  relation.type = row.TakeOid();
  relation.access_method = row.TakeOid();
  relation.toast = row.TakeOid();
  relation.kind = row.TakeChar();
  relation.persistence = row.TakeChar();
  relation.replica_identity = row.TakeChar();
  relation.row_security = row.TakeBool();
  relation.force_row_security = row.TakeBool();
  relation.partition = row.TakeBool();
  relation.populated = row.TakeBool();
  relation.tuples = row.TakeInt();
  relation.pages = row.TakeInt();
  relation.acl = row.TakeAcl();
  relation.options = row.TakeRaw();
  relation.tablespace = row.TakeOid();
  relation.of_type = row.TakeOid();
  if (HasColumns(relation.kind)) catalog.column_owners.insert(relation.oid);
  if (relation.kind != 't') return;
  // Of a TOAST table nothing else is wanted.
  catalog.toast_options.emplace(relation.oid, relation.options);
  catalog.relations.pop_back();
}

// The first columns are all that is wanted of an index's.
constexpr QueryColumn kAttributeColumns[] = {
    {"attrelid"},        {"attnum"},       {"COALESCE(attstattarget, -1)"},
    {"attoptions"},      {"attname"},      {"atttypid"},
    {"atttypmod"},       {"attcollation"}, {"attnotnull"},
    {"atthasdef"},       {"attidentity"},  {"attgenerated"},
    {"attacl"},          {"attstorage"},   {"attcompression", 14, "''"},
    {"attinhcount > 0"}, {"attislocal"},   {"attfdwoptions"}};

void LoadIndexColumn(const AttributeRow& column, Catalog& catalog) {
  if (column.statistics_target < 0 && column.options.empty()) return;
  catalog.index_columns[{column.relation, column.number}] = {column.statistics_target,
                                                             column.options};
}

void LoadAttribute(RowReader& row, Catalog& catalog) {
  AttributeRow column;
  column.relation = row.TakeOid();
  column.number = row.TakeSmall();
  column.statistics_target = static_cast<int32_t>(row.TakeInt());
  column.options = row.TakeRaw();
  if (!catalog.column_owners.contains(column.relation)) return LoadIndexColumn(column, catalog);
  column.name = row.TakeText();
  column.type = row.TakeOid();
  column.modifier = static_cast<int32_t>(row.TakeInt());
  column.collation = row.TakeOid();
  column.not_null = row.TakeBool();
  column.has_default = row.TakeBool();
  column.identity = row.TakeChar();
  column.generated = row.TakeChar();
  column.acl = row.TakeAcl();
  column.storage = row.TakeChar();
  column.compression = row.TakeChar();
  column.inherited = row.TakeBool();
  column.local = row.TakeBool();
  column.foreign_options = row.TakeRaw();
  catalog.attributes.push_back(column);
}

constexpr QueryColumn kInheritsColumns[] = {
    {"inhrelid"}, {"inhparent"}, {"inhdetachpending", 14, "false"}};

void LoadParent(RowReader& row, Catalog& catalog) {
  const Oid child = row.TakeOid();
  catalog.parents[child].push_back(row.TakeOid());
  if (row.TakeBool()) catalog.half_detached.insert(child);
}

constexpr QueryColumn kPartitionedColumns[] = {{"partrelid"}, {"partstrat"}, {"partattrs"}};

void LoadPartitioned(RowReader& row, Catalog& catalog) {
  PartitionedRow& partitioned = catalog.partitioned[row.TakeOid()];
  partitioned.strategy = row.TakeChar();
  partitioned.key = row.TakeNumbers();
}

constexpr QueryColumn kForeignTableColumns[] = {{"ftrelid"}, {"ftserver"}, {"ftoptions"}};

void LoadForeignTable(RowReader& row, Catalog& catalog) {
  ForeignTableRow& table = catalog.foreign_tables[row.TakeOid()];
  table.server = row.TakeOid();
  table.options = row.TakeRaw();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_class", kClassColumns,
     "FROM pg_class WHERE oid >= 16384 AND (relkind <> 't' OR reloptions IS NOT NULL)",
     LoadRelation, kRelations},
    // Of indexes, sequences and TOAST tables, two thirds of the rows, those that say something:
    // less than half of what sending them all takes. A join, since IN (SELECT …) beside an OR is
    // hashed only while the set fits work_mem: of 100,000 tables it took minutes.
    {"pg_attribute", kAttributeColumns,
     "FROM pg_attribute LEFT JOIN (SELECT oid AS relation FROM pg_class WHERE relkind NOT IN "
     "('i', 'I', 'S', 't')) AS kept ON relation = attrelid "
     "WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped "
     "AND (attoptions IS NOT NULL OR attstattarget >= 0 OR relation IS NOT NULL)",
     LoadAttribute, kColumnOwners},
    {"pg_inherits", kInheritsColumns, "FROM pg_inherits ORDER BY inhrelid, inhseqno", LoadParent,
     kTablesAndState},
    {"pg_partitioned_table", kPartitionedColumns, "FROM pg_partitioned_table", LoadPartitioned,
     kTables},
    {"pg_foreign_table", kForeignTableColumns, "FROM pg_foreign_table", LoadForeignTable, kTables},
};

}  // namespace

absl::Span<const CatalogQuery> RelationQueries() { return kQueries; }

}  // namespace varve::postgres
