// Constraints of tables. pg_constraint.
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

v1::ConstraintType TypeOf(char contype) {
  switch (contype) {
    case 'p':
      return v1::CONSTRAINT_TYPE_PRIMARY_KEY;
    case 'u':
      return v1::CONSTRAINT_TYPE_UNIQUE;
    case 'f':
      return v1::CONSTRAINT_TYPE_FOREIGN_KEY;
    case 'c':
      return v1::CONSTRAINT_TYPE_CHECK;
    case 'x':
      return v1::CONSTRAINT_TYPE_EXCLUSION;
    case 'n':
      return v1::CONSTRAINT_TYPE_NOT_NULL;
    default:
      return v1::CONSTRAINT_TYPE_UNSPECIFIED;
  }
}

v1::ReferentialAction ActionOf(char action) {
  switch (action) {
    case 'a':
      return v1::REFERENTIAL_ACTION_NO_ACTION;
    case 'r':
      return v1::REFERENTIAL_ACTION_RESTRICT;
    case 'c':
      return v1::REFERENTIAL_ACTION_CASCADE;
    case 'n':
      return v1::REFERENTIAL_ACTION_SET_NULL;
    case 'd':
      return v1::REFERENTIAL_ACTION_SET_DEFAULT;
    default:
      return v1::REFERENTIAL_ACTION_UNSPECIFIED;
  }
}

std::string OperatorName(const Catalog& catalog, Oid oid) {
  const auto row = catalog.operators.find(oid);
  if (row == catalog.operators.end()) return absl::StrCat(oid);
  const absl::string_view schema = catalog.SchemaName(row->second.schema);
  return schema == "pg_catalog" ? std::string(row->second.name)
                                : absl::StrCat(schema, ".", row->second.name);
}

void FillColumnNames(const Catalog& catalog, Oid relation, const std::vector<int16_t>& numbers,
                     Repeated<std::string>& names) {
  for (const int16_t number : numbers) {
    *names.Add() = std::string(catalog.ColumnName(relation, number));
  }
}

void FillForeignKey(const Catalog& catalog, const ConstraintRow& row, v1::Constraint& constraint) {
  *constraint.mutable_references() = RelationIdentity(catalog, row.referenced);
  FillColumnNames(catalog, row.referenced, row.referenced_key,
                  *constraint.mutable_referenced_columns());
  constraint.set_on_update(ActionOf(row.on_update));
  constraint.set_on_delete(ActionOf(row.on_delete));
  constraint.set_match(row.match == 'f' ? "full" : row.match == 'p' ? "partial" : "simple");
  FillColumnNames(catalog, row.relation, row.delete_set, *constraint.mutable_delete_set_columns());
}

bool IsPrinted(const ConstraintRow& row) { return row.type == 'c' || row.type == 'x'; }

}  // namespace

void FillConstraints(const Catalog& catalog, const RelationRow& relation,
                     Repeated<v1::Constraint>& constraints) {
  for (const uint32_t at : relation.constraints) {
    const ConstraintRow& row = catalog.constraints[at];
    v1::Constraint& constraint = *constraints.Add();
    constraint.set_name(std::string(row.name));
    constraint.set_type(TypeOf(row.type));
    FillColumnNames(catalog, row.relation, row.key, *constraint.mutable_columns());
    if (row.type == 'f') FillForeignKey(catalog, row, constraint);
    constraint.set_deferrable(row.deferrable);
    constraint.set_initially_deferred(row.deferred);
    constraint.set_not_valid(!row.validated);
    // Keys and references are never inherited: of them it says nothing.
    constraint.set_no_inherit((row.type == 'c' || row.type == 'n') && row.no_inherit);
    constraint.set_not_enforced(!row.enforced);
    constraint.set_period(row.period);
    constraint.set_inherited(row.inherited);
    constraint.set_not_local(!row.local);
    if (const auto parent = catalog.constraint_at.find(row.parent);
        parent != catalog.constraint_at.end()) {
      constraint.set_parent(std::string(catalog.constraints[parent->second].name));
    }
    for (const Oid oid : row.operators) {
      if (row.type == 'x') constraint.add_operators(OperatorName(catalog, oid));
    }
    if (row.type == 'f') continue;  // conindid is the referenced table's index
    if (const RelationRow* const index = catalog.Relation(row.index); index != nullptr) {
      constraint.set_index(std::string(index->name));
    }
  }
}

bool FillConstraintExpressions(const Reading& reading, const RelationRow& relation,
                               FacetShape& facet, Repeated<v1::ConstraintExpression>& constraints) {
  for (const uint32_t at : relation.constraints) {
    const ConstraintRow& row = reading.catalog.constraints[at];
    if (!IsPrinted(row)) continue;
    const auto text = reading.expressions.constraints.find(row.oid);
    if (text == reading.expressions.constraints.end()) return false;
    v1::ConstraintExpression& constraint = *constraints.Add();
    constraint.set_name(std::string(row.name));
    constraint.set_expression(facet.Mask(text->second));
  }
  return true;
}

}  // namespace varve::postgres
