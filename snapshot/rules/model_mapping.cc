#include "snapshot/rules/model_mapping.h"

#include <algorithm>
#include <utility>

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

// The column of a field in a table that its model may stand for.
const v1::Column* ColumnIn(const v1::TableStructure& table, const v1::ModelField& field,
                           const v1::ModelSetting* setting) {
  const absl::string_view said = ColumnOf(setting, field.name());
  if (!said.empty()) return ColumnCalled(table, said);
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

bool MostFieldsAreColumns(const v1::ModelStructure& model, const v1::TableStructure& table,
                          const v1::ModelSetting* setting) {
  int columns = 0, fields = 0;
  for (const v1::ModelField& field : model.fields()) {
    if (Ignores(setting, field.name())) continue;
    const bool is_column = ColumnIn(table, field, setting) != nullptr;
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
    if (each.is_declared || RoleOf(each.setting).has_value()) continue;
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
    if (each.is_declared || RoleOf(each.setting).has_value()) continue;
    if (listed.contains(each.table)) each.role = ModelRole::kBase;
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

// A table by the name of a class: with the columns that are its fields.
std::vector<ModelTables::Place> ModelTables::PlacesByName(const Candidate& candidate) const {
  const v1::ModelStructure& structure = ModelOf(*candidate.model);
  if (structure.kind() == "settings" || structure.kind() == "root") return {};
  for (const auto& names : TableCandidates(ClassName(candidate.model->key()))) {
    std::vector<Place> places = Named("", names);
    if (places.empty()) continue;
    places.erase(std::remove_if(places.begin(), places.end(),
                                [&](const Place& place) {
                                  return !MostFieldsAreColumns(structure, StructureOf(*place.table),
                                                               candidate.setting);
                                }),
                 places.end());
    return places;
  }
  return {};
}

// Without a schema the mapper writes where search_path leads, which is public by default.
void ModelTables::PreferPublic(std::vector<Place>& places) {
  absl::flat_hash_set<const SectionView*> with_public;
  for (const Place& place : places) {
    if (place.table->key().names[0] == "public") with_public.insert(place.database);
  }
  places.erase(std::remove_if(places.begin(), places.end(),
                              [&with_public](const Place& place) {
                                return with_public.contains(place.database) &&
                                       place.table->key().names[0] != "public";
                              }),
               places.end());
}

ModelTables::Candidate ModelTables::CandidateOf(const EntityView& model) const {
  Candidate candidate = {&model, SettingOf(file_, model), {}, {}};
  const bool is_said = candidate.setting != nullptr && !candidate.setting->table().empty();
  candidate.declared = is_said ? TableNamed(candidate.setting->table()) : DeclaredTable(model);
  const v1::ModelTable& declared = candidate.declared;
  candidate.places = declared.name().empty() ? PlacesByName(candidate)
                                             : Named(declared.schema(), {declared.name()});
  const bool has_no_schema =
      declared.schema().empty() && !absl::c_linear_search(declared.unknown(), "schema");
  if (!declared.name().empty() && has_no_schema) PreferPublic(candidate.places);
  candidate.places.erase(std::remove_if(candidate.places.begin(), candidate.places.end(),
                                        [&candidate](const Place& place) {
                                          return !MayBeIn(candidate.setting,
                                                          place.database->header().name());
                                        }),
                         candidate.places.end());
  return candidate;
}

// A view has no NOT NULL and no defaults of its own, nor has a foreign table keys: a model of one
// is held to nothing.
bool ModelTables::IsNamedLikeAView(const Candidate& candidate) const {
  const auto is_view = [this](absl::string_view schema, const std::string& name) {
    const auto views = views_.find(name);
    return views != views_.end() &&
           (schema.empty() || absl::c_linear_search(views->second, schema));
  };
  const v1::ModelTable& declared = candidate.declared;
  if (!declared.name().empty()) return is_view(declared.schema(), declared.name());
  return absl::c_any_of(TableCandidates(ClassName(candidate.model->key())),
                        [&is_view](const std::vector<std::string>& names) {
                          return absl::c_any_of(names, [&is_view](const std::string& name) {
                            return is_view("", name);
                          });
                        });
}

void ModelTables::MapDeclared(const Candidate& candidate, MappedModels& to) const {
  const v1::ModelTable& table = candidate.declared;
  const std::vector<Place>& places = candidate.places;
  if (places.size() == 1) {
    // A model is by default as of a mapper: of its table and of nothing else.
    const bool is_of_file = candidate.setting != nullptr && !candidate.setting->table().empty();
    const bool is_by_name = is_of_file && !ModelOf(*candidate.model).has_table();
    const ModelRole role = is_by_name ? RoleByName(*candidate.model) : ModelRole::kTable;
    to.mapped.push_back({candidate.model, places[0].table, places[0].database, true,
                         RoleOf(candidate.setting).value_or(role), candidate.setting});
    return;
  }
  if (places.empty() && IsNamedLikeAView(candidate)) return;
  LostModel lost{candidate.model,
                 absl::StrCat(table.schema(), table.schema().empty() ? "" : ".", table.name()),
                 {},
                 !places.empty()};
  for (const Place& place : places.empty() ? Named("", {table.name()}) : places) {
    lost.others.push_back(DisplayName(place.table->key()));
  }
  to.lost.push_back(std::move(lost));
}

void ModelTables::MapByName(const Candidate& candidate, MappedModels& to) const {
  if (candidate.places.size() == 1) {
    const Place& place = candidate.places[0];
    const ModelRole role = RoleOf(candidate.setting).value_or(RoleByName(*candidate.model));
    to.mapped.push_back(
        {candidate.model, place.table, place.database, false, role, candidate.setting});
    return;
  }
  const v1::ModelStructure& model = ModelOf(*candidate.model);
  const bool is_of_rows = model.kind() != "settings" && model.kind() != "root" &&
                          !ClassName(candidate.model->key()).empty();
  if (!is_of_rows || (candidate.places.empty() && IsNamedLikeAView(candidate))) return;
  UnmappedModel& unmapped = to.unmapped.emplace_back();
  unmapped.model = candidate.model;
  for (const Place& place : candidate.places) {
    unmapped.tables.push_back(DisplayName(place.table->key()));
  }
}

bool ModelTables::AreOfOneDatabase(const std::vector<Place>& places) {
  return absl::c_all_of(
      places, [&places](const Place& place) { return place.database == places.front().database; });
}

// The one database that has a table for each model that has one anywhere; null where none or
// several do.
const SectionView* ModelTables::HomeOf(const std::vector<Candidate>& candidates) const {
  const auto has_all = [&candidates](const SectionView* database) {
    return absl::c_all_of(candidates, [database](const Candidate& candidate) {
      return candidate.places.empty() ||
             absl::c_any_of(candidate.places,
                            [database](const Place& place) { return place.database == database; });
    });
  };
  if (absl::c_count_if(databases_, has_all) != 1) return nullptr;
  return *absl::c_find_if(databases_, has_all);
}

// Leaves each model the tables of one database; sets those aside for which nothing tells which.
void ModelTables::TakeDatabases(std::vector<Candidate>& candidates, MappedModels& to) const {
  const SectionView* const home = HomeOf(candidates);
  const auto is_torn = [&](Candidate& candidate) {
    std::vector<Place>& places = candidate.places;
    if (AreOfOneDatabase(places)) return false;
    if (home != nullptr) {
      places.erase(std::remove_if(places.begin(), places.end(),
                                  [home](const Place& place) { return place.database != home; }),
                   places.end());
      return false;
    }
    UnmappedModel& torn = to.torn.emplace_back();
    torn.model = candidate.model;
    for (const Place& place : places) {
      const std::string& database = place.database->header().name();
      to.torn_between.insert(database);
      torn.tables.push_back(absl::StrCat(database, ": ", DisplayName(place.table->key())));
    }
    return true;
  };
  // In order, for what is set aside is told in it.
  std::vector<Candidate> left;
  for (Candidate& candidate : candidates) {
    if (!is_torn(candidate)) left.push_back(std::move(candidate));
  }
  candidates = std::move(left);
}

const MappedModels& ModelTables::Of(const SectionView& models) {
  const auto [entry, is_new] = made_.try_emplace(&models);
  if (!is_new) return entry->second;
  ReadTables();
  std::vector<Candidate> candidates;
  for (const EntityView& model : models.OfKind("model")) {
    if (!model.IsThere() || !model.Saw(v1::FACET_STRUCTURE)) continue;
    if (!StandsForNone(SettingOf(file_, model))) candidates.push_back(CandidateOf(model));
  }
  MappedModels& made = entry->second;
  TakeDatabases(candidates, made);
  for (const Candidate& candidate : candidates) {
    candidate.declared.name().empty() ? MapByName(candidate, made) : MapDeclared(candidate, made);
  }
  LeaveBasesToTheirHeirs(made.mapped);
  LeaveTablesToTheirMappers(made.mapped);
  return made;
}

const v1::Column* ColumnCalled(const v1::TableStructure& table, absl::string_view name) {
  for (const v1::Column& column : table.columns()) {
    if (!name.empty() && column.name() == name) return &column;
  }
  return nullptr;
}

const v1::Column* FindColumn(const MappedModel& mapped, const v1::ModelField& field) {
  return ColumnIn(StructureOf(*mapped.table), field, mapped.setting);
}

bool IsRelation(const v1::ModelField& field) {
  return std::any_of(field.type_references().begin(), field.type_references().end(),
                     [](const v1::Identity& type) { return type.kind() == "model"; });
}

absl::string_view ConfigOf(const EntityView& model, absl::string_view name) {
  for (const v1::Option& option : model.Shape(v1::FACET_BEHAVIOUR).model_behaviour().config()) {
    if (option.name() == name) return option.value();
  }
  return "";
}

absl::string_view ConstraintOf(const v1::ModelField& field, absl::string_view name) {
  for (const v1::Option& constraint : field.constraints()) {
    if (constraint.name() == name) return constraint.value();
  }
  return "";
}

}  // namespace varve
