#include "cli/render/relation_texts.h"

namespace varve {

RelationTexts::RelationTexts(const EntityView& entity) {
  const v1::Shape& shape = entity.Shape(v1::FACET_EXPRESSIONS);
  for (const v1::ColumnExpression& column : shape.table_expressions().columns()) {
    columns_[column.name()] = column.expression();
  }
  for (const v1::ConstraintExpression& constraint : shape.table_expressions().constraints()) {
    constraints_[constraint.name()] = constraint.expression();
  }
  const bool is_view = shape.has_view_expressions();
  for (const v1::TriggerExpression& trigger :
       is_view ? shape.view_expressions().triggers() : shape.table_expressions().triggers()) {
    triggers_[trigger.name()] = trigger.when();
  }
  for (const v1::IndexExpression& index :
       is_view ? shape.view_expressions().indexes() : shape.table_expressions().indexes()) {
    indexes_[index.name()] = &index;
  }
  for (const v1::RuleExpression& rule :
       is_view ? shape.view_expressions().rules() : shape.table_expressions().rules()) {
    rules_[rule.name()] = rule.definition();
  }
  for (const v1::PolicyExpression& policy : shape.table_expressions().policies()) {
    policies_[policy.name()] = &policy;
  }
}

namespace {

absl::string_view Find(const absl::flat_hash_map<absl::string_view, absl::string_view>& texts,
                       absl::string_view name) {
  const auto found = texts.find(name);
  return found == texts.end() ? absl::string_view() : found->second;
}

}  // namespace

absl::string_view RelationTexts::OfColumn(absl::string_view name) const {
  return Find(columns_, name);
}
absl::string_view RelationTexts::OfConstraint(absl::string_view name) const {
  return Find(constraints_, name);
}
absl::string_view RelationTexts::OfTrigger(absl::string_view name) const {
  return Find(triggers_, name);
}

absl::string_view RelationTexts::OfRule(absl::string_view name) const { return Find(rules_, name); }

const v1::PolicyExpression& RelationTexts::OfPolicy(absl::string_view name) const {
  const auto found = policies_.find(name);
  return found == policies_.end() ? v1::PolicyExpression::default_instance() : *found->second;
}

absl::string_view RelationTexts::Predicate(absl::string_view index) const {
  const auto found = indexes_.find(index);
  return found == indexes_.end() ? absl::string_view() : found->second->predicate();
}

std::vector<std::string> RelationTexts::Keys(const v1::Index& index) const {
  const auto found = indexes_.find(index.name());
  std::vector<std::string> keys;
  int expression = 0;
  for (const v1::IndexKey& key : index.keys()) {
    if (!key.column().empty()) {
      keys.push_back(key.column());
    } else if (found != indexes_.end() && expression < found->second->keys_size()) {
      keys.push_back(found->second->keys(expression++));
    } else {
      keys.emplace_back("(expression)");
    }
  }
  return keys;
}

std::vector<std::string> PrimaryKeyColumns(const v1::TableStructure& table) {
  for (const v1::Constraint& constraint : table.constraints()) {
    if (constraint.type() != v1::CONSTRAINT_TYPE_PRIMARY_KEY) continue;
    return {constraint.columns().begin(), constraint.columns().end()};
  }
  return {};
}

RowCount RowsOf(const EntityView& table) {
  if (const auto rows = table.Number("rows")) return {rows, "exact"};
  // Below zero: never vacuumed or analysed.
  const std::optional<int64_t> estimate = table.Number("rows_estimate");
  if (estimate.has_value() && *estimate >= 0) return {estimate, "estimate"};
  return {};
}

}  // namespace varve
