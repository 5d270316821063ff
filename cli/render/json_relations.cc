// Tables and views as JSON.
#include "absl/strings/str_cat.h"
#include "cli/render/json_parts.h"
#include "cli/render/json_relation_facts.h"
#include "cli/render/json_sources.h"
#include "cli/render/relation_texts.h"
#include "cli/render/words.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

void WriteColumn(JsonWriter& out, const EntityView& entity, const v1::Column& column,
                 const RelationTexts& texts, const PartComments& comments) {
  const bool is_generated = column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED;
  const absl::string_view expression = texts.OfColumn(column.name());
  out.BeginObject();
  out.Text("name", column.name());
  out.Text("type", TypeText(column.type()));
  out.Flag("nullable", !column.not_null());
  out.TextOrNull("default", is_generated ? "" : expression);
  if (column.has_default() && expression.empty()) out.Flag("default_unseen", true);
  out.TextOrNull("identity", Word(column.identity()));
  out.TextOrNull("generated", Word(column.generated()));
  if (is_generated) out.TextOrNull("generation_expression", expression);
  out.TextOrNull("collation", column.has_collation() ? ObjectName(column.collation()) : "");
  WriteColumnFacts(out, column);
  out.TextOrNull("comment", comments.Of("column", column.name()));
  WriteMeasures(out, entity, column.name());
  out.EndObject();
}

void WriteColumns(JsonWriter& out, const EntityView& entity,
                  const google::protobuf::RepeatedPtrField<v1::Column>& columns,
                  const RelationTexts& texts, const PartComments& comments) {
  out.BeginArray("columns");
  for (const v1::Column& column : columns) WriteColumn(out, entity, column, texts, comments);
  out.EndArray();
}

void WriteForeignKeyTarget(JsonWriter& out, const v1::Constraint& constraint) {
  out.Text("referenced_table", ObjectName(constraint.references()));
  out.Texts("referenced_columns", constraint.referenced_columns());
  out.Text("on_update", Word(constraint.on_update()));
  out.Text("on_delete", Word(constraint.on_delete()));
  if (constraint.delete_set_columns_size() > 0) {
    out.Texts("on_delete_columns", constraint.delete_set_columns());
  }
  out.TextOrNull("match", constraint.match());
}

void WriteConstraint(JsonWriter& out, const v1::Constraint& constraint, const RelationTexts& texts,
                     const PartComments& comments) {
  out.BeginObject();
  out.Text("name", constraint.name());
  out.Text("type", Word(constraint.type()));
  out.Texts("columns", constraint.columns());
  if (constraint.has_references()) WriteForeignKeyTarget(out, constraint);
  out.TextOrNull("expression", texts.OfConstraint(constraint.name()));
  if (constraint.operators_size() > 0) out.Texts("operators", constraint.operators());
  out.Flag("deferrable", constraint.deferrable());
  out.Flag("initially_deferred", constraint.initially_deferred());
  out.Flag("validated", !constraint.not_valid());
  if (constraint.no_inherit()) out.Flag("no_inherit", true);
  WriteConstraintFacts(out, constraint);
  out.TextOrNull("index", constraint.index());
  out.TextOrNull("comment", comments.Of("constraint", constraint.name()));
  out.EndObject();
}

void WriteConstraints(JsonWriter& out, const v1::TableStructure& table, const RelationTexts& texts,
                      const PartComments& comments) {
  out.Texts("primary_key", PrimaryKeyColumns(table));
  out.BeginArray("foreign_keys");
  for (const v1::Constraint& constraint : table.constraints()) {
    if (constraint.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY) {
      WriteConstraint(out, constraint, texts, comments);
    }
  }
  out.EndArray();
  out.BeginArray("constraints");
  for (const v1::Constraint& constraint : table.constraints()) {
    WriteConstraint(out, constraint, texts, comments);
  }
  out.EndArray();
}

