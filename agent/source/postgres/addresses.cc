#include "agent/source/postgres/addresses.h"

#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

std::optional<ObjectAddress> OfRelation(Oid relation) {
  return ObjectAddress{kClassCatalog, relation, 0};
}

}  // namespace

std::optional<ObjectAddress> Addresses::TypeEntity(Oid type) const {
  const TypeRow* const row = catalog_.Type(type);
  if (row == nullptr) return std::nullopt;
  const TypeRow* const element = catalog_.Type(row->element);
  if (element != nullptr && element->array == type) return TypeEntity(row->element);
  const RelationRow* const relation = catalog_.Relation(row->relation);
  if (relation != nullptr && relation->kind != 'c') return OfRelation(row->relation);
  return ObjectAddress{kTypeCatalog, type, 0};
}

std::optional<ObjectAddress> Addresses::EntityOf(const ObjectAddress& address) const {
  switch (address.catalog) {
    case kClassCatalog: {
      if (const IndexRow* const index = catalog_.Index(address.object)) {
        return OfRelation(index->relation);
      }
      const RelationRow* const relation = catalog_.Relation(address.object);
      if (relation == nullptr) return std::nullopt;
      return relation->kind == 'c' ? TypeEntity(relation->type) : OfRelation(address.object);
    }
    case kTypeCatalog:
      return TypeEntity(address.object);
    case kConstraintCatalog:
      if (const ConstraintRow* const row = catalog_.Constraint(address.object)) {
        return OfRelation(row->relation);
      }
      return std::nullopt;
    case kTriggerCatalog:
      if (const TriggerRow* const row = catalog_.Trigger(address.object)) {
        return OfRelation(row->relation);
      }
      return std::nullopt;
    case kDefaultCatalog: {
      const auto row = catalog_.column_defaults.find(address.object);
      if (row == catalog_.column_defaults.end()) return std::nullopt;
      return OfRelation(row->second.relation);
    }
    case kRewriteCatalog: {
      const auto row = catalog_.rewrites.find(address.object);
      if (row == catalog_.rewrites.end()) return std::nullopt;
      return OfRelation(row->second.relation);
    }
    default:
      return ObjectAddress{address.catalog, address.object, 0};
  }
}

std::optional<EntityKey> Addresses::KeyOf(const ObjectAddress& entity) const {
  const auto named = [](absl::string_view kind, absl::string_view name) {
    return EntityKey{std::string(kind), {std::string(name)}};
  };
  switch (entity.catalog) {
    case kClassCatalog:
      if (const RelationRow* const row = catalog_.Relation(entity.object)) {
        return RelationKey(catalog_, *row);
      }
      return std::nullopt;
    case kTypeCatalog:
      if (const TypeRow* const row = catalog_.Type(entity.object)) return TypeKey(catalog_, *row);
      return std::nullopt;
    case kProcCatalog:
      if (const RoutineRow* const row = catalog_.Routine(entity.object)) {
        return RoutineKey(catalog_, *row);
      }
      return std::nullopt;
    case kExtensionCatalog:
      for (const ExtensionRow& row : catalog_.extensions) {
        if (row.oid == entity.object) return named("extension", row.name);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

EntityPart Addresses::PartOf(const ObjectAddress& address) const {
  switch (address.catalog) {
    case kClassCatalog: {
      const RelationRow* const relation = catalog_.Relation(address.object);
      if (relation == nullptr) return {};
      if (catalog_.Index(address.object) != nullptr) return {"index", relation->name};
      if (address.part <= 0) return {};
      const AttributeRow* const column =
          catalog_.Column(*relation, static_cast<int16_t>(address.part));
      return column == nullptr ? EntityPart() : EntityPart{"column", column->name};
    }
    case kConstraintCatalog: {
      const ConstraintRow* const row = catalog_.Constraint(address.object);
      return row == nullptr ? EntityPart() : EntityPart{"constraint", row->name};
    }
    case kTriggerCatalog: {
      const TriggerRow* const row = catalog_.Trigger(address.object);
      return row == nullptr ? EntityPart() : EntityPart{"trigger", row->name};
    }
    case kDefaultCatalog: {
      const auto row = catalog_.column_defaults.find(address.object);
      if (row == catalog_.column_defaults.end()) return {};
      return {"default", catalog_.ColumnName(row->second.relation, row->second.column)};
    }
    case kRewriteCatalog: {
      const auto row = catalog_.rewrites.find(address.object);
      if (row == catalog_.rewrites.end() || row->second.name == "_RETURN") return {};
      return {"rule", row->second.name};
    }
    default:
      return {};
  }
}

bool Addresses::IsPrinted(const ObjectAddress& address) const {
  switch (address.catalog) {
    case kDefaultCatalog:
    case kRewriteCatalog:
      return true;
    case kClassCatalog: {
      const IndexRow* const row = catalog_.Index(address.object);
      return row != nullptr && (row->expressions || row->partial);
    }
    case kConstraintCatalog: {
      const ConstraintRow* const row = catalog_.Constraint(address.object);
      return row != nullptr && (row->type == 'c' || row->type == 'x');
    }
    case kTriggerCatalog: {
      const TriggerRow* const row = catalog_.Trigger(address.object);
      return row != nullptr && row->has_when;
    }
    case kProcCatalog: {
      const RoutineRow* const row = catalog_.Routine(address.object);
      return row != nullptr && (row->has_sql_body || row->default_count > 0);
    }
    default:
      return false;
  }
}

}  // namespace varve::postgres
