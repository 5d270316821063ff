#include "agent/source/models/table_shape.h"

#include <string>
#include <vector>

#include "agent/source/models/json_text.h"
#include "agent/source/models/mask_json.h"

namespace varve {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

void Add(const std::vector<std::string>& texts, Texts& to) {
  for (const std::string& text : texts) *to.Add() = text;
}

// A column that is named like a secret shows no default at all: what looks like an expression may
// be one.
std::string DefaultText(const std::string& text, const std::string& column,
                        const Redactor& redactor, Masked& masked) {
  if (text.empty() || !Redactor::IsSecretName(column)) return redactor.MaskText(text, masked);
  masked.parts.push_back(text);
  return std::string(kMasked);
}

// JSON where it is a value, else a name.
std::string ClientDefault(const ProbeColumn& column, const Redactor& redactor, Masked& masked) {
  if (ParseJson(column.client_default).ok()) {
    return JsonMask(redactor, masked).Value(column.client_default, column.name, false);
  }
  return redactor.MaskText(column.client_default, masked);
}

v1::ModelColumn ColumnShape(const ProbeColumn& column, const Redactor& redactor, Masked& masked) {
  v1::ModelColumn to;
  to.set_name(column.name);
  to.set_type(redactor.MaskText(column.type, masked));
  if (column.nullable.has_value()) {
    to.set_nullable(*column.nullable ? v1::KNOWN_YES : v1::KNOWN_NO);
  }
  to.set_server_default(DefaultText(column.server_default, column.name, redactor, masked));
  to.set_identity(column.identity);
  to.set_generated(redactor.MaskText(column.generated, masked));
  to.set_stored(column.stored);
  Add(column.enum_labels, *to.mutable_enum_labels());
  if (!column.client_default.empty()) {
    to.set_client_default(ClientDefault(column, redactor, masked));
  }
  Add(column.unknown, *to.mutable_unknown());
  return to;
}

v1::ModelForeignKey ForeignKeyShape(const ProbeForeignKey& key) {
  v1::ModelForeignKey to;
  to.set_name(key.name);
  Add(key.columns, *to.mutable_columns());
  to.set_target_schema(key.target_schema);
  to.set_target_table(key.target_table);
  Add(key.target_columns, *to.mutable_target_columns());
  to.set_on_delete(key.on_delete);
  to.set_on_update(key.on_update);
  to.set_deferrable(key.deferrable);
  to.set_initially_deferred(key.initially_deferred);
  return to;
}

v1::ModelIndex IndexShape(const ProbeIndex& index, const Redactor& redactor, Masked& masked) {
  v1::ModelIndex to;
  to.set_name(index.name);
  to.set_unique(index.unique);
  for (const std::string& key : index.keys) to.add_keys(redactor.MaskText(key, masked));
  to.set_method(index.method);
  to.set_predicate(redactor.MaskText(index.predicate, masked));
  return to;
}

}  // namespace

v1::ModelTable TableShape(const ProbeTable& table, const Redactor& redactor, Masked& masked) {
  v1::ModelTable to;
  to.set_schema(table.schema);
  to.set_name(table.name);
  for (const ProbeColumn& column : table.columns) {
    *to.add_columns() = ColumnShape(column, redactor, masked);
  }
  Add(table.primary_key, *to.mutable_primary_key());
  for (const ProbeForeignKey& key : table.foreign_keys) {
    *to.add_foreign_keys() = ForeignKeyShape(key);
  }
  for (const ProbeUnique& unique : table.uniques) {
    v1::ModelUnique& added = *to.add_uniques();
    added.set_name(unique.name);
    Add(unique.columns, *added.mutable_columns());
  }
  for (const ProbeIndex& index : table.indexes) {
    *to.add_indexes() = IndexShape(index, redactor, masked);
  }
  for (const ProbeCheck& check : table.checks) {
    v1::ModelCheck& added = *to.add_checks();
    added.set_name(check.name);
    added.set_expression(redactor.MaskText(check.expression, masked));
  }
  Add(table.unknown, *to.mutable_unknown());
  return to;
}

}  // namespace varve
