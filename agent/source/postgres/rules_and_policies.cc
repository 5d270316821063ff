// Rules of tables and views, policies of tables. pg_rewrite, pg_policy.
#include "absl/strings/ascii.h"
#include "agent/source/postgres/kind_writers.h"

namespace varve::postgres {
namespace {

const char* EventOf(char ev_type) {
  switch (ev_type) {
    case '1':
      return "select";
    case '2':
      return "update";
    case '3':
      return "insert";
    default:
      return "delete";
  }
}

const char* CommandOf(char polcmd) {
  switch (polcmd) {
    case 'r':
      return "select";
    case 'a':
      return "insert";
    case 'w':
      return "update";
    case 'd':
      return "delete";
    default:
      return "all";
  }
}

}  // namespace

void FillRules(const Catalog& catalog, const RelationRow& relation, Repeated<v1::Rule>& rules) {
  for (const uint32_t at : relation.rules) {
    const RuleRow& row = catalog.rules[at];
    v1::Rule& rule = *rules.Add();
    rule.set_name(std::string(row.name));
    rule.set_event(EventOf(row.event));
    rule.set_instead(row.instead);
    rule.set_enabled(FiringOf(row.enabled));
  }
}

void FillPolicies(const Catalog& catalog, const RelationRow& relation,
                  Repeated<v1::Policy>& policies) {
  for (const uint32_t at : relation.policies) {
    const PolicyRow& row = catalog.policies[at];
    v1::Policy& policy = *policies.Add();
    policy.set_name(std::string(row.name));
    policy.set_command(CommandOf(row.command));
    policy.set_permissive(row.permissive);
    for (const std::string& role : ArrayItems(row.roles)) {
      policy.add_roles(TextFrom(role, catalog.text_form));
    }
  }
}

bool FillRuleExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                         Repeated<v1::RuleExpression>& rules) {
  for (const uint32_t at : relation.rules) {
    const RuleRow& row = reading.catalog.rules[at];
    const auto text = reading.expressions.rules.find(row.oid);
    if (text == reading.expressions.rules.end()) return false;
    v1::RuleExpression& rule = *rules.Add();
    rule.set_name(std::string(row.name));
    rule.set_definition(facet.Mask(absl::StripAsciiWhitespace(text->second)));
  }
  return true;
}

bool FillPolicyExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                           Repeated<v1::PolicyExpression>& policies) {
  for (const uint32_t at : relation.policies) {
    const PolicyRow& row = reading.catalog.policies[at];
    if (!row.has_text) continue;
    const auto texts = reading.expressions.policies.find(row.oid);
    if (texts == reading.expressions.policies.end()) return false;
    v1::PolicyExpression& policy = *policies.Add();
    policy.set_name(std::string(row.name));
    policy.set_using_(facet.Mask(texts->second.using_text));
    policy.set_with_check(facet.Mask(texts->second.with_check));
  }
  return true;
}

}  // namespace varve::postgres
