#include "agent/source/postgres/printings.h"

#include "agent/source/postgres/sql_text.h"

namespace varve::postgres {
namespace {

// With relation 0 the server opens nothing and waits for no lock; a generated column names others
// and needs its own. The stored tree says whether it has a column (T_Var; its constants are written
// as numbers): looking up attgenerated takes a third more of the server's time.
constexpr absl::string_view kColumns =
    "SELECT d.adrelid, d.adnum, pg_get_expr(d.adbin, CASE WHEN d.adbin::text LIKE '%{VAR %' "
    "THEN d.adrelid ELSE 0 END) FROM pg_attrdef d WHERE true";

std::vector<Oid> WithDefault(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const AttributeRow& column : catalog.attributes) {
    if (column.has_default) relations.push_back(column.relation);
  }
  return relations;
}

void LoadColumn(RowReader& row, Expressions& expressions) {
  const Oid relation = row.TakeOid();
  const int16_t number = row.TakeSmall();
  if (row.NextIsNull()) return;
  expressions.columns.insert_or_assign(std::pair(relation, number), row.TakeText());
}

// Takes an OID and a text that belongs to it; NULL is an object that is gone.
void LoadText(RowReader& row, absl::flat_hash_map<Oid, absl::string_view>& texts) {
  const Oid oid = row.TakeOid();
  if (!row.NextIsNull()) texts.insert_or_assign(oid, row.TakeText());
}

constexpr absl::string_view kConstraints =
    "SELECT oid, CASE contype WHEN 'c' THEN pg_get_expr(conbin, conrelid) "
    "ELSE pg_get_constraintdef(oid) END FROM pg_constraint WHERE contype IN ('c', 'x')";

std::vector<Oid> WithConstraint(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const ConstraintRow& constraint : catalog.constraints) {
    if (constraint.type == 'c' || constraint.type == 'x') {
      relations.push_back(constraint.relation);
    }
  }
  return relations;
}

constexpr absl::string_view kIndexes =
    "SELECT i.indexrelid, ARRAY(SELECT pg_get_indexdef(i.indexrelid, k + 1, false) "
    "FROM generate_subscripts(i.indkey, 1) AS k WHERE i.indkey[k] = 0 ORDER BY k), "
    "pg_get_expr(i.indpred, i.indrelid) "
    "FROM pg_index i WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)";

std::vector<Oid> WithIndexExpression(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const IndexRow& index : catalog.indexes) {
    if (index.partial || index.expressions) relations.push_back(index.relation);
  }
  return relations;
}

void LoadIndexTexts(RowReader& row, Expressions& expressions) {
  IndexTexts& texts = expressions.indexes[row.TakeOid()];
  texts.keys.clear();
  for (const std::string& key : ArrayItems(row.TakeRaw())) {
    texts.keys.push_back(expressions.arena.Keep(TextFrom(key, row.form())));
  }
  texts.predicate = row.TakeText();
}

// tgqual speaks of OLD and NEW, which pg_get_expr() cannot print.
constexpr absl::string_view kTriggers =
    "SELECT oid, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgqual IS NOT NULL";

std::vector<Oid> WithTriggerCondition(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const TriggerRow& trigger : catalog.triggers) {
    if (trigger.has_when) relations.push_back(trigger.relation);
  }
  return relations;
}

void LoadTrigger(RowReader& row, Expressions& expressions) {
  const Oid oid = row.TakeOid();
  if (row.NextIsNull()) return;
  expressions.triggers.insert_or_assign(oid,
                                        expressions.arena.Keep(TriggerCondition(row.TakeText())));
}

constexpr absl::string_view kPartitionKeys =
    "SELECT partrelid, pg_get_partkeydef(partrelid) FROM pg_partitioned_table WHERE true";

std::vector<Oid> Partitioned(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const auto& [relation, row] : catalog.partitioned) relations.push_back(relation);
  return relations;
}

constexpr absl::string_view kPartitionBounds =
    "SELECT oid, pg_get_expr(relpartbound, 0) FROM pg_class "
    "WHERE relispartition AND relkind IN ('r', 'p', 'f')";

std::vector<Oid> Partitions(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const RelationRow& relation : catalog.relations) {
    if (relation.partition) relations.push_back(relation.oid);
  }
  return relations;
}

constexpr absl::string_view kQueries =
    "SELECT oid, pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm')";

std::vector<Oid> Views(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const RelationRow& relation : catalog.relations) {
    if (relation.kind == 'v' || relation.kind == 'm') relations.push_back(relation.oid);
  }
  return relations;
}

constexpr absl::string_view kRules =
    "SELECT oid, pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_type <> '1'";

std::vector<Oid> WithRule(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const RuleRow& rule : catalog.rules) relations.push_back(rule.relation);
  return relations;
}

constexpr absl::string_view kPolicies =
    "SELECT oid, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) "
    "FROM pg_policy WHERE (polqual IS NOT NULL OR polwithcheck IS NOT NULL)";

std::vector<Oid> WithPolicy(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const PolicyRow& policy : catalog.policies) {
    if (policy.has_text) relations.push_back(policy.relation);
  }
  return relations;
}

void LoadPolicy(RowReader& row, Expressions& expressions) {
  PolicyTexts& texts = expressions.policies[row.TakeOid()];
  texts.using_text = row.TakeText();
  texts.with_check = row.TakeText();
}

