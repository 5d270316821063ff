#include "agent/source/postgres/names.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

v1::Identity IdentityFrom(absl::string_view kind, absl::string_view schema,
                          absl::string_view name) {
  v1::Identity identity;
  identity.set_kind(std::string(kind));
  identity.add_names(std::string(schema));
  identity.add_names(std::string(name));
  return identity;
}

absl::string_view TypeKind(const Catalog& catalog, const TypeRow& type) {
  if (catalog.SchemaName(type.schema) == "pg_catalog") return "type";
  switch (type.type) {
    case 'e':
      return "enum";
    case 'd':
      return "domain";
    case 'r':
      return "range_type";
    case 'm':
      return "multirange_type";
    case 'c': {
      const RelationRow* const relation = catalog.Relation(type.relation);
      return relation == nullptr ? "composite_type" : RelationKind(relation->kind);
    }
    case 'b':
    case 'p':  // a shell: pseudo-types are the server's own
      return "base_type";
    default:
      return "type";
  }
}

bool IsArrayOf(const TypeRow& type, const TypeRow* element) {
  return element != nullptr && element->array == type.oid;
}

}  // namespace

absl::string_view RelationKind(char relkind) {
  switch (relkind) {
    case 'r':
    case 'p':
    case 'f':
      return "table";
    case 'v':
      return "view";
    case 'm':
      return "materialized_view";
    case 'S':
      return "sequence";
    case 'c':
      return "composite_type";
    default:
      return "";
  }
}

EntityKey RelationKey(const Catalog& catalog, const RelationRow& relation) {
  return {std::string(RelationKind(relation.kind)),
          {std::string(catalog.SchemaName(relation.schema)), std::string(relation.name)}};
}

EntityKey RoutineKey(const Catalog& catalog, const RoutineRow& routine) {
  EntityKey key{"function",
                {std::string(catalog.SchemaName(routine.schema)), std::string(routine.name)}};
  for (const Oid type : routine.input_types) key.names.push_back(TypeName(catalog, type));
  return key;
}

std::string TypeName(const Catalog& catalog, Oid type) {
  const auto name = catalog.type_names.find({type, -1});
  return name == catalog.type_names.end() ? absl::StrCat(type) : std::string(name->second);
}

EntityKey TypeKey(const Catalog& catalog, const TypeRow& type) {
  return {std::string(TypeKind(catalog, type)),
          {std::string(catalog.SchemaName(type.schema)), std::string(type.name)}};
}

v1::Identity SchemaIdentity(absl::string_view name) {
  v1::Identity identity;
  identity.set_kind("schema");
  identity.add_names(std::string(name));
  return identity;
}

v1::Identity RelationIdentity(const Catalog& catalog, Oid relation) {
  const RelationRow* const row = catalog.Relation(relation);
  return row == nullptr ? v1::Identity() : IdentityOf(RelationKey(catalog, *row));
}

v1::Identity RoutineIdentity(const Catalog& catalog, Oid routine) {
  const RoutineRow* const row = catalog.Routine(routine);
  return row == nullptr ? v1::Identity() : IdentityOf(RoutineKey(catalog, *row));
}

v1::Identity CollationIdentity(const Catalog& catalog, Oid collation) {
  const auto row = catalog.collations.find(collation);
  if (row == catalog.collations.end()) return {};
  return IdentityFrom("collation", catalog.SchemaName(row->second.schema), row->second.name);
}

v1::Identity OperatorClassIdentity(const Catalog& catalog, Oid operator_class) {
  const auto row = catalog.operator_classes.find(operator_class);
  if (row == catalog.operator_classes.end()) return {};
  return IdentityOf(OperatorClassKey(catalog, row->second));
}

bool HasOwnCollation(const Catalog& catalog, Oid type, Oid collation) {
  const TypeRow* const row = catalog.Type(type);
  return collation != 0 && (row == nullptr || row->collation != collation);
}

v1::DataType DataTypeOf(const Catalog& catalog, Oid type, int32_t modifier) {
  v1::DataType data_type;
  const TypeRow* row = catalog.Type(type);
  if (row == nullptr) return data_type;
  if (const TypeRow* const element = catalog.Type(row->element); IsArrayOf(*row, element)) {
    data_type.set_array(true);
    row = element;
  }
  *data_type.mutable_type() = IdentityOf(TypeKey(catalog, *row));
  if (modifier == -1) return data_type;
  const auto formatted = catalog.type_names.find({type, modifier});
  if (formatted != catalog.type_names.end()) {
    data_type.set_modifier(TypeModifier(formatted->second));
  }
  return data_type;
}

std::string TypeModifier(absl::string_view formatted) {
  absl::ConsumeSuffix(&formatted, "[]");
  // An interval's fields stand outside brackets, before a precision or without one.
  if (absl::ConsumePrefix(&formatted, "interval ")) return std::string(formatted);
  const size_t close = formatted.rfind(')');
  if (close == absl::string_view::npos) return "";
  // In a name in double quotes a bracket is no modifier's.
  if (absl::StrContains(formatted.substr(close), '"')) return "";
  int depth = 0;
  for (size_t i = close + 1; i-- > 0;) {
    if (formatted[i] == ')') ++depth;
    if (formatted[i] == '(' && --depth == 0) {
      return std::string(formatted.substr(i + 1, close - i - 1));
    }
  }
  return "";
}

std::string LocatorId(const Catalog& catalog, Oid object) {
  if (catalog.database.system_identifier.empty()) return "";
  return absl::StrCat(catalog.database.system_identifier, "/", catalog.database.oid, "/", object);
}

}  // namespace varve::postgres
