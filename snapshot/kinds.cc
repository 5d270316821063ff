#include "snapshot/kinds.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "varve/v1/shape.pb.h"

namespace varve {
namespace {

using v1::Shape;

constexpr KindFacet kAccess = {v1::FACET_ACCESS, Shape::kAccess};
constexpr KindFacet kDocs = {v1::FACET_DOCS, Shape::kDocs};

constexpr KindFacet kDatabaseFacets[] = {{v1::FACET_STRUCTURE, Shape::kDatabase},
                                         kAccess,
                                         {v1::FACET_OPTIONS, Shape::kDatabaseOptions},
                                         kDocs,
                                         {v1::FACET_STATE, Shape::kDatabaseState}};
constexpr KindFacet kSchemaFacets[] = {{v1::FACET_STRUCTURE, Shape::kSchema}, kAccess, kDocs};
constexpr KindFacet kTableFacets[] = {{v1::FACET_STRUCTURE, Shape::kTable},
                                      {v1::FACET_EXPRESSIONS, Shape::kTableExpressions},
                                      kAccess,
                                      kDocs,
                                      {v1::FACET_STATE, Shape::kRelationState}};
constexpr KindFacet kViewFacets[] = {{v1::FACET_STRUCTURE, Shape::kView},
                                     {v1::FACET_EXPRESSIONS, Shape::kViewExpressions},
                                     kAccess,
                                     kDocs};
constexpr KindFacet kMaterializedViewFacets[] = {{v1::FACET_STRUCTURE, Shape::kView},
                                                 {v1::FACET_EXPRESSIONS, Shape::kViewExpressions},
                                                 kAccess,
                                                 kDocs,
                                                 {v1::FACET_STATE, Shape::kRelationState}};
constexpr KindFacet kFunctionFacets[] = {{v1::FACET_STRUCTURE, Shape::kRoutine},
                                         {v1::FACET_EXPRESSIONS, Shape::kRoutineExpressions},
                                         kAccess,
                                         kDocs};
constexpr KindFacet kSequenceFacets[] = {{v1::FACET_STRUCTURE, Shape::kSequence}, kAccess, kDocs};
constexpr KindFacet kLanguageFacets[] = {{v1::FACET_STRUCTURE, Shape::kLanguage}, kAccess, kDocs};
constexpr KindFacet kOperatorFacets[] = {{v1::FACET_STRUCTURE, Shape::kOperator}, kAccess, kDocs};
constexpr KindFacet kOperatorClassFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kOperatorClass}, kAccess, kDocs};
constexpr KindFacet kOperatorFamilyFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kOperatorFamily}, kAccess, kDocs};
constexpr KindFacet kCastFacets[] = {{v1::FACET_STRUCTURE, Shape::kCast}, kDocs};
constexpr KindFacet kTransformFacets[] = {{v1::FACET_STRUCTURE, Shape::kTransform}, kDocs};
constexpr KindFacet kAccessMethodFacets[] = {{v1::FACET_STRUCTURE, Shape::kAccessMethod}, kDocs};
constexpr KindFacet kEnumFacets[] = {{v1::FACET_STRUCTURE, Shape::kEnumeration}, kAccess, kDocs};
constexpr KindFacet kDomainFacets[] = {{v1::FACET_STRUCTURE, Shape::kDomain},
                                       {v1::FACET_EXPRESSIONS, Shape::kDomainExpressions},
                                       kAccess,
                                       kDocs};
constexpr KindFacet kCompositeTypeFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kCompositeType}, kAccess, kDocs};
constexpr KindFacet kRangeTypeFacets[] = {{v1::FACET_STRUCTURE, Shape::kRangeType}, kAccess, kDocs};
constexpr KindFacet kBaseTypeFacets[] = {{v1::FACET_STRUCTURE, Shape::kBaseType}, kAccess, kDocs};
constexpr KindFacet kCollationFacets[] = {{v1::FACET_STRUCTURE, Shape::kCollation},
                                          kAccess,
                                          kDocs,
                                          {v1::FACET_STATE, Shape::kCollationState}};
constexpr KindFacet kConversionFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kConversion}, kAccess, kDocs};
constexpr KindFacet kExtensionFacets[] = {{v1::FACET_STRUCTURE, Shape::kExtension}, kAccess, kDocs};
constexpr KindFacet kOptions = {v1::FACET_OPTIONS, Shape::kOptionList};
constexpr KindFacet kTextSearchConfigurationFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kTextSearchConfiguration}, kAccess, kDocs};
constexpr KindFacet kTextSearchDictionaryFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kTextSearchDictionary}, kAccess, kDocs};
constexpr KindFacet kTextSearchParserFacets[] = {{v1::FACET_STRUCTURE, Shape::kTextSearchParser},
                                                 kDocs};
