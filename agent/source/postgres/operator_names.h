// How operators, their classes and families are called in a snapshot; and references to rows that
// may not be there.
#pragma once

#include "agent/source/postgres/catalog.h"
#include "snapshot/line.h"
#include "varve/v1/postgres.pb.h"

namespace varve::postgres {

// [schema, name, left type, right type] as format_type() prints them; "NONE" of one that is not
// there.
EntityKey OperatorKey(const Catalog& catalog, const OperatorRow& row);
// [schema, name, access method].
EntityKey OperatorClassKey(const Catalog& catalog, const OperatorClassRow& row);
EntityKey OperatorFamilyKey(const Catalog& catalog, const OperatorFamilyRow& row);

// Empty where there is no such row any more.
v1::Identity OperatorIdentity(const Catalog& catalog, Oid operator_oid);
v1::Identity OperatorFamilyIdentity(const Catalog& catalog, Oid family);
// A type without a modifier.
v1::DataType PlainType(const Catalog& catalog, Oid type);

// Gives `message` the field that stands for a row, as `make` calls it; leaves it absent where the
// catalog has 0.
template <typename Message, typename Field>
void SetReference(const Catalog& catalog, Oid oid, Field (*make)(const Catalog&, Oid),
                  Message& message, Field* (Message::*field)()) {
  if (oid != 0) *(message.*field)() = make(catalog, oid);
}

}  // namespace varve::postgres
