#include "snapshot/changes/change_rules.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/line.h"

namespace varve {
namespace {

using v1::Difference;
using Text = std::optional<std::string>;
using Path = std::vector<std::string>;

constexpr auto kStructure = v1::FACET_STRUCTURE;
constexpr auto kExpressions = v1::FACET_EXPRESSIONS;
constexpr auto kAccess = v1::FACET_ACCESS;
constexpr auto kState = v1::FACET_STATE;

Difference& Add(v1::DiffResult& result, Difference::Op op, const std::string& kind,
                v1::Facet facet) {
  Difference& difference = *result.add_differences();
  difference.set_op(op);
  difference.set_section("postgres");
  *difference.mutable_identity() = IdentityOf({kind, {"public", "a"}});
  difference.set_facet(facet);
  return difference;
}

struct Case {
  std::string kind;
  v1::Facet facet;
  Path path;
  Text before;
  Text after;
  std::string rule;
};

TEST(ChangeRules, OfAProperty) {
  const Case cases[] = {
      {"table", kStructure, {"columns", "x"}, "text", {}, "change/column-dropped"},
      {"table", kStructure, {"columns", "x"}, {}, "text", "change/column-added"},
      {"table", kStructure, {"columns", "x"}, {}, "text not null", "change/column-added-required"},
      {"table",
       kStructure,
       {"columns", "x"},
       {},
       "text not null has default",
       "change/column-added"},
      {"table",
       kStructure,
       {"columns", "x"},
       {},
       "bigint not null identity always",
       "change/column-added"},
      {"table", kStructure, {"columns"}, "[a, b]", "[b, a]", "change/column-order"},
      {"table",
       kStructure,
       {"columns", "x", "type"},
       "integer",
       "bigint",
       "change/column-type-widened"},
      {"view",
       kStructure,
       {"columns", "x", "type"},
       "bigint",
       "integer",
       "change/column-type-narrowed"},
      {"table",
       kStructure,
       {"columns", "x", "type"},
       "integer",
       "numeric",
       "change/column-type-fits"},
      {"table", kStructure, {"columns", "x", "not_null"}, "false", "true", "change/not-null-set"},
      {"table",
       kStructure,
       {"columns", "x", "not_null"},
       "true",
       "false",
       "change/not-null-dropped"},
      {"table", kExpressions, {"columns", "x"}, {}, "0", "change/default-added"},
      {"table", kExpressions, {"columns", "x"}, "0", {}, "change/default-dropped"},
      {"table", kExpressions, {"columns", "x", "expression"}, "0", "1", "change/default-changed"},
      {"table", kStructure, {"columns", "x", "identity"}, {}, "always", "change/identity-enforced"},
      {"table",
       kStructure,
       {"columns", "x", "identity"},
       "by default",
       {},
       "change/identity-dropped"},
      {"table",
       kStructure,
       {"columns", "x", "options", "n_distinct", "value"},
       "1",
       "2",
       "change/kept-otherwise"},
      {"table",
       kStructure,
       {"constraints", "c"},
       {},
       "check columns [x]",
       "change/constraint-added"},
      {"table",
       kStructure,
       {"constraints", "c"},
       {},
       "not null columns [x]",
       "change/constraint-of-not-null"},
      {"table", kStructure, {"constraints", "c"}, "unique", {}, "change/constraint-dropped"},
      {"table",
       kExpressions,
       {"constraints", "c", "expression"},
       "x > 0",
       "x > 1",
       "change/constraint-changed"},
      {"table", kExpressions, {"constraints", "c"}, {}, "x > 0", "change/told-by-structure"},
      {"table", kStructure, {"indexes", "i"}, "method btree", {}, "change/index-dropped"},
      {"table",
       kStructure,
       {"indexes", "i"},
       {},
       "method btree unique",
       "change/unique-index-added"},
      {"table", kState, {"indexes", "i", "valid"}, "true", "false", "change/index-became-invalid"},
      {"table", kStructure, {"triggers", "t", "enabled"}, "origin", "disabled", "change/triggers"},
      {"table", kStructure, {"row_security"}, "false", "true", "change/row-security"},
      {"table", kStructure, {"partitioning", "strategy"}, "range", "list", "change/partitioning"},
      {"table", kState, {"detach_pending"}, "false", "true", "change/partitioning"},
      {"view", kExpressions, {"query"}, "a", "b", "change/view-query"},
      {"function", kStructure, {"returns"}, "integer", "bigint", "change/function-returns"},
      {"function", kStructure, {"default_count"}, "1", "2", "change/function-default-added"},
      {"function", kStructure, {"default_count"}, "2", "1", "change/function-default-dropped"},
      {"function", kStructure, {"cost"}, "1", "100", "change/planner-hints"},
      {"enum", kStructure, {"labels"}, "[a, b]", "[a, b, c]", "change/enum-value-added"},
      {"enum", kStructure, {"labels"}, "[a, b]", "[a, c]", "change/enum-value-dropped"},
      {"enum", kStructure, {"labels"}, "[a, b]", "[b, a]", "change/enum-order"},
      {"domain", kStructure, {"base"}, "integer", "bigint", "change/column-type-widened"},
      {"sequence", kStructure, {"type"}, "bigint", "integer", "change/sequence-type-narrowed"},
      {"sequence", kStructure, {"cache"}, "1", "10", "change/sequence-cache"},
      {"table", kAccess, {"grants", "app postgres"}, {}, "x", "change/grant-added"},
      {"table",
       kAccess,
       {"grants", "app postgres", "privileges"},
       "[INSERT, SELECT]",
       "[SELECT]",
       "change/grant-dropped"},
      {"function", kAccess, {"has_acl"}, "false", "true", "change/acl-written-out"},
      {"table", v1::FACET_DOCS, {"comment"}, {}, "x", "change/docs"},
      {"setting", v1::FACET_OPTIONS, {"value"}, "1", "2", "change/setting"},
      {"key_pattern", kStructure, {"types"}, "[list]", "[set]", "change/key-type"},
      {"key_pattern", kStructure, {"types"}, "[list]", "[list, set]", "change/key-type-gained"},
      {"key_pattern", kStructure, {"ttl"}, "never", "always", "change/key-ttl-set"},
      {"key_pattern",
       kStructure,
       {"values", "hash", "paths", "age"},
       "types [string]",
       {},
       "change/value-path-dropped"},
      {"model",
       kStructure,
       {"fields", "x"},
       {},
       "int required yes nullable no",
       "change/field-added-required"},
      {"model", kStructure, {"fields", "x", "required"}, "yes", "no", "change/field-optional"},
      {"model",
       kStructure,
       {"fields", "x", "type"},
       "int",
       "Union[int, str]",
       "change/field-type-widened"},
      {"model",
       kStructure,
       {"fields", "x", "type"},
       "Literal['a']",
       "Literal['a', 'b']",
       "change/field-type-widened"},
      {"model", kStructure, {"fields", "x", "type"}, "int", "str", "change/field-type"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "max_length", "value"},
       "20",
       "40",
       "change/field-constraint-loosened"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "ge", "value"},
       "0",
       "1",
       "change/field-constraint"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "le"},
       "value 1",
       {},
       "change/field-constraint-dropped"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "validation_alias"},
       "value {}",
       {},
       "change/field-alias"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "env", "value"},
       "\"A\"",
       "\"B\"",
       "change/field-alias"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "skip_validation"},
       {},
       "value true",
       "change/field-handling"},
      {"model",
       kStructure,
       {"fields", "x", "constraints", "[0].omit_on_error"},
       "value true",
       {},
       "change/field-handling"},
      {"model_enum", kStructure, {"members", "blue"}, "x", {}, "change/enum-value-dropped"},
      {"model", v1::FACET_REPRESENTATION, {"json_schema"}, "a", "b", "change/representation"},
      {"a_newer_kind", kStructure, {"anything"}, "a", "b", "change/other"},
  };
  for (const Case& each : cases) {
    v1::DiffResult result;
    v1::PropertyChange& change =
        *Add(result, Difference::OP_CHANGED, each.kind, each.facet).add_changes();
    for (const std::string& step : each.path) change.add_path(step);
    if (each.before.has_value()) change.set_before(*each.before);
    if (each.after.has_value()) change.set_after(*each.after);
    Classify(result);
    EXPECT_EQ(change.rule(), each.rule) << result.ShortDebugString();
    ASSERT_NE(FindChangeRule(change.rule()), nullptr) << change.rule();
    EXPECT_EQ(change.change_class(), FindChangeRule(change.rule())->change_class);
  }
}

