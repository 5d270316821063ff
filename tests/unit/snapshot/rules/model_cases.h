// A table, a model of it, and what the rules of models say of the two.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve::testing {

// Table public.orders with columns "id" (bigint, primary key), "total" (numeric(12,2)), both NOT
// NULL, and "customer_id" (bigint); a class shop.Order of which tests say more.
struct ModelWorld {
  v1::TableStructure table = OrdersTable();
  v1::TableExpressions texts;
  bool saw_texts = true;
  std::vector<std::pair<EntityKey, v1::Shape>> in_database;
  std::vector<std::pair<EntityKey, v1::Shape>> texts_in_database;
  v1::Docs table_docs, model_docs;
  std::string class_name = "Order";
  v1::ModelStructure model;
  v1::ModelBehaviour behaviour;
  bool saw_behaviour = true;
  std::vector<std::pair<EntityKey, v1::Shape>> in_models;
  v1::CheckConfig file;

  v1::Column& AddColumn(const v1::Column& column) { return *table.add_columns() = column; }
  v1::Column& ColumnOf(const std::string& name) {
    for (v1::Column& column : *table.mutable_columns()) {
      if (column.name() == name) return column;
    }
    return AddColumn(NullableColumn(name, CatalogType("text")));
  }
  void SetDefault(const std::string& column, const std::string& text) {
    ColumnOf(column).set_has_default(true);
    v1::ColumnExpression& expression = *texts.add_columns();
    expression.set_name(column);
    expression.set_expression(text);
  }
  void AddCheck(const std::string& name, const std::string& column, const std::string& text) {
    v1::Constraint& check = *table.add_constraints();
    check.set_name(name);
    check.set_type(v1::CONSTRAINT_TYPE_CHECK);
    check.add_columns(column);
    v1::ConstraintExpression& expression = *texts.add_constraints();
    expression.set_name(name);
    expression.set_expression(text);
  }
  v1::ModelField& AddField(const std::string& name, const std::string& type) {
    v1::ModelField& field = *model.add_fields() = Field(name, type);
    field.set_required(v1::KNOWN_YES);
    field.set_nullable(v1::KNOWN_NO);
    return field;
  }
  v1::ModelField& FieldOf(const std::string& name) {
    for (v1::ModelField& field : *model.mutable_fields()) {
      if (field.name() == name) return field;
    }
    return AddField(name, "str");
  }
  static void Constrain(v1::ModelField& field, const std::string& name, const std::string& value) {
    v1::Option& option = *field.add_constraints();
    option.set_name(name);
    option.set_value(value);
  }
  v1::ModelColumn& AddOrmColumn(const std::string& name, const std::string& type, bool nullable) {
    v1::ModelColumn& column = *model.mutable_table()->add_columns();
    column.set_name(name);
    column.set_type(type);
    column.set_nullable(nullable ? v1::KNOWN_YES : v1::KNOWN_NO);
    return column;
  }
  v1::ModelColumn& OrmColumn(const std::string& name) {
    for (v1::ModelColumn& column : *model.mutable_table()->mutable_columns()) {
      if (column.name() == name) return column;
    }
    return AddOrmColumn(name, "text", true);
  }
  // Labels of enum public.`name` in the database, and members of enum shop.`name` in the models,
  // each with its value in JSON.
  void AddEnum(const std::string& name, const std::vector<std::string>& labels) {
    v1::Shape shape;
    for (const std::string& label : labels) shape.mutable_enumeration()->add_labels(label);
    in_database.push_back({{"enum", {"public", name}}, shape});
  }
  // Domain public.`name` over text, held to a check; empty: what it says was not seen.
  void AddDomain(const std::string& name, const std::string& check) {
    const EntityKey key = {"domain", {"public", name}};
    v1::Shape shape;
    *shape.mutable_domain()->mutable_base() = CatalogType("text");
    v1::DomainConstraint& constraint = *shape.mutable_domain()->add_constraints();
    constraint.set_name(name + "_check");
    constraint.set_type(v1::CONSTRAINT_TYPE_CHECK);
    in_database.emplace_back(key, shape);
    v1::Shape text;
    v1::ConstraintExpression& expression = *text.mutable_domain_expressions()->add_constraints();
    expression.set_name(constraint.name());
    expression.set_expression(check);
    texts_in_database.emplace_back(key, text);
  }
  static void Document(v1::Docs& docs, const std::string& part, const std::string& name,
                       const std::string& comment) {
    v1::ElementDoc& element = *docs.add_elements();
    element.set_part(part);
    element.set_name(name);
    element.set_comment(comment);
  }
  void AddModelEnum(const std::string& name,
                    const std::vector<std::pair<std::string, std::string>>& members) {
    v1::Shape shape;
    for (const auto& [member, json] : members) {
      v1::ModelEnumMember& added = *shape.mutable_model_enum()->add_members();
      added.set_name(member);
      added.set_value_json(json);
    }
    in_models.push_back({{"model_enum", {"shop", name}}, shape});
  }