void WriteIndexState(JsonWriter& out, const EntityView& entity, const std::string& index) {
  for (const v1::IndexState& state : entity.Shape(v1::FACET_STATE).relation_state().indexes()) {
    if (state.name() != index) continue;
    out.Flag("valid", state.valid());
    out.Flag("ready", state.ready());
    if (state.not_live()) out.Flag("live", false);
    return;
  }
  out.Null("valid");
  out.Null("ready");
}

// Without the access method: that is the index's.
std::string ClassName(const v1::Identity& operator_class) {
  EntityKey key = KeyOf(operator_class);
  if (key.names.size() > 2) key.names.resize(2);
  return ObjectName(key);
}

void WriteIndexKeys(JsonWriter& out, const v1::Index& index) {
  out.BeginArray("keys");
  for (const v1::IndexKey& key : index.keys()) {
    out.BeginObject();
    out.TextOrNull("column", key.column());
    out.Flag("descending", key.descending());
    out.Flag("nulls_first", key.nulls_first());
    if (key.has_operator_class()) out.Text("operator_class", ClassName(key.operator_class()));
    if (key.has_collation()) out.Text("collation", ObjectName(key.collation()));
    if (key.has_statistics_target()) out.Number("statistics_target", key.statistics_target());
    if (key.operator_class_options_size() > 0) {
      WriteOptions(out, "operator_class_options", key.operator_class_options());
    }
    out.EndObject();
  }
  out.EndArray();
}

void WriteIndexes(JsonWriter& out, const EntityView& entity,
                  const google::protobuf::RepeatedPtrField<v1::Index>& indexes,
                  const RelationTexts& texts, const PartComments& comments) {
  out.BeginArray("indexes");
  for (const v1::Index& index : indexes) {
    out.BeginObject();
    out.Text("name", index.name());
    out.Text("method", index.method());
    out.Flag("unique", index.unique());
    out.Flag("primary", index.primary());
    out.Texts("columns", texts.Keys(index));
    WriteIndexKeys(out, index);
    out.Texts("included", index.included());
    out.TextOrNull("predicate", texts.Predicate(index.name()));
    if (index.partial() && texts.Predicate(index.name()).empty()) {
      out.Flag("predicate_unseen", true);
    }
    out.Flag("nulls_not_distinct", index.nulls_not_distinct());
    out.Flag("of_constraint", index.of_constraint());
    out.Flag("clustered", index.clustered());
    out.Flag("replica_identity", index.replica_identity());
    WriteIndexState(out, entity, index.name());
    WriteIndexFacts(out, index);
    if (index.storage_parameters_size() > 0) {
      WriteOptions(out, "storage_parameters", index.storage_parameters());
    }
    out.TextOrNull("comment", comments.Of("index", index.name()));
    WriteMeasures(out, entity, index.name());
    out.EndObject();
  }
  out.EndArray();
}

void WriteTriggers(JsonWriter& out, const google::protobuf::RepeatedPtrField<v1::Trigger>& triggers,
                   const RelationTexts& texts, const PartComments& comments) {
  out.BeginArray("triggers");
  for (const v1::Trigger& trigger : triggers) {
    out.BeginObject();
    out.Text("name", trigger.name());
    out.Text("timing", trigger.timing());
    out.Texts("events", trigger.events());
    out.Texts("columns", trigger.columns());
    out.Text("level", trigger.for_each_row() ? "row" : "statement");
    out.Text("function", ObjectName(trigger.function()));
    out.Texts("arguments", trigger.arguments());
    out.TextOrNull("when", texts.OfTrigger(trigger.name()));
    out.Text("enabled", trigger.enabled());
    out.Flag("constraint", trigger.constraint());
    out.Flag("deferrable", trigger.deferrable());
    out.Flag("initially_deferred", trigger.initially_deferred());
    out.TextOrNull("old_table", trigger.old_table());
    out.TextOrNull("new_table", trigger.new_table());
    if (trigger.inherited()) out.Flag("inherited", true);
    WriteExtensionsNeeded(out, trigger.depends_on_extensions());
    out.TextOrNull("comment", comments.Of("trigger", trigger.name()));
    out.EndObject();
  }
  out.EndArray();
}

