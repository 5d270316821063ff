// What stands by itself or holds for a whole database: extended statistics, event triggers, default
// privileges, large objects.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr Feed kStatistics[] = {{"extended_statistics", kEveryFacet}};
constexpr Feed kEventTriggers[] = {{"event_trigger", kEveryFacet}};
constexpr Feed kDefaultPrivileges[] = {{"default_privileges", kEveryFacet}};
constexpr Feed kLargeObjects[] = {{"large_objects", kEveryFacet}};
constexpr Feed kLargeObjectDocs[] = {{"large_objects", Bit(v1::FACET_DOCS)}};

constexpr QueryColumn kStatisticsColumns[] = {{"oid"},
                                              {"stxname"},
                                              {"stxnamespace"},
                                              {"stxowner"},
                                              {"stxrelid"},
                                              {"stxkeys"},
                                              {"stxkind"},
                                              {"stxexprs IS NOT NULL", 14, "false"},
                                              // -1 before 17 is NULL since.
                                              {"NULLIF(stxstattarget, -1)", 13}};

void LoadStatistics(RowReader& row, Catalog& catalog) {
  ExtendedStatisticsRow& statistics = catalog.extended_statistics.emplace_back();
  statistics.oid = row.TakeOid();
  statistics.name = row.TakeText();
  statistics.schema = row.TakeOid();
  statistics.owner = row.TakeOid();
  statistics.relation = row.TakeOid();
  statistics.columns = row.TakeNumbers();
  statistics.kinds = row.TakeRaw();
  statistics.expressions = row.TakeBool();
  if (!row.NextIsNull()) statistics.target = static_cast<int32_t>(row.TakeInt());
}

constexpr QueryColumn kEventTriggerColumns[] = {
    {"oid"}, {"evtname"}, {"evtevent"}, {"evtowner"}, {"evtfoid"}, {"evtenabled"}, {"evttags"}};

void LoadEventTrigger(RowReader& row, Catalog& catalog) {
  EventTriggerRow& trigger = catalog.event_triggers.emplace_back();
  trigger.oid = row.TakeOid();
  trigger.name = row.TakeText();
  trigger.event = row.TakeText();
  trigger.owner = row.TakeOid();
  trigger.function = row.TakeOid();
  trigger.enabled = row.TakeChar();
  trigger.tags = row.TakeRaw();
}

constexpr QueryColumn kDefaultPrivilegesColumns[] = {
    {"oid"}, {"defaclrole"}, {"defaclnamespace"}, {"defaclobjtype"}, {"defaclacl"}};

void LoadDefaultPrivileges(RowReader& row, Catalog& catalog) {
  DefaultPrivilegesRow& privileges = catalog.default_privileges.emplace_back();
  privileges.oid = row.TakeOid();
  privileges.role = row.TakeOid();
  privileges.schema = row.TakeOid();
  privileges.object_type = row.TakeChar();
  privileges.acl = row.TakeAcl();
}

// There may be millions of them, with few owners and few sets of privileges.
constexpr QueryColumn kLargeObjectsColumns[] = {{"lomowner"}, {"lomacl"}};

void LoadLargeObjects(RowReader& row, Catalog& catalog) {
  LargeObjectsRow& objects = catalog.large_objects.emplace_back();
  objects.owner = row.TakeOid();
  objects.acl = row.TakeAcl();
}

constexpr QueryColumn kCommentedLargeObjectsColumns[] = {{"m.oid"}, {"lomowner"}};

void LoadCommentedLargeObject(RowReader& row, Catalog& catalog) {
  CommentedLargeObjectRow& object = catalog.commented_large_objects.emplace_back();
  object.oid = row.TakeOid();
  object.owner = row.TakeOid();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_statistic_ext", kStatisticsColumns, "FROM pg_statistic_ext", LoadStatistics, kStatistics},
    {"pg_event_trigger", kEventTriggerColumns, "FROM pg_event_trigger", LoadEventTrigger,
     kEventTriggers},
    {"pg_default_acl", kDefaultPrivilegesColumns, "FROM pg_default_acl", LoadDefaultPrivileges,
     kDefaultPrivileges},
    {"pg_largeobject_metadata", kLargeObjectsColumns,
     "FROM pg_largeobject_metadata GROUP BY lomowner, lomacl", LoadLargeObjects, kLargeObjects},
    // Comments name the catalog of their data.
    {"pg_description of large objects", kCommentedLargeObjectsColumns,
     "FROM pg_largeobject_metadata m JOIN pg_description d ON d.objoid = m.oid "
     "AND d.classoid = 2613 ORDER BY m.oid",
     LoadCommentedLargeObject, kLargeObjectDocs},
};

}  // namespace

absl::Span<const CatalogQuery> DatabaseWideQueries() { return kQueries; }

}  // namespace varve::postgres
