#include "agent/source/postgres/addresses.h"

#include "agent/source/postgres/names.h"
#include "agent/source/postgres/operator_names.h"

namespace varve::postgres {
namespace {

std::optional<ObjectAddress> OfRelation(Oid relation) {
  return ObjectAddress{kClassCatalog, relation, 0};
}

}  // namespace

Addresses::Addresses(const Catalog& catalog) : catalog_(catalog) { NameLists(); }

void Addresses::NameLists() {
  const auto name = [this](Oid catalog, Oid oid, absl::string_view kind,
                           std::vector<std::string> names) {
    named_.emplace(ObjectAddress{catalog, oid, 0}, EntityKey{std::string(kind), std::move(names)});
  };
  const auto in_schema = [this](Oid schema, absl::string_view object) {
    return std::vector{std::string(catalog_.SchemaName(schema)), std::string(object)};
  };
  const auto alone = [](absl::string_view object) { return std::vector{std::string(object)}; };
  for (const ExtensionRow& row : catalog_.extensions) {
    name(kExtensionCatalog, row.oid, "extension", alone(row.name));
  }
  for (const CastRow& row : catalog_.casts) {
    name(kCastCatalog, row.oid, "cast",
         {TypeName(catalog_, row.source), TypeName(catalog_, row.target)});
  }
  for (const TransformRow& row : catalog_.transforms) {
    const auto language = catalog_.languages.find(row.language);
    if (language == catalog_.languages.end()) continue;
    name(kTransformCatalog, row.oid, "transform",
         {TypeName(catalog_, row.type), std::string(language->second.name)});
  }
  for (const ConversionRow& row : catalog_.conversions) {
    name(kConversionCatalog, row.oid, "conversion", in_schema(row.schema, row.name));
  }
  for (const TextSearchConfigurationRow& row : catalog_.text_search.configurations) {
    name(kTextSearchConfigurationCatalog, row.oid, "text_search_configuration",
         in_schema(row.schema, row.name));
  }
  for (const UserMappingRow& row : catalog_.foreign.user_mappings) {
    name(kUserMappingCatalog, row.oid, "user_mapping",
         {std::string(row.user), std::string(row.server)});
  }
  for (const PublicationRow& row : catalog_.replication.publications) {
    name(kPublicationCatalog, row.oid, "publication", alone(row.name));
  }
  for (const auto& [subscription, row] : catalog_.replication.subscriptions) {
    name(kSubscriptionCatalog, row.oid, "subscription", alone(subscription));
  }
  for (const ExtendedStatisticsRow& row : catalog_.extended_statistics) {
    name(kStatisticsCatalog, row.oid, "extended_statistics", in_schema(row.schema, row.name));
  }
  for (const EventTriggerRow& row : catalog_.event_triggers) {
    name(kEventTriggerCatalog, row.oid, "event_trigger", alone(row.name));
  }
  for (const DefaultPrivilegesRow& row : catalog_.default_privileges) {
    named_.emplace(ObjectAddress{kDefaultPrivilegesCatalog, row.oid, 0},
                   DefaultPrivilegesKey(catalog_, row));
  }
  NameParts();
}

void Addresses::NameParts() {
  for (const auto& [publication, tables] : catalog_.replication.tables) {
    for (const PublishedTableRow& row : tables) {
      parts_.emplace(ObjectAddress{kPublishedTableCatalog, row.oid, 0},
                     ObjectAddress{kPublicationCatalog, publication, 0});
    }
  }
  for (const auto& [domain, constraints] : catalog_.domain_constraints) {
    for (const DomainConstraintRow& row : constraints) {
      parts_.emplace(ObjectAddress{kConstraintCatalog, row.oid, 0},
                     ObjectAddress{kTypeCatalog, domain, 0});
    }
  }
  for (const auto& [owner, members] : catalog_.index_members) {
    for (const OperatorMemberRow& row : members.operators) {
      parts_.emplace(ObjectAddress{kOperatorMemberCatalog, row.oid, 0}, owner);
    }
    for (const FunctionMemberRow& row : members.functions) {
      parts_.emplace(ObjectAddress{kFunctionMemberCatalog, row.oid, 0}, owner);
    }
  }
  for (const PolicyRow& row : catalog_.policies) {
    parts_.emplace(ObjectAddress{kPolicyCatalog, row.oid, 0},
                   ObjectAddress{kClassCatalog, row.relation, 0});
  }
}

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
      return PartOfEntity(address);
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
    case kPublishedTableCatalog:
    case kOperatorMemberCatalog:
    case kFunctionMemberCatalog:
    case kPolicyCatalog:
      return PartOfEntity(address);
    default:
      return ObjectAddress{address.catalog, address.object, 0};
  }
}