void WritePartitioning(JsonWriter& out, const EntityView& entity, const v1::TableStructure& table) {
  const v1::TableExpressions& texts = entity.Shape(v1::FACET_EXPRESSIONS).table_expressions();
  if (table.has_partitioning()) {
    out.BeginObject("partitioned_by");
    out.Text("strategy", table.partitioning().strategy());
    out.Texts("columns", table.partitioning().columns());
    out.TextOrNull("key", texts.partition_key());
    out.EndObject();
  }
  out.Flag("partition", table.partition());
  if (table.partition()) out.TextOrNull("partition_bound", texts.partition_bound());
  if (entity.Shape(v1::FACET_STATE).relation_state().detach_pending()) {
    out.Flag("detach_pending", true);
  }
  out.BeginArray("parents");
  for (const v1::Identity& parent : table.parents()) out.Text(ObjectName(parent));
  out.EndArray();
}

void WriteTableFacts(JsonWriter& out, const EntityView& entity, const v1::TableStructure& table) {
  out.TextOrNull("kind", Word(table.kind()));
  out.TextOrNull("persistence", Word(table.persistence()));
  WritePartitioning(out, entity, table);
  if (table.has_foreign()) {
    out.Text("server", table.foreign().server());
    WriteOptions(out, "server_options", table.foreign().options());
  }
  out.Flag("row_security", table.row_security());
  out.Flag("force_row_security", table.force_row_security());
  out.TextOrNull("replica_identity", table.replica_identity());
  WriteOptions(out, "storage_parameters", table.storage_parameters());
  WriteStorage(out, table);
  if (table.has_of_type()) out.Text("of_type", ObjectName(table.of_type()));
}

}  // namespace

void WriteTable(JsonWriter& out, const EntityView& entity) {
  const v1::TableStructure& table = entity.Shape(v1::FACET_STRUCTURE).table();
  const RelationTexts texts(entity);
  const PartComments comments(entity.Shape(v1::FACET_DOCS).docs());
  WriteName(out, entity.key());
  WriteColumns(out, entity, table.columns(), texts, comments);
  WriteConstraints(out, table, texts, comments);
  WriteIndexes(out, entity, table.indexes(), texts, comments);
  WriteTriggers(out, table.triggers(), texts, comments);
  WriteRules(out, table.rules(), texts, comments);
  WritePolicies(out, table.policies(), texts, comments);
  const RowCount rows = RowsOf(entity);
  out.NumberOrNull("row_count", rows.rows);
  out.TextOrNull("row_count_source", rows.source);
  WriteTableFacts(out, entity, table);
  WriteRest(out, entity);
}

void WriteView(JsonWriter& out, const EntityView& entity) {
  const v1::ViewStructure& view = entity.Shape(v1::FACET_STRUCTURE).view();
  const RelationTexts texts(entity);
  const PartComments comments(entity.Shape(v1::FACET_DOCS).docs());
  const bool is_stored = entity.key().kind == "materialized_view";
  WriteName(out, entity.key());
  WriteColumns(out, entity, view.columns(), texts, comments);
  out.TextOrNull("definition", entity.Shape(v1::FACET_EXPRESSIONS).view_expressions().query());
  WriteOptions(out, "options", view.options());
  if (is_stored) {
    WriteIndexes(out, entity, view.indexes(), texts, comments);
    WriteStorage(out, view);
    WriteExtensionsNeeded(out, view.depends_on_extensions());
    const v1::RelationState& state = entity.Shape(v1::FACET_STATE).relation_state();
    if (entity.Saw(v1::FACET_STATE)) out.Flag("populated", !state.not_populated());
    const RowCount rows = RowsOf(entity);
    out.NumberOrNull("row_count", rows.rows);
    out.TextOrNull("row_count_source", rows.source);
  } else {
    WriteTriggers(out, view.triggers(), texts, comments);
    WriteRules(out, view.rules(), texts, comments);
  }
  WriteRest(out, entity);
}

}  // namespace varve
