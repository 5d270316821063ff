// Operators. pg_operator.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

const char* KindOf(char oprkind) {
  switch (oprkind) {
    case 'l':
      return "prefix";
    case 'r':
      return "postfix";
    default:
      return "infix";
  }
}

FacetShape Structure(const Catalog& catalog, const OperatorRow& row, FacetShape facet) {
  using Message = v1::OperatorStructure;
  Message& shape = *facet.shape.mutable_operator_();
  shape.set_kind(KindOf(row.kind));
  SetReference(catalog, row.left, PlainType, shape, &Message::mutable_left);
  SetReference(catalog, row.right, PlainType, shape, &Message::mutable_right);
  SetReference(catalog, row.result, PlainType, shape, &Message::mutable_result);
  SetReference(catalog, row.function, RoutineIdentity, shape, &Message::mutable_function);
  SetReference(catalog, row.commutator, OperatorIdentity, shape, &Message::mutable_commutator);
  SetReference(catalog, row.negator, OperatorIdentity, shape, &Message::mutable_negator);
  SetReference(catalog, row.restriction, RoutineIdentity, shape,
               &Message::mutable_restriction_estimator);
  SetReference(catalog, row.join, RoutineIdentity, shape, &Message::mutable_join_estimator);
  shape.set_hashes(row.hashes);
  shape.set_merges(row.merges);
  return facet;
}

}  // namespace

void WriteOperators(const Catalog& catalog, SectionWriter& writer) {
  for (const auto& [oid, row] : catalog.operators) {
    // Without a function it is only announced, as the commutator or negator of another.
    if (oid < kFirstUserOid || row.function == 0) continue;
    if (!Belongs(catalog, kOperatorCatalog, oid, row.schema, "operator", writer)) continue;
    const EntityKey entity = OperatorKey(catalog, row);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, row, writer.NewShape()),
               ObjectLocator(catalog, oid));
    const ObjectAddress address{kOperatorCatalog, oid, 0};
    WriteAccess(catalog, entity, address, row.owner, {}, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