constexpr absl::string_view kArgumentDefaults =
    "SELECT oid, pg_get_expr(proargdefaults, 0) FROM pg_proc WHERE proargdefaults IS NOT NULL";

std::vector<Oid> WithArgumentDefaults(const Catalog& catalog) {
  std::vector<Oid> routines;
  for (const RoutineRow& routine : catalog.routines) {
    if (routine.default_count > 0) routines.push_back(routine.oid);
  }
  return routines;
}

constexpr absl::string_view kSqlBodies =
    "SELECT oid, pg_get_function_sqlbody(oid) FROM pg_proc WHERE prosqlbody IS NOT NULL";

std::vector<Oid> WithSqlBody(const Catalog& catalog) {
  std::vector<Oid> routines;
  for (const RoutineRow& routine : catalog.routines) {
    if (routine.has_sql_body) routines.push_back(routine.oid);
  }
  return routines;
}

constexpr absl::string_view kDomainDefaults =
    "SELECT oid, pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE typdefaultbin IS NOT NULL";

std::vector<Oid> WithDomainDefault(const Catalog& catalog) {
  std::vector<Oid> domains;
  for (const auto& [oid, domain] : catalog.domains) {
    if (domain.has_default) domains.push_back(oid);
  }
  return domains;
}

constexpr absl::string_view kDomainChecks =
    "SELECT oid, pg_get_expr(conbin, 0) FROM pg_constraint WHERE contypid <> 0 AND contype = 'c'";

std::vector<Oid> WithDomainCheck(const Catalog& catalog) {
  std::vector<Oid> domains;
  for (const auto& [domain, constraints] : catalog.domain_constraints) {
    for (const DomainConstraintRow& constraint : constraints) {
      if (constraint.type == 'c') domains.push_back(domain);
    }
  }
  return domains;
}

constexpr absl::string_view kPublicationFilters =
    "SELECT oid, pg_get_expr(prqual, prrelid) FROM pg_publication_rel WHERE prqual IS NOT NULL";

std::vector<Oid> WithPublicationFilter(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const auto& [publication, tables] : catalog.replication.tables) {
    for (const PublishedTableRow& table : tables) {
      if (table.filtered) relations.push_back(table.relation);
    }
  }
  return relations;
}

constexpr absl::string_view kStatisticsExpressions =
    "SELECT oid, pg_get_statisticsobjdef_expressions(oid) FROM pg_statistic_ext "
    "WHERE stxexprs IS NOT NULL";

std::vector<Oid> WithStatisticsExpressions(const Catalog& catalog) {
  std::vector<Oid> relations;
  for (const ExtendedStatisticsRow& statistics : catalog.extended_statistics) {
    if (statistics.expressions) relations.push_back(statistics.relation);
  }
  return relations;
}

void LoadStatisticsExpressions(RowReader& row, Expressions& expressions) {
  const Oid oid = row.TakeOid();
  if (row.NextIsNull()) return;
  std::vector<absl::string_view>& texts = expressions.statistics[oid];
  texts.clear();
  for (const std::string& text : ArrayItems(row.TakeRaw())) {
    texts.push_back(expressions.arena.Keep(TextFrom(text, row.form())));
  }
}

const Printing kPrintings[] = {
    {kColumns, "d.adrelid", kClassCatalog, WithDefault, LoadColumn},
    {kConstraints, "conrelid", kClassCatalog, WithConstraint,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.constraints); }},
    {kIndexes, "i.indrelid", kClassCatalog, WithIndexExpression, LoadIndexTexts},
    {kTriggers, "tgrelid", kClassCatalog, WithTriggerCondition, LoadTrigger},
    {kPartitionKeys, "partrelid", kClassCatalog, Partitioned,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.partition_keys); }},
    {kPartitionBounds, "oid", kClassCatalog, Partitions,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.partition_bounds); }},
    {kArgumentDefaults, "oid", kProcCatalog, WithArgumentDefaults,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.argument_defaults); },
     PrintingStep::kOthers},
    {kSqlBodies, "oid", kProcCatalog, WithSqlBody,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.sql_bodies); },
     PrintingStep::kOthers, 14},
    {kDomainDefaults, "oid", kTypeCatalog, WithDomainDefault,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.domain_defaults); },
     PrintingStep::kOthers},
    {kDomainChecks, "contypid", kTypeCatalog, WithDomainCheck,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.constraints); }},
    {kQueries, "oid", kClassCatalog, Views,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.queries); },
     PrintingStep::kQueries},
    // A table that cannot be opened costs what prints by it, not the expressions of its own.
    {kPublicationFilters, "prrelid", kPublishedTableCatalog, WithPublicationFilter,
     [](RowReader& row, Expressions& expressions) {
       LoadText(row, expressions.publication_filters);
     },
     PrintingStep::kOthers, 15},
    {kStatisticsExpressions, "stxrelid", kStatisticsCatalog, WithStatisticsExpressions,
     LoadStatisticsExpressions, PrintingStep::kOthers, 14},
    {kRules, "ev_class", kClassCatalog, WithRule,
     [](RowReader& row, Expressions& expressions) { LoadText(row, expressions.rules); }},
    {kPolicies, "polrelid", kClassCatalog, WithPolicy, LoadPolicy},
};

}  // namespace

absl::Span<const Printing> Printings() { return kPrintings; }

}  // namespace varve::postgres
