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
                               {"transform", kShape}};
// A relation without its columns is there, but nothing of it that speaks of them can be said.
constexpr unsigned kOfColumns = kShape | Bit(v1::FACET_ACCESS) | Bit(v1::FACET_DOCS);
constexpr Feed kColumnOwners[] = {{"table", kOfColumns},
                                  {"view", kOfColumns},
                                  {"materialized_view", kOfColumns},
                                  {"composite_type", kOfColumns},
                                  {"publication", Bit(v1::FACET_STRUCTURE)},
                                  {"extended_statistics", Bit(v1::FACET_STRUCTURE)}};
constexpr Feed kTables[] = {{"table", kShape}};

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
                                         {"reloptions"}};

bool HasColumns(char kind) { return kind != 'i' && kind != 'I' && kind != 'S'; }

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
  if (HasColumns(relation.kind)) catalog.column_owners.insert(relation.oid);
}

// Rows of indexes and TOAST tables come along: dropping them here costs less than a join there
// (measured).
constexpr QueryColumn kAttributeColumns[] = {{"attrelid"},     {"attnum"},    {"attname"},
                                             {"atttypid"},     {"atttypmod"}, {"attcollation"},
                                             {"attnotnull"},   {"atthasdef"}, {"attidentity"},
                                             {"attgenerated"}, {"attacl"}};

void LoadAttribute(RowReader& row, Catalog& catalog) {
  AttributeRow column;
  column.relation = row.TakeOid();
  if (!catalog.column_owners.contains(column.relation)) return;
  column.number = row.TakeSmall();
  column.name = row.TakeText();
  column.type = row.TakeOid();
  column.modifier = static_cast<int32_t>(row.TakeInt());
  column.collation = row.TakeOid();
  column.not_null = row.TakeBool();
  column.has_default = row.TakeBool();
  column.identity = row.TakeChar();
  column.generated = row.TakeChar();
  column.acl = row.TakeAcl();
  catalog.attributes.push_back(column);
}

constexpr QueryColumn kInheritsColumns[] = {{"inhrelid"}, {"inhparent"}};

void LoadParent(RowReader& row, Catalog& catalog) {
  const Oid child = row.TakeOid();
  catalog.parents[child].push_back(row.TakeOid());
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
    {"pg_class", kClassColumns, "FROM pg_class WHERE oid >= 16384 AND relkind <> 't'", LoadRelation,
     kRelations},
    {"pg_attribute", kAttributeColumns,
     "FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped", LoadAttribute,
     kColumnOwners},
    {"pg_inherits", kInheritsColumns, "FROM pg_inherits ORDER BY inhrelid, inhseqno", LoadParent,
     kTables},
    {"pg_partitioned_table", kPartitionedColumns, "FROM pg_partitioned_table", LoadPartitioned,
     kTables},
    {"pg_foreign_table", kForeignTableColumns, "FROM pg_foreign_table", LoadForeignTable, kTables},
};

}  // namespace

absl::Span<const CatalogQuery> RelationQueries() { return kQueries; }

}  // namespace varve::postgres
