#include "snapshot/rules/model_mapping.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

// How much of a model must be columns before its name is believed.
constexpr int kLeastFields = 2;
constexpr double kLeastShare = 0.6;

const v1::TableStructure& StructureOf(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).table();
}

std::vector<const EntityView*> TablesNamed(const std::vector<const SectionView*>& databases,
                                           absl::string_view schema,
                                           const std::vector<std::string>& names) {
  std::vector<const EntityView*> found;
  for (const SectionView* const database : databases) {
    for (const EntityView& entity : database->OfKind("table")) {
      const std::vector<std::string>& key = entity.key().names;
      if (key.size() != 2 || !entity.Saw(v1::FACET_STRUCTURE)) continue;
      if (!schema.empty() && key[0] != schema) continue;
      if (StructureOf(entity).partition()) continue;
      if (std::find(names.begin(), names.end(), key[1]) != names.end()) found.push_back(&entity);
    }
  }
  return found;
}

bool MostFieldsAreColumns(const v1::ModelStructure& model, const v1::TableStructure& table) {
  int columns = 0, fields = 0;
  for (const v1::ModelField& field : model.fields()) {
    const bool is_column = FindColumn(table, field) != nullptr;
    columns += is_column ? 1 : 0;
    fields += is_column || !IsRelation(field) ? 1 : 0;
  }
  return columns >= kLeastFields && columns >= kLeastShare * fields;
}

// The class's own name, without the classes and functions it is in. Empty of a parametrised
// generic.
absl::string_view ClassName(const EntityKey& key) {
  const absl::string_view qualname = key.names.back();
  if (absl::StrContains(qualname, "[")) return "";
  const size_t dot = qualname.rfind('.');
  return dot == absl::string_view::npos ? qualname : qualname.substr(dot + 1);
}

std::optional<MappedTable> FindDeclared(const v1::ModelTable& declared,
                                        const std::vector<const SectionView*>& databases) {
  std::vector<const EntityView*> tables =
      TablesNamed(databases, declared.schema(), {declared.name()});
  const bool has_no_schema =
      declared.schema().empty() && !absl::c_linear_search(declared.unknown(), "schema");
  if (tables.size() > 1 && has_no_schema) {
    // Without a schema the mapper writes where search_path leads, which is public by default.
    tables = TablesNamed(databases, "public", {declared.name()});
  }
  if (tables.size() != 1) return std::nullopt;
  return MappedTable{tables[0], true};
}

}  // namespace

std::optional<MappedTable> FindTable(const EntityView& model,
                                     const std::vector<const SectionView*>& databases) {
  const v1::ModelStructure& structure = model.Shape(v1::FACET_STRUCTURE).model();
  if (structure.has_table()) return FindDeclared(structure.table(), databases);
  if (structure.kind() == "settings" || structure.kind() == "root") return std::nullopt;
  for (const std::vector<std::string>& names : TableCandidates(ClassName(model.key()))) {
    const std::vector<const EntityView*> tables = TablesNamed(databases, "", names);
    if (tables.empty()) continue;
    if (tables.size() > 1 || !MostFieldsAreColumns(structure, StructureOf(*tables[0]))) break;
    return MappedTable{tables[0], false};
  }
  return std::nullopt;
}

const v1::Column* FindColumn(const v1::TableStructure& table, const v1::ModelField& field) {
  const std::string snake = SnakeCase(field.name());
  for (const absl::string_view name :
       {absl::string_view(field.name()), absl::string_view(field.alias()),
        absl::string_view(snake)}) {
    for (const v1::Column& column : table.columns()) {
      if (!name.empty() && column.name() == name) return &column;
    }
  }
  return nullptr;
}

bool IsRelation(const v1::ModelField& field) {
  return std::any_of(field.type_references().begin(), field.type_references().end(),
                     [](const v1::Identity& type) { return type.kind() == "model"; });
}

}  // namespace varve
