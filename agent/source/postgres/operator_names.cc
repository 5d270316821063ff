#include "agent/source/postgres/operator_names.h"

#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

std::string OperandName(const Catalog& catalog, Oid type) {
  return type == 0 ? "NONE" : TypeName(catalog, type);
}

std::string MethodName(const Catalog& catalog, Oid method) {
  const auto row = catalog.access_methods.find(method);
  return row == catalog.access_methods.end() ? "" : std::string(row->second);
}

template <typename Row>
EntityKey KeyWithMethod(const Catalog& catalog, absl::string_view kind, const Row& row) {
  return {std::string(kind),
          {std::string(catalog.SchemaName(row.schema)), std::string(row.name),
           MethodName(catalog, row.method)}};
}

}  // namespace

EntityKey OperatorKey(const Catalog& catalog, const OperatorRow& row) {
  return {"operator",
          {std::string(catalog.SchemaName(row.schema)), std::string(row.name),
           OperandName(catalog, row.left), OperandName(catalog, row.right)}};
}

EntityKey OperatorClassKey(const Catalog& catalog, const OperatorClassRow& row) {
  return KeyWithMethod(catalog, "operator_class", row);
}

EntityKey OperatorFamilyKey(const Catalog& catalog, const OperatorFamilyRow& row) {
  return KeyWithMethod(catalog, "operator_family", row);
}

v1::Identity OperatorIdentity(const Catalog& catalog, Oid operator_oid) {
  const auto row = catalog.operators.find(operator_oid);
  if (row == catalog.operators.end()) return {};
  return IdentityOf(OperatorKey(catalog, row->second));
}

v1::Identity OperatorFamilyIdentity(const Catalog& catalog, Oid family) {
  const auto row = catalog.operator_families.find(family);
  if (row == catalog.operator_families.end()) return {};
  return IdentityOf(OperatorFamilyKey(catalog, row->second));
}

v1::DataType PlainType(const Catalog& catalog, Oid type) { return DataTypeOf(catalog, type); }

}  // namespace varve::postgres