constexpr KindFacet kTextSearchTemplateFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kTextSearchTemplate}, kDocs};
constexpr KindFacet kForeignDataWrapperFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kForeignDataWrapper}, kAccess, kOptions, kDocs};
constexpr KindFacet kServerFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kServer}, kAccess, kOptions, kDocs};
constexpr KindFacet kUserMappingFacets[] = {{v1::FACET_STRUCTURE, Shape::kUserMapping}, kOptions};
constexpr KindFacet kPublicationFacets[] = {{v1::FACET_STRUCTURE, Shape::kPublication},
                                            {v1::FACET_EXPRESSIONS, Shape::kPublicationExpressions},
                                            kAccess,
                                            kDocs};
constexpr KindFacet kSubscriptionFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kSubscription}, kAccess, kOptions, kDocs};
constexpr KindFacet kExtendedStatisticsFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kExtendedStatistics},
    {v1::FACET_EXPRESSIONS, Shape::kExtendedStatisticsExpressions},
    kAccess,
    kDocs};
constexpr KindFacet kEventTriggerFacets[] = {
    {v1::FACET_STRUCTURE, Shape::kEventTrigger}, kAccess, kDocs};
constexpr KindFacet kDefaultPrivilegesFacets[] = {kAccess};
constexpr KindFacet kLargeObjectsFacets[] = {kAccess, kDocs};
constexpr KindFacet kRoleFacets[] = {
    {v1::FACET_ACCESS, Shape::kRole}, {v1::FACET_OPTIONS, Shape::kRoleOptions}, kDocs};
constexpr KindFacet kTablespaceFacets[] = {{v1::FACET_STRUCTURE, Shape::kTablespace},
                                           kAccess,
                                           {v1::FACET_OPTIONS, Shape::kTablespaceOptions},
                                           kDocs};
constexpr KindFacet kParameterPrivilegesFacets[] = {kAccess};
constexpr KindFacet kSettingFacets[] = {{v1::FACET_OPTIONS, Shape::kSetting}};
constexpr KindFacet kRedisServerFacets[] = {{v1::FACET_STRUCTURE, Shape::kRedisServer},
                                            {v1::FACET_STATE, Shape::kRedisServerState}};
constexpr KindFacet kRedisShardFacets[] = {{v1::FACET_STRUCTURE, Shape::kRedisShard},
                                           {v1::FACET_STATE, Shape::kRedisShardState}};
constexpr KindFacet kRedisSettingFacets[] = {{v1::FACET_OPTIONS, Shape::kRedisSetting}};
constexpr KindFacet kRedisUserFacets[] = {{v1::FACET_ACCESS, Shape::kRedisUser}};
constexpr KindFacet kRedisModuleFacets[] = {{v1::FACET_STRUCTURE, Shape::kRedisModule}};
constexpr KindFacet kRedisLibraryFacets[] = {{v1::FACET_STRUCTURE, Shape::kRedisLibrary}};
constexpr KindFacet kRedisDatabaseFacets[] = {{v1::FACET_STRUCTURE, Shape::kRedisDatabase}};
constexpr KindFacet kKeyPatternFacets[] = {{v1::FACET_STRUCTURE, Shape::kKeyPattern}};
constexpr KindFacet kModelFacets[] = {{v1::FACET_STRUCTURE, Shape::kModel},
                                      {v1::FACET_BEHAVIOUR, Shape::kModelBehaviour},
                                      kDocs,
                                      {v1::FACET_REPRESENTATION, Shape::kModelRepresentation}};
constexpr KindFacet kModelEnumFacets[] = {{v1::FACET_STRUCTURE, Shape::kModelEnum}, kDocs};