std::optional<ObjectAddress> Addresses::PartOfEntity(const ObjectAddress& address) const {
  const auto entity = parts_.find({address.catalog, address.object, 0});
  if (entity == parts_.end()) return std::nullopt;
  return entity->second;
}

namespace {

// The key that `key` makes of the row at `oid`; nothing where there is none.
template <typename Row, typename Key>
std::optional<EntityKey> OfRow(const absl::flat_hash_map<Oid, Row>& rows, Oid oid, Key key) {
  const auto row = rows.find(oid);
  if (row == rows.end()) return std::nullopt;
  return key(row->second);
}

}  // namespace

std::optional<EntityKey> Addresses::KeyOf(const ObjectAddress& entity) const {
  const Catalog& catalog = catalog_;
  const auto alone = [](absl::string_view kind) {
    return [kind](const auto& row) {
      return EntityKey{std::string(kind), {std::string(row.name)}};
    };
  };
  const auto in_schema = [&catalog](absl::string_view kind) {
    return [&catalog, kind](const auto& row) {
      return EntityKey{std::string(kind),
                       {std::string(catalog.SchemaName(row.schema)), std::string(row.name)}};
    };
  };
  const Oid oid = entity.object;
  switch (entity.catalog) {
    case kClassCatalog:
      if (const RelationRow* const row = catalog.Relation(oid)) return RelationKey(catalog, *row);
      return std::nullopt;
    case kTypeCatalog:
      if (const TypeRow* const row = catalog.Type(oid)) return TypeKey(catalog, *row);
      return std::nullopt;
    case kProcCatalog:
      if (const RoutineRow* const row = catalog.Routine(oid)) return RoutineKey(catalog, *row);
      return std::nullopt;
    case kNamespaceCatalog:
      if (const SchemaRow* const row = catalog.Schema(oid)) return alone("schema")(*row);
      return std::nullopt;
    case kLanguageCatalog:
      return OfRow(catalog.languages, oid, alone("language"));
    case kOperatorCatalog:
      return OfRow(catalog.operators, oid,
                   [&](const auto& row) { return OperatorKey(catalog, row); });
    case kOperatorClassCatalog:
      return OfRow(catalog.operator_classes, oid,
                   [&](const auto& row) { return OperatorClassKey(catalog, row); });
    case kOperatorFamilyCatalog:
      return OfRow(catalog.operator_families, oid,
                   [&](const auto& row) { return OperatorFamilyKey(catalog, row); });
    case kCollationCatalog:
      return OfRow(catalog.collations, oid, in_schema("collation"));
    case kAccessMethodCatalog:
      return OfRow(catalog.access_methods, oid, [](absl::string_view name) {
        return EntityKey{"access_method", {std::string(name)}};
      });
    case kForeignDataWrapperCatalog:
      return OfRow(catalog.foreign.wrappers, oid, alone("foreign_data_wrapper"));
    case kForeignServerCatalog:
      return OfRow(catalog.foreign.servers, oid, alone("server"));
    case kTextSearchDictionaryCatalog:
      return OfRow(catalog.text_search.dictionaries, oid, in_schema("text_search_dictionary"));
    case kTextSearchParserCatalog:
      return OfRow(catalog.text_search.parsers, oid, in_schema("text_search_parser"));
    case kTextSearchTemplateCatalog:
      return OfRow(catalog.text_search.templates, oid, in_schema("text_search_template"));
    default: {
      const auto name = named_.find({entity.catalog, oid, 0});
      if (name == named_.end()) return std::nullopt;
      return name->second;
    }
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
    case kPolicyCatalog:
      for (const PolicyRow& row : catalog_.policies) {
        if (row.oid == address.object) return {"policy", row.name};
      }
      return {};
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
    case kPolicyCatalog:
      return true;
    case kClassCatalog: {
      const IndexRow* const row = catalog_.Index(address.object);
      return row != nullptr && (row->expressions || row->partial);
    }
    case kConstraintCatalog: {
      const ConstraintRow* const row = catalog_.Constraint(address.object);
      return row == nullptr || row->type == 'c' || row->type == 'x';  // a domain's
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
