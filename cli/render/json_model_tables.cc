#include "cli/render/json_model_tables.h"

namespace varve {
namespace {

void WriteColumn(JsonWriter& out, const v1::ModelColumn& column) {
  out.BeginObject();
  out.Text("name", column.name());
  out.TextOrNull("type", column.type());
  out.Flag("nullable", column.nullable());
  out.TextOrNull("server_default", column.server_default());
  out.TextOrNull("identity", column.identity());
  out.TextOrNull("generated", column.generated());
  out.TextOrNull("client_default", column.client_default());
  if (!column.enum_labels().empty()) out.Texts("enum_labels", column.enum_labels());
  out.EndObject();
}

void WriteForeignKey(JsonWriter& out, const v1::ModelForeignKey& key) {
  out.BeginObject();
  out.TextOrNull("name", key.name());
  out.Texts("columns", key.columns());
  out.TextOrNull("target_schema", key.target_schema());
  out.Text("target_table", key.target_table());
  out.Texts("target_columns", key.target_columns());
  out.TextOrNull("on_delete", key.on_delete());
  out.TextOrNull("on_update", key.on_update());
  out.Flag("deferrable", key.deferrable());
  out.Flag("initially_deferred", key.initially_deferred());
  out.EndObject();
}

void WriteIndex(JsonWriter& out, const v1::ModelIndex& index) {
  out.BeginObject();
  out.TextOrNull("name", index.name());
  out.Flag("unique", index.unique());
  out.Texts("keys", index.keys());
  out.TextOrNull("method", index.method());
  out.TextOrNull("predicate", index.predicate());
  out.EndObject();
}

void WriteConstraints(JsonWriter& out, const v1::ModelTable& table) {
  out.BeginArray("foreign_keys");
  for (const v1::ModelForeignKey& key : table.foreign_keys()) WriteForeignKey(out, key);
  out.EndArray();
  out.BeginArray("unique_constraints");
  for (const v1::ModelUnique& unique : table.uniques()) {
    out.BeginObject();
    out.TextOrNull("name", unique.name());
    out.Texts("columns", unique.columns());
    out.EndObject();
  }
  out.EndArray();
  out.BeginArray("indexes");
  for (const v1::ModelIndex& index : table.indexes()) WriteIndex(out, index);
  out.EndArray();
  out.BeginArray("check_constraints");
  for (const v1::ModelCheck& check : table.checks()) {
    out.BeginObject();
    out.TextOrNull("name", check.name());
    out.Text("expression", check.expression());
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace

void WriteTableOf(JsonWriter& out, const v1::ModelStructure& model) {
  if (!model.has_table()) return out.Null("table");
  const v1::ModelTable& table = model.table();
  out.BeginObject("table");
  out.TextOrNull("schema", table.schema());
  out.Text("name", table.name());
  if (table.columns().empty()) {  // only a run tells them
    for (const char* key : {"columns", "primary_key", "foreign_keys", "unique_constraints",
                            "indexes", "check_constraints"}) {
      out.Null(key);
    }
    return out.EndObject();
  }
  out.BeginArray("columns");
  for (const v1::ModelColumn& column : table.columns()) WriteColumn(out, column);
  out.EndArray();
  out.Texts("primary_key", table.primary_key());
  WriteConstraints(out, table);
  out.EndObject();
}

}  // namespace varve
