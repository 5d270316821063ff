// Domains. pg_type, pg_constraint.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

const std::vector<DomainConstraintRow>& ConstraintsOf(const Catalog& catalog, Oid domain) {
  static const std::vector<DomainConstraintRow>& none = *new std::vector<DomainConstraintRow>;
  const auto found = catalog.domain_constraints.find(domain);
  return found == catalog.domain_constraints.end() ? none : found->second;
}

FacetShape Structure(const Catalog& catalog, const TypeRow& type, const DomainRow& row,
                     FacetShape facet) {
  v1::DomainStructure& domain = *facet.shape.mutable_domain();
  *domain.mutable_base() = DataTypeOf(catalog, row.base, row.modifier);
  domain.set_not_null(row.not_null);
  domain.set_has_default(row.has_default);
  if (HasOwnCollation(catalog, row.base, type.collation)) {
    *domain.mutable_collation() = CollationIdentity(catalog, type.collation);
  }
  for (const DomainConstraintRow& constraint_row : ConstraintsOf(catalog, type.oid)) {
    v1::DomainConstraint& constraint = *domain.add_constraints();
    constraint.set_name(std::string(constraint_row.name));
    constraint.set_type(constraint_row.type == 'n' ? v1::CONSTRAINT_TYPE_NOT_NULL
                                                   : v1::CONSTRAINT_TYPE_CHECK);
    constraint.set_not_valid(!constraint_row.validated);
  }
  return facet;
}

// False where a text that there must be was not printed.
bool FillExpressions(const Reading& reading, const TypeRow& type, const DomainRow& row,
                     FacetShape& facet) {
  v1::DomainExpressions& domain = *facet.shape.mutable_domain_expressions();
  if (row.has_default) {
    const auto text = reading.expressions.domain_defaults.find(type.oid);
    if (text == reading.expressions.domain_defaults.end()) return false;
    domain.set_default_value(facet.MaskExpression(type.name, text->second));
  }
  for (const DomainConstraintRow& constraint_row : ConstraintsOf(reading.catalog, type.oid)) {
    if (constraint_row.type != 'c') continue;
    const auto text = reading.expressions.constraints.find(constraint_row.oid);
    if (text == reading.expressions.constraints.end()) return false;
    v1::ConstraintExpression& constraint = *domain.add_constraints();
    constraint.set_name(std::string(constraint_row.name));
    constraint.set_expression(facet.MaskExpression(type.name, text->second));
  }
  return true;
}

void WriteExpressions(const Reading& reading, const TypeRow& type, const DomainRow& row,
                      const EntityKey& entity, SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  const bool printed = FillExpressions(reading, type, row, facet);
  AddExpressions(reading, kTypeCatalog, type.oid, entity, printed, std::move(facet), writer);
}

void WriteDomainDocs(const Catalog& catalog, const TypeRow& type, const EntityKey& entity,
                     SectionWriter& writer) {
  std::vector<ElementComment> elements;
  for (const DomainConstraintRow& constraint : ConstraintsOf(catalog, type.oid)) {
    elements.push_back(
        {"constraint", constraint.name, catalog.Comment(kConstraintCatalog, constraint.oid)});
  }
  WriteDocs(entity, catalog.Comment(kTypeCatalog, type.oid), elements, writer);
}

}  // namespace

void WriteDomains(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const auto& [oid, row] : catalog.domains) {
    const TypeRow* const type = catalog.Type(oid);
    if (type == nullptr) continue;  // pg_type was denied, and coverage says so
    if (!Belongs(catalog, kTypeCatalog, oid, type->schema, "domain", writer)) continue;
    const EntityKey entity = TypeKey(catalog, *type);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, *type, row, writer.NewShape()),
               ObjectLocator(catalog, oid));
    WriteExpressions(reading, *type, row, entity, writer);
    WriteAccess(catalog, entity, {kTypeCatalog, oid, 0}, type->owner, type->acl, writer);
    WriteDomainDocs(catalog, *type, entity, writer);
  }
}

}  // namespace varve::postgres