  // What the rules file says of the class.
  v1::ModelSetting& Say() {
    v1::ModelSetting& setting = *file.add_models();
    setting.set_name("shop.*");
    return setting;
  }

  static void AddDocs(SectionBuilder& builder, const EntityKey& key, const v1::Docs& docs) {
    if (docs.elements().empty() && docs.unknown().empty()) return;
    v1::Shape shape;
    *shape.mutable_docs() = docs;
    builder.Add(key, v1::FACET_DOCS, std::move(shape));
  }
  std::vector<Section> Sections() const {
    return {PostgresWith([this](SectionBuilder& builder) {
              AddTable(builder, Orders(), table);
              v1::Shape expressions;
              *expressions.mutable_table_expressions() = texts;
              if (saw_texts) {
                builder.Add(Orders(), v1::FACET_EXPRESSIONS, std::move(expressions));
              } else {
                builder.AddUnseen(Orders(), v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
              }
              for (const auto& [key, shape] : in_database) {
                builder.Add(key, v1::FACET_STRUCTURE, v1::Shape(shape));
              }
              for (const auto& [key, shape] : texts_in_database) {
                const auto& checks = shape.domain_expressions().constraints();
                if (checks.empty() || checks[0].expression().empty()) {
                  builder.AddUnseen(key, v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
                } else {
                  builder.Add(key, v1::FACET_EXPRESSIONS, v1::Shape(shape));
                }
              }
              AddDocs(builder, Orders(), table_docs);
            }),
            ModelsWith([this](SectionBuilder& builder) {
              const EntityKey key = {"model", {"shop", class_name}};
              AddModel(builder, key, model);
              v1::Shape shape;
              *shape.mutable_model_behaviour() = behaviour;
              if (saw_behaviour) {
                builder.Add(key, v1::FACET_BEHAVIOUR, std::move(shape));
              } else {
                builder.AddUnseen(key, v1::FACET_BEHAVIOUR, v1::SIGHT_FAILED);
              }
              AddDocs(builder, key, model_docs);
              for (const auto& [other, structure] : in_models) {
                builder.Add(other, v1::FACET_STRUCTURE, v1::Shape(structure));
              }
            })};
  }
};

// A model that only its name and fields tie to the table.
inline ModelWorld NamedAlike(const std::string& class_name = "Order") {
  ModelWorld world;
  world.class_name = class_name;
  world.model.set_kind("model");
  world.AddField("id", "int");
  world.AddField("total", "Decimal");
  v1::ModelField& customer = world.AddField("customer_id", "Optional[int]");
  customer.set_nullable(v1::KNOWN_YES);
  customer.set_required(v1::KNOWN_NO);
  return world;
}

// The same, and it says which table it is in.
inline ModelWorld Declared() {
  ModelWorld world = NamedAlike();
  world.model.mutable_table()->set_name("orders");
  return world;
}

// The same by a mapper that lists columns and keys, as they are.
inline ModelWorld Mapped() {
  ModelWorld world = Declared();
  world.model.clear_fields();
  world.model.set_kind("table");
  world.AddOrmColumn("id", "bigint", false);
  world.AddOrmColumn("total", "numeric(12,2)", false);
  world.AddOrmColumn("customer_id", "bigint", true);
  world.model.mutable_table()->add_primary_key("id");
  return world;
}

// What one rule of models says: findings as Findings() has them, and what it cannot say.
struct RuleSays {
  std::vector<std::string> findings = {};
  std::vector<std::string> unsaid = {};
};

struct ModelRuleCase {
  const char* name;
  const char* rule;
  ModelWorld (*world)();
  RuleSays says;
};
inline void PrintTo(const ModelRuleCase& each, std::ostream* out) { *out << each.name; }

inline void ExpectSays(const ModelRuleCase& each) {
  const ModelWorld world = each.world();
  const auto result =
      Check(Assemble(world.Sections()), std::vector<std::string>{each.rule}, world.file);
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(Findings(*result, each.rule), ::testing::ElementsAreArray(each.says.findings));
  EXPECT_THAT(Unsaid(*result, each.rule), ::testing::ElementsAreArray(each.says.unsaid));
}

}  // namespace varve::testing
