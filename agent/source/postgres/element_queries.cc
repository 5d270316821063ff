// Parts of relations that are rows of catalogs of their own: constraints, indexes, triggers.
#include <utility>

#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kShape = Bit(v1::FACET_STRUCTURE) | Bit(v1::FACET_EXPRESSIONS);
constexpr unsigned kElements = kShape | Bit(v1::FACET_DOCS);
constexpr Feed kOfConstraints[] = {{"table", kElements}};
constexpr Feed kOfIndexes[] = {{"table", kElements | Bit(v1::FACET_STATE)},
                               {"materialized_view", kElements | Bit(v1::FACET_STATE)}};
constexpr Feed kOfTriggers[] = {{"table", kElements}, {"view", kElements}};

// They are read to tell whose the dependencies of a default or a query are.
constexpr Feed kOfDefaults[] = {{"table", Bit(v1::FACET_EXPRESSIONS)},
                                {"view", Bit(v1::FACET_EXPRESSIONS)}};
constexpr Feed kOfRules[] = {{"table", Bit(v1::FACET_EXPRESSIONS)},
                             {"view", Bit(v1::FACET_EXPRESSIONS)},
                             {"materialized_view", Bit(v1::FACET_EXPRESSIONS)}};

constexpr QueryColumn kConstraintColumns[] = {{"oid"},
                                              {"conname"},
                                              {"contype"},
                                              {"conrelid"},
                                              {"conindid"},
                                              {"conparentid"},
                                              {"confrelid"},
                                              {"condeferrable"},
                                              {"condeferred"},
                                              {"convalidated"},
                                              {"connoinherit"},
                                              {"conenforced", 18, "true"},
                                              {"conperiod", 18, "false"},
                                              {"confupdtype"},
                                              {"confdeltype"},
                                              {"confmatchtype"},
                                              {"conkey"},
                                              {"confkey"},
                                              {"confdelsetcols", 15},
                                              {"conexclop"},
                                              {"coninhcount > 0"},
                                              {"conislocal"}};

void LoadConstraint(RowReader& row, Catalog& catalog) {
  ConstraintRow& constraint = catalog.constraints.emplace_back();
  constraint.oid = row.TakeOid();
  constraint.name = row.TakeText();
  constraint.type = row.TakeChar();
  constraint.relation = row.TakeOid();
  constraint.index = row.TakeOid();
  constraint.parent = row.TakeOid();
  constraint.referenced = row.TakeOid();
  constraint.deferrable = row.TakeBool();
  constraint.deferred = row.TakeBool();
  constraint.validated = row.TakeBool();
  constraint.no_inherit = row.TakeBool();
  constraint.enforced = row.TakeBool();
  constraint.period = row.TakeBool();
  constraint.on_update = row.TakeChar();
  constraint.on_delete = row.TakeChar();
  constraint.match = row.TakeChar();
  constraint.key = row.TakeNumbers();
  constraint.referenced_key = row.TakeNumbers();
  constraint.delete_set = row.TakeNumbers();
  constraint.operators = row.TakeOids();
  constraint.inherited = row.TakeBool();
  constraint.local = row.TakeBool();
}

constexpr QueryColumn kIndexColumns[] = {{"indexrelid"},
                                         {"indrelid"},
                                         {"indnkeyatts"},
                                         {"indisunique"},
                                         {"indisprimary"},
                                         {"indnullsnotdistinct", 15, "false"},
                                         {"indisclustered"},
                                         {"indisreplident"},
                                         {"indisvalid"},
                                         {"indisready"},
                                         {"indpred IS NOT NULL"},
                                         {"indexprs IS NOT NULL"},
                                         {"indkey"},
                                         {"indoption"},
                                         {"indcollation"},
                                         {"indclass"},
                                         {"indislive"}};

