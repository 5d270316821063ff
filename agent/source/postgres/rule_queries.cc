// Parts of relations that say what is done with rows: rules, policies.
#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kElements =
    Bit(v1::FACET_STRUCTURE) | Bit(v1::FACET_EXPRESSIONS) | Bit(v1::FACET_DOCS);
constexpr Feed kOfRules[] = {{"table", kElements}, {"view", kElements}};
constexpr Feed kOfPolicies[] = {{"table", kElements}};

constexpr QueryColumn kRuleColumns[] = {{"oid"},     {"rulename"},   {"ev_class"},
                                        {"ev_type"}, {"ev_enabled"}, {"is_instead"}};

void LoadRule(RowReader& row, Catalog& catalog) {
  RuleRow& rule = catalog.rules.emplace_back();
  rule.oid = row.TakeOid();
  rule.name = row.TakeText();
  rule.relation = row.TakeOid();
  rule.event = row.TakeChar();
  rule.enabled = row.TakeChar();
  rule.instead = row.TakeBool();
}

// Names of roles come from the server itself, which tells them whether pg_roles may be read or not.
constexpr QueryColumn kPolicyColumns[] = {
    {"oid"},
    {"polname"},
    {"polrelid"},
    {"polcmd"},
    {"polpermissive"},
    {"polqual IS NOT NULL OR polwithcheck IS NOT NULL"},
    {"ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END "
     "FROM unnest(polroles) AS r)"}};

void LoadPolicy(RowReader& row, Catalog& catalog) {
  PolicyRow& policy = catalog.policies.emplace_back();
  policy.oid = row.TakeOid();
  policy.name = row.TakeText();
  policy.relation = row.TakeOid();
  policy.command = row.TakeChar();
  policy.permissive = row.TakeBool();
  policy.has_text = row.TakeBool();
  policy.roles = row.TakeRaw();
}

constexpr CatalogQuery kQueries[] = {
    // A rule about SELECT is a view's query.
    {"pg_rewrite", kRuleColumns, "FROM pg_rewrite WHERE oid >= 16384 AND ev_type <> '1'", LoadRule,
     kOfRules},
    {"pg_policy", kPolicyColumns, "FROM pg_policy", LoadPolicy, kOfPolicies},
};

}  // namespace

absl::Span<const CatalogQuery> RuleQueries() { return kQueries; }

}  // namespace varve::postgres
