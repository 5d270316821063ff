#include "cli/render/json_model_tables.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"

namespace varve {
namespace {

void WriteColumn(JsonWriter& out, const v1::ModelColumn& column) {
  out.BeginObject();
  out.Text("name", column.name());
  out.TextOrNull("type", column.type());
  if (column.nullable() == v1::KNOWN_UNSPECIFIED) {
    out.Null("nullable");
  } else {
    out.Flag("nullable", column.nullable() == v1::KNOWN_YES);
  }
  out.TextOrNull("server_default", column.server_default());
  out.TextOrNull("identity", column.identity());
  out.TextOrNull("generated", column.generated());
  out.TextOrNull("client_default", column.client_default());
  if (!column.enum_labels().empty()) out.Texts("enum_labels", column.enum_labels());
  if (!column.unknown().empty()) out.Texts("unknown", column.unknown());
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

void WriteUnique(JsonWriter& out, const v1::ModelUnique& unique) {
  out.BeginObject();
  out.TextOrNull("name", unique.name());
  out.Texts("columns", unique.columns());
  out.EndObject();
}

void WriteCheck(JsonWriter& out, const v1::ModelCheck& check) {
  out.BeginObject();
  out.TextOrNull("name", check.name());
  out.Text("expression", check.expression());
  out.EndObject();
}

// A list; null where nothing of it is known.
template <typename Items, typename Write>
void WriteList(JsonWriter& out, absl::string_view key, const Items& items, bool is_unknown,
               Write write) {
  if (items.empty() && is_unknown) return out.Null(key);
  out.BeginArray(key);
  for (const auto& item : items) write(out, item);
  out.EndArray();
}

}  // namespace

absl::string_view ExportedPart(absl::string_view part) {
  if (part == "uniques") return "unique_constraints";
  if (part == "checks") return "check_constraints";
  return part;
}

void WriteTableOf(JsonWriter& out, const v1::ModelStructure& model) {
  if (!model.has_table()) return out.Null("table");
  const v1::ModelTable& table = model.table();
  out.BeginObject("table");
  out.TextOrNull("schema", table.schema());
  out.Text("name", table.name());
  const auto is_unknown = [&table](absl::string_view part) {
    return absl::c_linear_search(table.unknown(), part);
  };
  WriteList(out, "columns", table.columns(), is_unknown("columns"), WriteColumn);
  WriteList(out, "primary_key", table.primary_key(), is_unknown("primary_key"),
            [](JsonWriter& to, const std::string& column) { to.Text(column); });
  WriteList(out, "foreign_keys", table.foreign_keys(), is_unknown("foreign_keys"), WriteForeignKey);
  WriteList(out, "unique_constraints", table.uniques(), is_unknown("uniques"), WriteUnique);
  WriteList(out, "indexes", table.indexes(), is_unknown("indexes"), WriteIndex);
  WriteList(out, "check_constraints", table.checks(), is_unknown("checks"), WriteCheck);
  if (!table.unknown().empty()) {
    out.BeginArray("unknown");
    for (const std::string& part : table.unknown()) out.Text(ExportedPart(part));
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace varve
