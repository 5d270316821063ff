#include "snapshot/rules/model_mapping.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/glob.h"
#include "nlohmann/json.hpp"
#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

// How much of a model must be columns before its name is believed.
constexpr int kLeastFields = 2;
constexpr double kLeastShare = 0.6;

const v1::TableStructure& StructureOf(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).table();
}

const v1::ModelStructure& ModelOf(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).model();
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

// A setting of a model's configuration in canonical JSON; empty where it has none of that name.
absl::string_view ConfigOf(const EntityView& model, absl::string_view name) {
  for (const v1::Option& option : model.Shape(v1::FACET_BEHAVIOUR).model_behaviour().config()) {
    if (option.name() == name) return option.value();
  }
  return "";
}

// "shop.orders" of json_schema_extra={"x-table": "shop.orders"}; empty where there is no such hint.
std::string TableHint(const EntityView& model) {
  const absl::string_view extra = ConfigOf(model, "json_schema_extra");
  if (extra.empty()) return "";
  const nlohmann::json value = nlohmann::json::parse(extra.begin(), extra.end(), nullptr, false);
  if (!value.is_object()) return "";
  const auto hint = value.find("x-table");
  return hint != value.end() && hint->is_string() ? hint->get<std::string>() : "";
}

// "orders", "shop.orders".
v1::ModelTable TableNamed(const std::string& name) {
  v1::ModelTable named;
  const size_t dot = name.find('.');
  named.set_name(name.substr(dot == std::string::npos ? 0 : dot + 1));
  if (dot != std::string::npos) named.set_schema(name.substr(0, dot));
  return named;
}

// The table that a model says it is stored in; nameless where it does not say.
v1::ModelTable DeclaredTable(const EntityView& model) {
  if (ModelOf(model).has_table()) {
    v1::ModelTable named;
    named.set_schema(ModelOf(model).table().schema());
    named.set_name(ModelOf(model).table().name());
    *named.mutable_unknown() = ModelOf(model).table().unknown();
    return named;
  }
  return TableNamed(TableHint(model));
}

ModelRole RoleByName(const EntityView& model) {
  return RoleOf(ClassName(model.key()), false, ConfigOf(model, "from_attributes") == "true");
}

std::string IdOf(const EntityView& model) {
  return absl::StrCat(model.key().names.front(), ":", model.key().names.back());
}

// What others that stand for the same table rest on is judged as these are, but where they need not
// have its fields.
void LeaveBasesToTheirHeirs(std::vector<MappedModel>& mapped) {
  absl::flat_hash_set<std::pair<std::string, const EntityView*>> bases;  // with the heir's table
  for (const MappedModel& each : mapped) {
    if (each.role == ModelRole::kUpdate) continue;
    const v1::ModelStructure& model = ModelOf(*each.model);
    for (const std::string& base : model.bases()) bases.insert({base, each.table});
    for (const std::string& base : model.ancestors()) bases.insert({base, each.table});
  }
  for (MappedModel& each : mapped) {
    if (each.is_declared) continue;
    if (bases.contains({IdOf(*each.model), each.table})) each.role = ModelRole::kBase;
  }
}

// A mapper that lists the columns of a table speaks for it: what else is only named like the table
// goes through the mapper, and classes that share a table (inheritance in one table) say the same.
void LeaveTablesToTheirMappers(std::vector<MappedModel>& mapped) {
  absl::flat_hash_set<std::pair<std::string, const EntityView*>> seen;
  absl::flat_hash_set<const EntityView*> listed;
  for (MappedModel& each : mapped) {
    const v1::ModelTable& table = ModelOf(*each.model).table();
    if (table.columns().empty()) continue;
    listed.insert(each.table);
    const bool is_first = seen.insert({table.SerializeAsString(), each.table}).second;
    if (!is_first) each.role = ModelRole::kBase;
  }
  for (MappedModel& each : mapped) {
    if (!each.is_declared && listed.contains(each.table)) each.role = ModelRole::kBase;
  }
}

}  // namespace

void ModelTables::ReadTables() {
  if (has_read_) return;
  has_read_ = true;
  for (const SectionView* const database : databases_) {
    for (const EntityView& entity : database->OfKind("table")) {
      const std::vector<std::string>& key = entity.key().names;
      if (key.size() != 2 || !entity.Saw(v1::FACET_STRUCTURE)) continue;
      if (StructureOf(entity).partition()) continue;
      if (StructureOf(entity).kind() == v1::TABLE_KIND_FOREIGN) {
        views_[key[1]].push_back(key[0]);
      } else {
        tables_[key[1]].push_back({&entity, database});
      }
    }
    for (const absl::string_view kind : {"view", "materialized_view"}) {
      for (const EntityView& entity : database->OfKind(kind)) {
        const std::vector<std::string>& key = entity.key().names;
        if (key.size() == 2) views_[key[1]].push_back(key[0]);
      }
    }
  }
}

