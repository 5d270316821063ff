// What the types of the database have beyond pg_type's common columns; collations and conversions
// of its own.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr unsigned kPrinted = kStructure | Bit(v1::FACET_EXPRESSIONS);
constexpr Feed kDomains[] = {{"domain", kEveryFacet}};
constexpr Feed kDomainConstraints[] = {{"domain", kPrinted | Bit(v1::FACET_DOCS)}};
constexpr Feed kRanges[] = {{"range_type", kEveryFacet}};
constexpr Feed kBaseTypes[] = {{"base_type", kEveryFacet}};
constexpr Feed kCollations[] = {{"collation", kEveryFacet}};
constexpr Feed kCollationState[] = {{"collation", Bit(v1::FACET_STATE)}};
constexpr Feed kConversions[] = {{"conversion", kEveryFacet}};

constexpr QueryColumn kDomainColumns[] = {
    {"oid"}, {"typbasetype"}, {"typtypmod"}, {"typnotnull"}, {"typdefaultbin IS NOT NULL"}};

void LoadDomain(RowReader& row, Catalog& catalog) {
  DomainRow& domain = catalog.domains[row.TakeOid()];
  domain.base = row.TakeOid();
  domain.modifier = static_cast<int32_t>(row.TakeInt());
  domain.not_null = row.TakeBool();
  domain.has_default = row.TakeBool();
}

constexpr QueryColumn kDomainConstraintColumns[] = {
    {"contypid"}, {"oid"}, {"conname"}, {"contype"}, {"convalidated"}};

void LoadDomainConstraint(RowReader& row, Catalog& catalog) {
  DomainConstraintRow& constraint = catalog.domain_constraints[row.TakeOid()].emplace_back();
  constraint.oid = row.TakeOid();
  constraint.name = row.TakeText();
  constraint.type = row.TakeChar();
  constraint.validated = row.TakeBool();
}

constexpr QueryColumn kRangeColumns[] = {
    {"rngtypid"},  {"rngsubtype"},        {"rngmultitypid", 14, "0"}, {"rngcollation"},
    {"rngsubopc"}, {"rngcanonical::oid"}, {"rngsubdiff::oid"}};

void LoadRange(RowReader& row, Catalog& catalog) {
  RangeRow& range = catalog.ranges[row.TakeOid()];
  range.subtype = row.TakeOid();
  range.multirange = row.TakeOid();
  range.collation = row.TakeOid();
  range.operator_class = row.TakeOid();
  range.canonical = row.TakeOid();
  range.difference = row.TakeOid();
}

// As numbers: a regproc's text is a name, and depends on what else has it.
constexpr QueryColumn kBaseTypeColumns[] = {{"oid"},
                                            {"typinput::oid"},
                                            {"typoutput::oid"},
                                            {"typreceive::oid"},
                                            {"typsend::oid"},
                                            {"typmodin::oid"},
                                            {"typmodout::oid"},
                                            {"typanalyze::oid"},
                                            {"typsubscript::oid", 14, "0"},
                                            {"typlen"},
                                            {"typbyval"},
                                            {"typispreferred"},
                                            {"typalign"},
                                            {"typstorage"},
                                            {"typcategory"},
                                            {"typdelim"},
                                            {"typdefault"}};

void LoadBaseType(RowReader& row, Catalog& catalog) {
  BaseTypeRow& type = catalog.base_types[row.TakeOid()];
  type.input = row.TakeOid();
  type.output = row.TakeOid();
  type.receive = row.TakeOid();
  type.send = row.TakeOid();
  type.typmod_in = row.TakeOid();
  type.typmod_out = row.TakeOid();
  type.analyze = row.TakeOid();
  type.subscript = row.TakeOid();
  type.length = row.TakeSmall();
  type.by_value = row.TakeBool();
  type.preferred = row.TakeBool();
  type.alignment = row.TakeChar();
  type.storage = row.TakeChar();
  type.category = row.TakeText();
  type.delimiter = row.TakeText();
  type.default_value = row.TakeText();
}

// An ICU locale moved twice: collcollate, from 15 colliculocale, from 17 colllocale. A row as JSON
// takes what there is.
constexpr QueryColumn kCollationColumns[] = {
    {"oid"},
    {"collowner"},
    {"collprovider"},
    {"collisdeterministic"},
    {"CASE WHEN collprovider <> 'i' THEN collcollate END"},
    {"CASE WHEN collprovider <> 'i' THEN collctype END"},
    {"COALESCE(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', "
     "CASE WHEN collprovider = 'i' THEN collcollate END)"},
    {"collicurules", 16},
    {"collversion"}};

void LoadCollation(RowReader& row, Catalog& catalog) {
  CollationRow& collation = catalog.own_collations[row.TakeOid()];
  collation.owner = row.TakeOid();
  collation.provider = row.TakeChar();
  collation.deterministic = row.TakeBool();
  collation.collate = row.TakeText();
  collation.ctype = row.TakeText();
  collation.locale = row.TakeText();
  collation.icu_rules = row.TakeText();
  collation.version = row.TakeText();
}

// Raises where the provider no longer knows a locale.
constexpr QueryColumn kActualVersionColumns[] = {{"oid"}, {"pg_collation_actual_version(oid)"}};

void LoadActualVersion(RowReader& row, Catalog& catalog) {
  CollationRow& collation = catalog.own_collations[row.TakeOid()];
  collation.actual_version = row.TakeText();
}

constexpr QueryColumn kConversionColumns[] = {{"oid"},
                                              {"conname"},
                                              {"connamespace"},
                                              {"conowner"},
                                              {"conproc::oid"},
                                              {"pg_encoding_to_char(conforencoding)"},
                                              {"pg_encoding_to_char(contoencoding)"},
                                              {"condefault"}};

void LoadConversion(RowReader& row, Catalog& catalog) {
  ConversionRow& conversion = catalog.conversions.emplace_back();
  conversion.oid = row.TakeOid();
  conversion.name = row.TakeText();
  conversion.schema = row.TakeOid();
  conversion.owner = row.TakeOid();
  conversion.function = row.TakeOid();
  conversion.source = row.TakeText();
  conversion.target = row.TakeText();
  conversion.is_default = row.TakeBool();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_type", kDomainColumns, "FROM pg_type WHERE oid >= 16384 AND typtype = 'd'", LoadDomain,
     kDomains},
    {"pg_constraint", kDomainConstraintColumns,
     "FROM pg_constraint WHERE oid >= 16384 AND contypid <> 0", LoadDomainConstraint,
     kDomainConstraints},
    {"pg_range", kRangeColumns, "FROM pg_range WHERE rngtypid >= 16384", LoadRange, kRanges},
    {"pg_type", kBaseTypeColumns,
     "FROM pg_type t WHERE oid >= 16384 AND typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e "
     "WHERE e.oid = t.typelem AND e.typarray = t.oid)",
     LoadBaseType, kBaseTypes},
    {"pg_collation", kCollationColumns, "FROM pg_collation c WHERE oid >= 16384", LoadCollation,
     kCollations},
    {"pg_collation_actual_version(oid)", kActualVersionColumns,
     "FROM pg_collation WHERE oid >= 16384", LoadActualVersion, kCollationState},
    {"pg_conversion", kConversionColumns, "FROM pg_conversion WHERE oid >= 16384", LoadConversion,
     kConversions},
};

}  // namespace

absl::Span<const CatalogQuery> OwnTypeQueries() { return kQueries; }

}  // namespace varve::postgres
