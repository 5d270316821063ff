// Columns of relations. pg_attribute, pg_attrdef.
#include <algorithm>

#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

v1::ColumnIdentity IdentityKind(char attidentity) {
  switch (attidentity) {
    case 'a':
      return v1::COLUMN_IDENTITY_ALWAYS;
    case 'd':
      return v1::COLUMN_IDENTITY_BY_DEFAULT;
    default:
      return v1::COLUMN_IDENTITY_UNSPECIFIED;
  }
}

v1::ColumnGenerated GeneratedKind(char attgenerated) {
  switch (attgenerated) {
    case 's':
      return v1::COLUMN_GENERATED_STORED;
    case 'v':
      return v1::COLUMN_GENERATED_VIRTUAL;
    default:
      return v1::COLUMN_GENERATED_UNSPECIFIED;
  }
}

const char* StorageOf(char attstorage) {
  switch (attstorage) {
    case 'p':
      return "plain";
    case 'e':
      return "external";
    case 'm':
      return "main";
    default:
      return "extended";
  }
}

const char* CompressionOf(char attcompression) {
  switch (attcompression) {
    case 'p':
      return "pglz";
    case 'l':
      return "lz4";
    default:
      return "";
  }
}

// A number of the server's own among a column's options, new with each ALTER (15.20 has it on every
// column); pg_dump leaves it out too.
constexpr absl::string_view kServersOwnOption = "pg_attver";

// What says how its values are kept, where something was said.
void FillStorage(const Catalog& catalog, const AttributeRow& row, FacetShape& facet,
                 v1::Column& column) {
  const TypeRow* const type = catalog.Type(row.type);
  if (type != nullptr && type->storage != row.storage) column.set_storage(StorageOf(row.storage));
  column.set_compression(CompressionOf(row.compression));
  if (row.statistics_target >= 0) column.set_statistics_target(row.statistics_target);
  auto& options = *column.mutable_options();
  facet.MaskOptions(row.options, catalog.text_form, options);
  options.erase(
      std::remove_if(options.begin(), options.end(),
                     [](const v1::Option& option) { return option.name() == kServersOwnOption; }),
      options.end());
  facet.MaskOptions(row.foreign_options, catalog.text_form, *column.mutable_fdw_options());
}

}  // namespace

void FillColumns(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 Repeated<v1::Column>& columns) {
  for (const AttributeRow& row : relation.columns) {
    v1::Column& column = *columns.Add();
    column.set_name(std::string(row.name));
    *column.mutable_type() = DataTypeOf(catalog, row.type, row.modifier);
    column.set_not_null(row.not_null);
    column.set_has_default(row.has_default && row.generated == 0);
    column.set_identity(IdentityKind(row.identity));
    column.set_generated(GeneratedKind(row.generated));
    if (HasOwnCollation(catalog, row.type, row.collation)) {
      *column.mutable_collation() = CollationIdentity(catalog, row.collation);
    }
    FillStorage(catalog, row, facet, column);
    column.set_inherited(row.inherited);
    column.set_not_local(!row.local);
  }
}

bool FillColumnExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                           Repeated<v1::ColumnExpression>& columns) {
  for (const AttributeRow& row : relation.columns) {
    if (!row.has_default) continue;
    const auto text = reading.expressions.columns.find({relation.oid, row.number});
    if (text == reading.expressions.columns.end()) return false;
    v1::ColumnExpression& column = *columns.Add();
    column.set_name(std::string(row.name));
    column.set_expression(facet.MaskExpression(row.name, text->second));
  }
  return true;
}

}  // namespace varve::postgres
