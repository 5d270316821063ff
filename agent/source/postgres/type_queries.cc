// Types, and what other rows only refer to by name.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kTyped[] = {{"table", kStructure},
                           {"view", kStructure},
                           {"materialized_view", kStructure},
                           {"function", kEveryFacet},
                           {"sequence", kStructure},
                           {"enum", kEveryFacet},
                           {"domain", kEveryFacet},
                           {"composite_type", kEveryFacet},
                           {"range_type", kEveryFacet},
                           {"base_type", kEveryFacet}};
constexpr Feed kEnumStructure[] = {{"enum", kStructure}};
constexpr Feed kIndexed[] = {
    {"table", kStructure}, {"materialized_view", kStructure}, {"range_type", kStructure}};
constexpr Feed kWithMethod[] = {{"table", kStructure}, {"materialized_view", kStructure}};
constexpr Feed kTableStructure[] = {{"table", kStructure}};
constexpr Feed kCollated[] = {
    {"table", kStructure},     {"view", kStructure},           {"materialized_view", kStructure},
    {"domain", kStructure},    {"composite_type", kStructure}, {"range_type", kStructure},
    {"collation", kEveryFacet}};

constexpr QueryColumn kTypeColumns[] = {
    {"oid"},      {"typname"}, {"typnamespace"}, {"typowner"},     {"typtype"},
    {"typrelid"}, {"typelem"}, {"typarray"},     {"typcollation"}, {"typacl"}};

void LoadType(RowReader& row, Catalog& catalog) {
  TypeRow type;
  type.oid = row.TakeOid();
  type.name = row.TakeText();
  type.schema = row.TakeOid();
  type.owner = row.TakeOid();
  type.type = row.TakeChar();
  type.relation = row.TakeOid();
  type.element = row.TakeOid();
  type.array = row.TakeOid();
  type.collation = row.TakeOid();
  type.acl = row.TakeAcl();
  catalog.types.emplace(type.oid, type);
}

constexpr QueryColumn kEnumColumns[] = {{"enumtypid"}, {"enumlabel"}};

void LoadEnumLabel(RowReader& row, Catalog& catalog) {
  const Oid type = row.TakeOid();
  catalog.enum_labels[type].push_back(row.TakeText());
}

constexpr QueryColumn kCollationColumns[] = {{"oid"}, {"collname"}, {"collnamespace"}};

void LoadCollation(RowReader& row, Catalog& catalog) {
  NamedRow& collation = catalog.collations[row.TakeOid()];
  collation.name = row.TakeText();
  collation.schema = row.TakeOid();
}

constexpr QueryColumn kOperatorClassColumns[] = {
    {"oid"}, {"opcname"}, {"opcnamespace"}, {"opcdefault"}};

void LoadOperatorClass(RowReader& row, Catalog& catalog) {
  OperatorClassRow& operator_class = catalog.operator_classes[row.TakeOid()];
  operator_class.name = row.TakeText();
  operator_class.schema = row.TakeOid();
  operator_class.is_default = row.TakeBool();
}

constexpr QueryColumn kOperatorColumns[] = {{"oid"}, {"oprname"}, {"oprnamespace"}};

void LoadOperator(RowReader& row, Catalog& catalog) {
  NamedRow& operator_row = catalog.operators[row.TakeOid()];
  operator_row.name = row.TakeText();
  operator_row.schema = row.TakeOid();
}

constexpr QueryColumn kAccessMethodColumns[] = {{"oid"}, {"amname"}};

void LoadAccessMethod(RowReader& row, Catalog& catalog) {
  const Oid oid = row.TakeOid();
  catalog.access_methods.emplace(oid, row.TakeText());
}

constexpr CatalogQuery kQueries[] = {
    {"pg_type", kTypeColumns, "FROM pg_type", LoadType, kTyped},
    {"pg_enum", kEnumColumns, "FROM pg_enum ORDER BY enumtypid, enumsortorder", LoadEnumLabel,
     kEnumStructure},
    {"pg_collation", kCollationColumns, "FROM pg_collation", LoadCollation, kCollated},
    {"pg_opclass", kOperatorClassColumns, "FROM pg_opclass", LoadOperatorClass, kIndexed},
    {"pg_operator", kOperatorColumns,
     "FROM pg_operator WHERE oid IN (SELECT unnest(conexclop) FROM pg_constraint)", LoadOperator,
     kTableStructure},
    {"pg_am", kAccessMethodColumns, "FROM pg_am", LoadAccessMethod, kWithMethod},
};

}  // namespace

absl::Span<const CatalogQuery> TypeQueries() { return kQueries; }

}  // namespace varve::postgres
