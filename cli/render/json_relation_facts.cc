#include "cli/render/json_relation_facts.h"

namespace varve {

void WriteColumnFacts(JsonWriter& out, const v1::Column& column) {
  if (!column.storage().empty()) out.Text("storage", column.storage());
  if (!column.compression().empty()) out.Text("compression", column.compression());
  if (column.has_statistics_target()) out.Number("statistics_target", column.statistics_target());
  if (column.options_size() > 0) WriteOptions(out, "options", column.options());
  if (column.fdw_options_size() > 0) WriteOptions(out, "fdw_options", column.fdw_options());
  if (column.inherited()) out.Flag("inherited", true);
  if (column.not_local()) out.Flag("local", false);
}

void WriteConstraintFacts(JsonWriter& out, const v1::Constraint& constraint) {
  if (constraint.not_enforced()) out.Flag("enforced", false);
  if (constraint.period()) out.Flag("period", true);
  if (constraint.inherited()) out.Flag("inherited", true);
  if (constraint.not_local()) out.Flag("local", false);
  if (!constraint.parent().empty()) out.Text("parent", constraint.parent());
}

void WriteIndexFacts(JsonWriter& out, const v1::Index& index) {
  if (!index.parent().empty()) out.Text("parent", index.parent());
  if (!index.tablespace().empty()) out.Text("tablespace", index.tablespace());
  WriteExtensionsNeeded(out, index.depends_on_extensions());
}

void WriteExtensionsNeeded(JsonWriter& out,
                           const google::protobuf::RepeatedPtrField<std::string>& extensions) {
  if (!extensions.empty()) out.Texts("depends_on_extensions", extensions);
}

void WriteRules(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Rule>& rules,
                const RelationTexts& texts, const PartComments& comments) {
  if (rules.empty()) return;
  out.BeginArray("rules");
  for (const v1::Rule& rule : rules) {
    out.BeginObject();
    out.Text("name", rule.name());
    out.Text("event", rule.event());
    out.Flag("instead", rule.instead());
    out.Text("enabled", rule.enabled());
    out.TextOrNull("definition", texts.OfRule(rule.name()));
    out.TextOrNull("comment", comments.Of("rule", rule.name()));
    out.EndObject();
  }
  out.EndArray();
}

void WritePolicies(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Policy>& policies,
                   const RelationTexts& texts, const PartComments& comments) {
  if (policies.empty()) return;
  out.BeginArray("policies");
  for (const v1::Policy& policy : policies) {
    const v1::PolicyExpression& expression = texts.OfPolicy(policy.name());
    out.BeginObject();
    out.Text("name", policy.name());
    out.Text("command", policy.command());
    out.Flag("permissive", policy.permissive());
    out.Texts("roles", policy.roles());
    out.TextOrNull("using", expression.using_());
    out.TextOrNull("with_check", expression.with_check());
    out.TextOrNull("comment", comments.Of("policy", policy.name()));
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace varve
