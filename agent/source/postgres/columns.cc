// Columns of relations. pg_attribute, pg_attrdef.
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

}  // namespace

void FillColumns(const Catalog& catalog, const RelationRow& relation,
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
