#include "tests/integration/models/table_lines.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace varve::testing {
namespace {

std::string ColumnLine(const v1::ModelColumn& column) {
  std::string line = absl::StrCat(column.name(), ": ", column.type());
  if (column.nullable() == v1::KNOWN_NO) absl::StrAppend(&line, " not null");
  if (!column.server_default().empty()) absl::StrAppend(&line, " = ", column.server_default());
  if (!column.identity().empty()) absl::StrAppend(&line, " ", column.identity());
  if (!column.generated().empty()) {
    absl::StrAppend(&line, " as ", column.generated(), column.stored() ? " stored" : "");
  }
  if (!column.client_default().empty()) absl::StrAppend(&line, " ~ ", column.client_default());
  if (!column.enum_labels().empty()) {
    absl::StrAppend(&line, " (", absl::StrJoin(column.enum_labels(), ", "), ")");
  }
  return line;
}

}  // namespace

std::vector<std::string> ColumnLines(const v1::ModelTable& table) {
  std::vector<std::string> lines;
  for (const v1::ModelColumn& column : table.columns()) lines.push_back(ColumnLine(column));
  return lines;
}

std::vector<std::string> KeyLines(const v1::ModelTable& table) {
  std::vector<std::string> lines = {
      absl::StrCat("primary key ", absl::StrJoin(table.primary_key(), ", "))};
  for (const v1::ModelForeignKey& key : table.foreign_keys()) {
    lines.push_back(absl::StrCat(
        key.name(), ": ", absl::StrJoin(key.columns(), ", "), " -> ", key.target_schema(), ".",
        key.target_table(), "(", absl::StrJoin(key.target_columns(), ", "), ") ", key.on_delete(),
        key.deferrable() ? " deferrable" : "", key.initially_deferred() ? " deferred" : ""));
  }
  for (const v1::ModelUnique& unique : table.uniques()) {
    lines.push_back(absl::StrCat(unique.name(), ": ", absl::StrJoin(unique.columns(), ", ")));
  }
  for (const v1::ModelIndex& index : table.indexes()) {
    lines.push_back(absl::StrCat(index.unique() ? "unique " : "", "index ", index.name(), ": ",
                                 absl::StrJoin(index.keys(), ", "), " ", index.method(),
                                 index.predicate()));
  }
  for (const v1::ModelCheck& check : table.checks()) {
    lines.push_back(absl::StrCat("check ", check.name(), ": ", check.expression()));
  }
  return lines;
}

std::vector<std::string> UnknownOf(const v1::ModelTable& table) {
  std::vector<std::string> unknown(table.unknown().begin(), table.unknown().end());
  for (const v1::ModelColumn& column : table.columns()) {
    for (const std::string& name : column.unknown()) {
      unknown.push_back(absl::StrCat(column.name(), ".", name));
    }
  }
  return unknown;
}

}  // namespace varve::testing