std::vector<ModelTables::Place> ModelTables::Named(absl::string_view schema,
                                                   const std::vector<std::string>& names) const {
  std::vector<Place> places;
  for (const std::string& name : names) {
    const auto found = tables_.find(name);
    if (found == tables_.end()) continue;
    for (const Place& place : found->second) {
      if (schema.empty() || place.table->key().names[0] == schema) places.push_back(place);
    }
  }
  return places;
}

void ModelTables::MapDeclared(const EntityView& model, const v1::ModelTable& table,
                              MappedModels& to, ModelRole role) const {
  const bool has_no_schema =
      table.schema().empty() && !absl::c_linear_search(table.unknown(), "schema");
  std::vector<Place> places = Named(table.schema(), {table.name()});
  // Without a schema the mapper writes where search_path leads, which is public by default.
  if (places.size() > 1 && has_no_schema) {
    const std::vector<Place> in_public = Named("public", {table.name()});
    if (!in_public.empty()) places = in_public;
  }
  if (places.size() == 1) {
    to.mapped.push_back({&model, places[0].table, places[0].database, true, role});
    return;
  }
  // A view has no NOT NULL and no defaults of its own, nor has a foreign table keys: a model of one
  // is held to nothing.
  const auto views = views_.find(table.name());
  const bool is_view =
      views != views_.end() &&
      (table.schema().empty() || absl::c_linear_search(views->second, table.schema()));
  if (places.empty() && is_view) return;
  LostModel lost{&model,
                 absl::StrCat(table.schema(), table.schema().empty() ? "" : ".", table.name()),
                 {},
                 !places.empty()};
  for (const Place& place : places.empty() ? Named("", {table.name()}) : places) {
    lost.others.push_back(DisplayName(place.table->key()));
  }
  to.lost.push_back(std::move(lost));
}

void ModelTables::MapByName(const EntityView& model, MappedModels& to) const {
  const v1::ModelStructure& structure = ModelOf(model);
  if (structure.kind() == "settings" || structure.kind() == "root") return;
  const absl::string_view name = ClassName(model.key());
  for (const std::vector<std::string>& names : TableCandidates(name)) {
    std::vector<Place> places = Named("", names);
    if (places.empty()) continue;
    places.erase(std::remove_if(places.begin(), places.end(),
                                [&structure](const Place& place) {
                                  return !MostFieldsAreColumns(structure,
                                                               StructureOf(*place.table));
                                }),
                 places.end());
    if (places.size() != 1) return;
    to.mapped.push_back({&model, places[0].table, places[0].database, false, RoleByName(model)});
    return;
  }
}

void ModelTables::Map(const EntityView& model, MappedModels& to) const {
  if (const v1::CheckSetting* const setting = SettingOf(file_, model)) {
    if (setting->value() == "none") return;
    const ModelRole role = ModelOf(model).has_table() ? ModelRole::kTable : RoleByName(model);
    return MapDeclared(model, TableNamed(setting->value()), to, role);
  }
  const v1::ModelTable declared = DeclaredTable(model);
  if (declared.name().empty()) return MapByName(model, to);
  MapDeclared(model, declared, to);
}

const MappedModels& ModelTables::Of(const SectionView& models) {
  const auto [entry, is_new] = made_.try_emplace(&models);
  if (!is_new) return entry->second;
  ReadTables();
  MappedModels& made = entry->second;
  for (const EntityView& model : models.OfKind("model")) {
    if (model.IsThere() && model.Saw(v1::FACET_STRUCTURE)) Map(model, made);
  }
  LeaveBasesToTheirHeirs(made.mapped);
  LeaveTablesToTheirMappers(made.mapped);
  return made;
}

const v1::CheckSetting* SettingOf(const v1::CheckConfig& file, const EntityView& model) {
  const std::string name = DisplayName(model.key());
  const auto found = absl::c_find_if(file.models(), [&name](const v1::CheckSetting& each) {
    return GlobMatches(each.name(), name);
  });
  return found == file.models().end() ? nullptr : &*found;
}

const v1::Column* ColumnCalled(const v1::TableStructure& table, absl::string_view name) {
  for (const v1::Column& column : table.columns()) {
    if (!name.empty() && column.name() == name) return &column;
  }
  return nullptr;
}

const v1::Column* FindColumn(const v1::TableStructure& table, const v1::ModelField& field) {
  const absl::string_view given = ConstraintOf(field, "serialization_alias");
  const std::string snake = SnakeCase(field.name());
  for (const absl::string_view name :
       {absl::string_view(field.name()), absl::string_view(field.alias()),
        absl::StripSuffix(absl::StripPrefix(given, "\""), "\""), absl::string_view(snake)}) {
    const v1::Column* const column = ColumnCalled(table, name);
    if (column != nullptr) return column;
  }
  return nullptr;
}

bool IsRelation(const v1::ModelField& field) {
  return std::any_of(field.type_references().begin(), field.type_references().end(),
                     [](const v1::Identity& type) { return type.kind() == "model"; });
}

absl::string_view ConstraintOf(const v1::ModelField& field, absl::string_view name) {
  for (const v1::Option& constraint : field.constraints()) {
    if (constraint.name() == name) return constraint.value();
  }
  return "";
}

}  // namespace varve
