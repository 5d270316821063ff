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
                           {"base_type", kEveryFacet},
                           {"operator", kEveryFacet},
                           {"cast", kEveryFacet},
                           {"transform", kEveryFacet},
                           {"operator_class", kStructure},
                           {"operator_family", kStructure},
                           {"extension", kStructure | Bit(v1::FACET_ACCESS)},
                           {"database", Bit(v1::FACET_ACCESS)}};
constexpr Feed kEnumStructure[] = {{"enum", kStructure}};
constexpr Feed kCollated[] = {
    {"table", kStructure},     {"view", kStructure},           {"materialized_view", kStructure},
    {"domain", kStructure},    {"composite_type", kStructure}, {"range_type", kStructure},
    {"collation", kEveryFacet}};

constexpr QueryColumn kTypeColumns[] = {
    {"oid"},     {"typname"},  {"typnamespace"}, {"typowner"}, {"typtype"},   {"typrelid"},
    {"typelem"}, {"typarray"}, {"typcollation"}, {"typacl"},   {"typstorage"}};

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
  type.storage = row.TakeChar();
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

constexpr CatalogQuery kQueries[] = {
    {"pg_type", kTypeColumns, "FROM pg_type", LoadType, kTyped},
    {"pg_enum", kEnumColumns, "FROM pg_enum ORDER BY enumtypid, enumsortorder", LoadEnumLabel,
     kEnumStructure},
    {"pg_collation", kCollationColumns, "FROM pg_collation", LoadCollation, kCollated},
};

}  // namespace

absl::Span<const CatalogQuery> TypeQueries() { return kQueries; }

}  // namespace varve::postgres
