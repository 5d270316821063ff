// How catalog rows are called in a snapshot: identities of objects, and types as columns use them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/source/postgres/catalog.h"
#include "snapshot/line.h"
#include "varve/v1/postgres.pb.h"

namespace varve::postgres {

// "table", "view", "materialized_view", "sequence", "composite_type"; "" for what is no entity (an
// index). relkind.
absl::string_view RelationKind(char relkind);

EntityKey RelationKey(const Catalog& catalog, const RelationRow& relation);
// [schema, name, input types as format_type prints them].
EntityKey RoutineKey(const Catalog& catalog, const RoutineRow& routine);
// Kind `type` for the server's own; else `enum`, `domain`, `composite_type`, `range_type`,
// `multirange_type`, `base_type`, or the relation whose row type it is.
EntityKey TypeKey(const Catalog& catalog, const TypeRow& type);

// A type as format_type() prints it without a modifier; its number where it is gone.
std::string TypeName(const Catalog& catalog, Oid type);

// [role, schema or "", object type].
EntityKey DefaultPrivilegesKey(const Catalog& catalog, const DefaultPrivilegesRow& row);

v1::Identity SchemaIdentity(absl::string_view name);
// Empty where there is no such row any more.
v1::Identity RelationIdentity(const Catalog& catalog, Oid relation);
v1::Identity RoutineIdentity(const Catalog& catalog, Oid routine);
v1::Identity CollationIdentity(const Catalog& catalog, Oid collation);
v1::Identity OperatorClassIdentity(const Catalog& catalog, Oid operator_class);

// Whether something of `type` that has `collation` (0: none) has another than the type's own.
bool HasOwnCollation(const Catalog& catalog, Oid type, Oid collation);

v1::DataType DataTypeOf(const Catalog& catalog, Oid type, int32_t modifier = -1);

// What stands in brackets in what format_type() printed: "12,2" of "numeric(12,2)[]", "day to
// second(3)" of "interval day to second(3)"; "" where there is nothing.
std::string TypeModifier(absl::string_view formatted);

// The locator of an object: "system identifier/database/oid"; empty where the cluster's identifier
// is not known.
std::string LocatorId(const Catalog& catalog, Oid object);

}  // namespace varve::postgres
