// Which table a model stands for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "snapshot/rules/model_role.h"
#include "snapshot/rules/model_setting.h"
#include "snapshot/section_view.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// A model and the table whose rows it is of.
struct MappedModel {
  const EntityView* model = nullptr;
  const EntityView* table = nullptr;  // its structure was seen
  const SectionView* database = nullptr;
  bool is_declared = false;  // the model or the rules file says which table; else its name does
  ModelRole role = ModelRole::kRows;
  const v1::ModelSetting* setting = nullptr;  // of the rules file; null where it says nothing
};

// A model that says which table it is stored in, where that one was not found, or several could be
// meant.
struct LostModel {
  const EntityView* model = nullptr;
  std::string table;                // as the model says: "app.orders"
  std::vector<std::string> others;  // tables of that name in other schemas
  bool is_ambiguous = false;        // each of `others` may be meant; else none can
};

// A model of which nothing tells the table.
struct UnmappedModel {
  const EntityView* model = nullptr;
  std::vector<std::string> tables;  // that may be meant; of several databases "shop: public.orders"
};

struct MappedModels {
  std::vector<MappedModel> mapped;
  std::vector<LostModel> lost;
  std::vector<UnmappedModel> unmapped;  // they say nothing, and are named like none or several
  // Their table is in several databases, and nothing tells which is meant; these by section.
  std::vector<UnmappedModel> torn;
  std::set<std::string> torn_between;
};

// The tables of the databases that were read, and the models of any section that stand for them.
// Where a table is in several databases, the one that has all tables of the section's models is
// meant.
//
// Borrows the databases and sections: they must outlive it. Not thread-safe.
class ModelTables {
 public:
  // `are_all`: no database of the snapshot was out of reach. What `file` says of a model goes
  // before all that the model says.
  ModelTables(std::vector<const SectionView*> databases, bool are_all,
              v1::CheckConfig file = v1::CheckConfig())
      : databases_(std::move(databases)), are_all_(are_all), file_(std::move(file)) {}

  bool AreAllDatabases() const { return are_all_; }

  // The models that stand for a table, and those that should. By name alone only where most of
  // their fields are columns of the one table that can be meant; no settings, roots and generic
  // templates. Those in whose place another is judged have role kBase: what others rest on, and,
  // where a mapper lists the columns of a table, what is only named like it; not where the rules
  // file says what they are for. Made when it is first asked for.
  const MappedModels& Of(const SectionView& models);

 private:
  struct Place {
    const EntityView* table;
    const SectionView* database;
  };
  // A model on its way to a table.
  struct Candidate {
    const EntityView* model;
    const v1::ModelSetting* setting;
    v1::ModelTable declared;    // nameless where nothing but the name tells
    std::vector<Place> places;  // that may be meant
  };
  void ReadTables();
  std::vector<Place> Named(absl::string_view schema, const std::vector<std::string>& names) const;
  std::vector<Place> PlacesByName(const Candidate& candidate) const;
  static void PreferPublic(std::vector<Place>& places);
  Candidate CandidateOf(const EntityView& model) const;
  static bool AreOfOneDatabase(const std::vector<Place>& places);
  const SectionView* HomeOf(const std::vector<Candidate>& candidates) const;
  void TakeDatabases(std::vector<Candidate>& candidates, MappedModels& to) const;
  bool IsNamedLikeAView(const Candidate& candidate) const;
  void MapDeclared(const Candidate& candidate, MappedModels& to) const;
  void MapByName(const Candidate& candidate, MappedModels& to) const;

  const std::vector<const SectionView*> databases_;
  const bool are_all_;
  const v1::CheckConfig file_;
  bool has_read_ = false;
  absl::flat_hash_map<std::string, std::vector<Place>> tables_;  // by name; without partitions
  // Schemas of views and foreign tables, by name.
  absl::flat_hash_map<std::string, std::vector<std::string>> views_;
  std::map<const SectionView*, MappedModels> made_;
};

// The column of a field: that of the rules file, or by its name, its alias, or its name in snake
// case. Null where there is none.
const v1::Column* FindColumn(const MappedModel& mapped, const v1::ModelField& field);

// Whether the field stands for rows of another table (a relation of the mapper), or is a part of
// none.
bool IsRelation(const v1::ModelField& field);

// A column by name; null where there is none.
const v1::Column* ColumnCalled(const v1::TableStructure& table, absl::string_view name);

// A setting of a model's configuration in canonical JSON; empty where it has none of that name.
absl::string_view ConfigOf(const EntityView& model, absl::string_view name);

// A constraint of a field in canonical JSON; empty where it has none of that name.
absl::string_view ConstraintOf(const v1::ModelField& field, absl::string_view name);

}  // namespace varve
