// Operator classes and families, with their members. pg_opclass, pg_opfamily, pg_amop, pg_amproc.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

v1::OperatorMember MemberOf(const Catalog& catalog, const OperatorMemberRow& row) {
  using Message = v1::OperatorMember;
  Message member;
  member.set_strategy(static_cast<uint32_t>(row.strategy));
  SetReference(catalog, row.left, PlainType, member, &Message::mutable_left);
  SetReference(catalog, row.right, PlainType, member, &Message::mutable_right);
  SetReference(catalog, row.operator_oid, OperatorIdentity, member, &Message::mutable_operator_);
  SetReference(catalog, row.order_by, OperatorFamilyIdentity, member, &Message::mutable_order_by);
  return member;
}

v1::FunctionMember MemberOf(const Catalog& catalog, const FunctionMemberRow& row) {
  using Message = v1::FunctionMember;
  Message member;
  member.set_number(static_cast<uint32_t>(row.number));
  SetReference(catalog, row.left, PlainType, member, &Message::mutable_left);
  SetReference(catalog, row.right, PlainType, member, &Message::mutable_right);
  SetReference(catalog, row.function, RoutineIdentity, member, &Message::mutable_function);
  return member;
}

// Of a class or a family: both have the two lists.
template <typename Shape>
void FillMembers(const Catalog& catalog, const ObjectAddress& holder, Shape& shape) {
  const auto members = catalog.index_members.find(holder);
  if (members == catalog.index_members.end()) return;
  for (const OperatorMemberRow& row : members->second.operators) {
    *shape.add_operators() = MemberOf(catalog, row);
  }
  for (const FunctionMemberRow& row : members->second.functions) {
    *shape.add_functions() = MemberOf(catalog, row);
  }
}

FacetShape Structure(const Catalog& catalog, const ObjectAddress& address,
                     const OperatorClassRow& row, FacetShape facet) {
  using Message = v1::OperatorClassStructure;
  Message& shape = *facet.shape.mutable_operator_class();
  shape.set_method(OperatorClassKey(catalog, row).names.back());
  SetReference(catalog, row.type, PlainType, shape, &Message::mutable_type);
  shape.set_is_default(row.is_default);
  SetReference(catalog, row.family, OperatorFamilyIdentity, shape, &Message::mutable_family);
  SetReference(catalog, row.storage, PlainType, shape, &Message::mutable_storage);
  FillMembers(catalog, address, shape);
  return facet;
}

FacetShape Structure(const Catalog& catalog, const ObjectAddress& address,
                     const OperatorFamilyRow& row, FacetShape facet) {
  v1::OperatorFamilyStructure& shape = *facet.shape.mutable_operator_family();
  shape.set_method(OperatorFamilyKey(catalog, row).names.back());
  FillMembers(catalog, address, shape);
  return facet;
}

template <typename Row>
void Write(const Catalog& catalog, const ObjectAddress& address, const Row& row,
           const EntityKey& entity, SectionWriter& writer) {
  if (address.object < kFirstUserOid) return;
  if (!Belongs(catalog, address.catalog, address.object, row.schema, entity.kind, writer)) return;
  writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, address, row, writer.NewShape()),
             ObjectLocator(catalog, address.object));
  WriteAccess(catalog, entity, address, row.owner, {}, writer);
  WriteDocs(catalog, entity, address, writer);
}

}  // namespace

void WriteOperatorClasses(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, row] : catalog.operator_classes) {
    Write(catalog, {kOperatorClassCatalog, oid, 0}, row, OperatorClassKey(catalog, row), writer);
  }
  for (const auto& [oid, row] : catalog.operator_families) {
    Write(catalog, {kOperatorFamilyCatalog, oid, 0}, row, OperatorFamilyKey(catalog, row), writer);
  }
}

}  // namespace varve::postgres