void LoadIndex(RowReader& row, Catalog& catalog) {
  IndexRow& index = catalog.indexes.emplace_back();
  index.oid = row.TakeOid();
  index.relation = row.TakeOid();
  index.key_count = row.TakeSmall();
  index.unique = row.TakeBool();
  index.primary = row.TakeBool();
  index.nulls_not_distinct = row.TakeBool();
  index.clustered = row.TakeBool();
  index.replica_identity = row.TakeBool();
  index.valid = row.TakeBool();
  index.ready = row.TakeBool();
  index.partial = row.TakeBool();
  index.expressions = row.TakeBool();
  index.key = row.TakeNumbers();
  index.options = row.TakeNumbers();
  index.collations = row.TakeOids();
  index.classes = row.TakeOids();
  index.live = row.TakeBool();
}

// Before 13 it is a dependency that says whose copy a partition's trigger is.
constexpr QueryColumn kTriggerColumns[] = {
    {"oid"},           {"tgname"},         {"tgrelid"},
    {"tgfoid"},        {"tgconstraint"},   {"tgparentid", 13, "COALESCE(parent, 0)"},
    {"tgconstrrelid"}, {"tgtype"},         {"tgenabled"},
    {"tgdeferrable"},  {"tginitdeferred"}, {"tgqual IS NOT NULL"},
    {"tgattr"},        {"tgargs"},         {"tgoldtable"},
    {"tgnewtable"},    {"tgisinternal"}};

void LoadTrigger(RowReader& row, Catalog& catalog) {
  TriggerRow trigger;
  trigger.oid = row.TakeOid();
  trigger.name = row.TakeText();
  trigger.relation = row.TakeOid();
  trigger.function = row.TakeOid();
  trigger.constraint = row.TakeOid();
  trigger.parent = row.TakeOid();
  trigger.referenced = row.TakeOid();
  trigger.type = row.TakeSmall();
  trigger.enabled = row.TakeChar();
  trigger.deferrable = row.TakeBool();
  trigger.deferred = row.TakeBool();
  trigger.has_when = row.TakeBool();
  trigger.columns = row.TakeNumbers();
  trigger.arguments = row.TakeRaw();
  trigger.old_table = row.TakeText();
  trigger.new_table = row.TakeText();
  // A copy that a partition has is internal in some versions; what else is, is no user's.
  const bool internal = row.TakeBool();
  if (!internal || trigger.parent != 0) catalog.triggers.push_back(std::move(trigger));
}

constexpr QueryColumn kDefaultColumns[] = {{"oid"}, {"adrelid"}, {"adnum"}};

void LoadColumnDefault(RowReader& row, Catalog& catalog) {
  ColumnDefaultRow& column_default = catalog.column_defaults[row.TakeOid()];
  column_default.relation = row.TakeOid();
  column_default.column = row.TakeSmall();
}

constexpr QueryColumn kRewriteColumns[] = {{"oid"}, {"ev_class"}, {"rulename"}};

void LoadRewrite(RowReader& row, Catalog& catalog) {
  RewriteRow& rewrite = catalog.rewrites[row.TakeOid()];
  rewrite.relation = row.TakeOid();
  rewrite.name = row.TakeText();
}

constexpr CatalogQuery kQueries[] = {
    {"pg_constraint", kConstraintColumns, "FROM pg_constraint WHERE oid >= 16384 AND conrelid <> 0",
     LoadConstraint, kOfConstraints},
    {"pg_index", kIndexColumns, "FROM pg_index WHERE indexrelid >= 16384", LoadIndex, kOfIndexes},
    // Those of foreign keys have an index.
    {"pg_trigger", kTriggerColumns,
     "FROM pg_trigger LEFT JOIN (SELECT objid, refobjid AS parent FROM pg_depend WHERE "
     "classid = 2620 AND refclassid = 2620) AS d ON objid = oid "
     "WHERE NOT tgisinternal OR tgconstrindid = 0",
     LoadTrigger, kOfTriggers},
    {"pg_attrdef", kDefaultColumns, "FROM pg_attrdef WHERE oid >= 16384", LoadColumnDefault,
     kOfDefaults},
    {"pg_rewrite", kRewriteColumns, "FROM pg_rewrite WHERE oid >= 16384", LoadRewrite, kOfRules},
};

}  // namespace

absl::Span<const CatalogQuery> ElementQueries() { return kQueries; }

}  // namespace varve::postgres