constexpr Kind kKinds[] = {
    {"database", "databases", "postgres", kDatabaseFacets, KindScope::kBoth},
    {"schema", "schemas", "postgres", kSchemaFacets},
    {"extension", "extensions", "postgres", kExtensionFacets},
    {"table", "tables", "postgres", kTableFacets},
    {"view", "views", "postgres", kViewFacets},
    {"materialized_view", "materialized_views", "postgres", kMaterializedViewFacets},
    {"function", "functions", "postgres", kFunctionFacets},
    {"sequence", "sequences", "postgres", kSequenceFacets},
    {"language", "languages", "postgres", kLanguageFacets},
    {"operator", "operators", "postgres", kOperatorFacets},
    {"operator_class", "operator_classes", "postgres", kOperatorClassFacets},
    {"operator_family", "operator_families", "postgres", kOperatorFamilyFacets},
    {"cast", "casts", "postgres", kCastFacets},
    {"transform", "transforms", "postgres", kTransformFacets},
    {"access_method", "access_methods", "postgres", kAccessMethodFacets},
    {"enum", "enums", "postgres", kEnumFacets},
    {"domain", "domains", "postgres", kDomainFacets},
    {"composite_type", "composite_types", "postgres", kCompositeTypeFacets},
    {"range_type", "range_types", "postgres", kRangeTypeFacets},
    {"base_type", "base_types", "postgres", kBaseTypeFacets},
    {"collation", "collations", "postgres", kCollationFacets},
    {"conversion", "conversions", "postgres", kConversionFacets},
    {"text_search_configuration", "text_search_configurations", "postgres",
     kTextSearchConfigurationFacets},
    {"text_search_dictionary", "text_search_dictionaries", "postgres", kTextSearchDictionaryFacets},
    {"text_search_parser", "text_search_parsers", "postgres", kTextSearchParserFacets},
    {"text_search_template", "text_search_templates", "postgres", kTextSearchTemplateFacets},
    {"foreign_data_wrapper", "foreign_data_wrappers", "postgres", kForeignDataWrapperFacets},
    {"server", "servers", "postgres", kServerFacets},
    {"user_mapping", "user_mappings", "postgres", kUserMappingFacets},
    {"publication", "publications", "postgres", kPublicationFacets},
    {"subscription", "subscriptions", "postgres", kSubscriptionFacets},
    {"extended_statistics", "extended_statistics", "postgres", kExtendedStatisticsFacets},
    {"event_trigger", "event_triggers", "postgres", kEventTriggerFacets},
    {"default_privileges", "default_privileges", "postgres", kDefaultPrivilegesFacets},
    {"large_objects", "large_objects", "postgres", kLargeObjectsFacets},
    {"role", "roles", "postgres", kRoleFacets, KindScope::kCluster},
    {"tablespace", "tablespaces", "postgres", kTablespaceFacets, KindScope::kCluster},
    {"setting", "settings", "postgres", kSettingFacets, KindScope::kCluster},
    {"parameter_privileges", "parameter_privileges", "postgres", kParameterPrivilegesFacets,
     KindScope::kCluster},
    {"redis_server", "servers", "redis", kRedisServerFacets},
    {"redis_shard", "shards", "redis", kRedisShardFacets},
    {"redis_database", "databases", "redis", kRedisDatabaseFacets},
    {"key_pattern", "key_patterns", "redis", kKeyPatternFacets},
    {"redis_user", "users", "redis", kRedisUserFacets},
    {"redis_setting", "settings", "redis", kRedisSettingFacets},
    {"redis_module", "modules", "redis", kRedisModuleFacets},
    {"redis_library", "libraries", "redis", kRedisLibraryFacets},
    {"model", "models", "models", kModelFacets},
    {"model_enum", "enums", "models", kModelEnumFacets},
};

constexpr absl::string_view kOutsideSchemas[] = {"access_method",
                                                 "cast",
                                                 "database",
                                                 "default_privileges",
                                                 "event_trigger",
                                                 "extension",
                                                 "foreign_data_wrapper",
                                                 "language",
                                                 "large_objects",
                                                 "parameter_privileges",
                                                 "publication",
                                                 "role",
                                                 "schema",
                                                 "server",
                                                 "setting",
                                                 "subscription",
                                                 "tablespace",
                                                 "transform",
                                                 "user_mapping"};

}  // namespace

absl::Span<const Kind> Kinds() { return kKinds; }

const Kind* FindKind(absl::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

bool StandsInSchema(absl::string_view kind) {
  return std::find(std::begin(kOutsideSchemas), std::end(kOutsideSchemas), kind) ==
         std::end(kOutsideSchemas);
}

bool IsInSection(const Kind& kind, KindScope section) {
  return kind.scope == section || kind.scope == KindScope::kBoth;
}

v1::Facet FirstFacet(absl::string_view kind) {
  const Kind* const known = FindKind(kind);
  return known == nullptr ? v1::FACET_STRUCTURE : known->facets.front().facet;
}

bool HasFacet(absl::string_view kind, v1::Facet facet) {
  const Kind* const known = FindKind(kind);
  if (known == nullptr) return true;
  return std::any_of(known->facets.begin(), known->facets.end(),
                     [facet](const KindFacet& each) { return each.facet == facet; });
}

std::string FacetName(v1::Facet facet) {
  switch (facet) {
    case v1::FACET_STRUCTURE:
      return "structure";
    case v1::FACET_EXPRESSIONS:
      return "expressions";
    case v1::FACET_BEHAVIOUR:
      return "behaviour";
    case v1::FACET_ACCESS:
      return "access";
    case v1::FACET_OPTIONS:
      return "options";
    case v1::FACET_DOCS:
      return "docs";
    case v1::FACET_STATE:
      return "state";
    case v1::FACET_REPRESENTATION:
      return "representation";
    default:
      return absl::StrCat("facet ", static_cast<int>(facet));
  }
}

std::string SightName(v1::Sight sight) {
  switch (sight) {
    case v1::SIGHT_CAPTURED:
      return "captured";
    case v1::SIGHT_EXCLUDED:
      return "excluded";
    case v1::SIGHT_NOT_PERMITTED:
      return "not permitted";
    case v1::SIGHT_NOT_SUPPORTED:
      return "not supported";
    case v1::SIGHT_CAPPED:
      return "capped";
    case v1::SIGHT_FAILED:
      return "failed";
    case v1::SIGHT_LOCKED:
      return "locked";
    case v1::SIGHT_STATIC:
      return "static";
    case v1::SIGHT_NOT_CAPTURED:
      return "not captured";
    case v1::SIGHT_UNAVAILABLE:
      return "unavailable";
    default:
      return absl::StrCat("reason ", static_cast<int>(sight));
  }
}

}  // namespace varve