TEST(ChangeRules, OfAnEntity) {
  const struct {
    Difference::Op op;
    const char* kind;
    const char* rule;
  } cases[] = {
      {Difference::OP_ADDED, "table", "change/added"},
      {Difference::OP_REMOVED, "table", "change/table-dropped"},
      {Difference::OP_RENAMED, "table", "change/renamed"},
      {Difference::OP_RENAMED, "column", "change/renamed"},
      {Difference::OP_RENAMED, "extended_statistics", "change/renamed-unnoticed"},
      {Difference::OP_ADDED, "event_trigger", "change/event-trigger"},
      {Difference::OP_REMOVED, "collation", "change/dropped"},
      {Difference::OP_REMOVED, "key_pattern", "change/keys-gone"},
      {Difference::OP_REMOVED, "model", "change/model-dropped"},
  };
  for (const auto& each : cases) {
    v1::DiffResult result;
    Add(result, each.op, each.kind, kStructure);
    Classify(result);
    EXPECT_EQ(result.differences(0).rule(), each.rule) << each.kind;
  }
}

TEST(ChangeRules, AFacetThatWentWithItsEntityIsJudgedAsThat) {
  v1::DiffResult result;
  Add(result, Difference::OP_REMOVED, "table", kStructure);
  Add(result, Difference::OP_REMOVED, "table", v1::FACET_DOCS);
  Classify(result);
  EXPECT_EQ(result.differences(1).rule(), "change/table-dropped");
}

TEST(ChangeRules, AnEntityWeighsAsTheHeaviestOfItsChanges) {
  v1::DiffResult result;
  Difference& difference = Add(result, Difference::OP_CHANGED, "table", kStructure);
  for (const char* const column : {"a", "b"}) {
    v1::PropertyChange& change = *difference.add_changes();
    change.add_path("columns");
    change.add_path(column);
    if (*column == 'a') change.set_before("text");
    if (*column == 'b') change.set_after("text");
  }
  Classify(result);
  EXPECT_EQ(difference.change_class(), v1::CHANGE_CLASS_BREAKING);
  EXPECT_EQ(difference.rule(), "change/column-dropped");
}

TEST(ChangeRules, AWholeSectionThatWentIsADatabase) {
  v1::DiffResult result;
  Difference& difference = *result.add_differences();
  difference.set_section("pg/shop");
  difference.set_op(Difference::OP_REMOVED);
  Classify(result);
  EXPECT_EQ(difference.rule(), "change/database-dropped");
}

TEST(ChangeRules, OneRuleHasOneClassAndOneReasonWhereverItAnswers) {
  for (const ChangeRule& rule : ChangeRules()) {
    EXPECT_NE(ChangeClassName(rule.change_class), "") << rule.id;
    EXPECT_NE(rule.why, "") << rule.id;
    EXPECT_EQ(FindChangeRule(rule.id), &rule);
  }
}

}  // namespace
}  // namespace varve
