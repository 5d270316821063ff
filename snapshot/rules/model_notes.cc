#include "snapshot/rules/model_notes.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/glob.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/opened_snapshot.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

// Looks for what one line names.
class NotesOfLine {
 public:
  NotesOfLine(const v1::ModelSetting& setting, const v1::CheckConfig& file,
              const OpenedSnapshot& opened, ModelTables& tables)
      : setting_(setting), file_(file), opened_(opened) {
    for (const SectionView* const section : opened.models) {
      TakeModels(*section, tables.Of(*section));
    }
  }

  std::vector<v1::RulesFileNote> Take() {
    LookForDatabase();
    LookForTable();
    if (opened_.models.empty()) return std::move(notes_);
    if (models_.empty()) {
      LookForModels();
    } else {
      LookForFields();
      LookForIgnored();
    }
    return std::move(notes_);
  }

 private:
  void Note(uint32_t line, std::string text) {
    v1::RulesFileNote& made = notes_.emplace_back();
    made.set_line(line);
    made.set_text(std::move(text));
  }

  void TakeModels(const SectionView& section, const MappedModels& found) {
    for (const EntityView& model : section.OfKind("model")) {
      if (!GlobMatches(setting_.name(), DisplayName(model.key()))) continue;
      is_named_ = true;
      if (SettingOf(file_, model) != &setting_) continue;
      const bool is_known = model.Saw(v1::FACET_STRUCTURE) &&
                            model.Shape(v1::FACET_STRUCTURE).model().unknown().empty();
      knows_all_ &= is_known;
      models_.push_back(&model.Shape(v1::FACET_STRUCTURE).model());
    }
    for (const MappedModel& mapped : found.mapped) {
      if (SettingOf(file_, *mapped.model) != &setting_) continue;
      tables_.push_back(&mapped.table->Shape(v1::FACET_STRUCTURE).table());
    }
  }

  // A module that was not imported may have the model.
  bool SawAllModels() const {
    return absl::c_all_of(opened_.models, [](const SectionView* section) {
      return absl::c_all_of(section->coverage().entries(), [](const v1::CoverageEntry& entry) {
        return entry.kind() != "model" || entry.facet() != v1::FACET_STRUCTURE ||
               entry.state() == v1::SIGHT_CAPTURED || entry.state() == v1::SIGHT_EXCLUDED;
      });
    });
  }

  void LookForModels() {
    if (is_named_) {
      Note(setting_.line(),
           absl::StrCat("lines before this one name each model that ", setting_.name(), " names"));
    } else if (SawAllModels()) {
      Note(setting_.line(), absl::StrCat("there is no model ", setting_.name()));
    }
  }

  void LookForDatabase() {
    if (setting_.database().empty()) return;
    const bool is_any = absl::c_any_of(opened_.sections, [](const SectionView& section) {
      return section.header().source_kind() == "postgres";
    });
    const bool is_there = absl::c_any_of(opened_.sections, [this](const SectionView& section) {
      return section.header().source_kind() == "postgres" && !IsCluster(section.header().name()) &&
             MayBeIn(&setting_, section.header().name());
    });
    if (!is_any || is_there) return;
    Note(setting_.line(),
         absl::StrCat("model ", setting_.name(), ": there is no database ", setting_.database()));
  }

  void LookForTable() {
    if (setting_.table().empty() || setting_.table() == "none") return;
    if (opened_.databases.empty() || !opened_.are_all_databases) return;
    for (const SectionView* const database : opened_.databases) {
      for (const absl::string_view kind : {"table", "view", "materialized_view"}) {
        for (const EntityView& each : database->OfKind(kind)) {
          if (DisplayName(each.key()) == setting_.table()) return;
          if (each.key().names.back() == setting_.table()) return;
        }
      }
    }
    Note(setting_.line(),
         absl::StrCat("model ", setting_.name(), ": there is no table ", setting_.table()));
  }

  bool HasField(absl::string_view name) const {
    return !knows_all_ || absl::c_any_of(models_, [name](const v1::ModelStructure* model) {
      return absl::c_any_of(model->fields(),
                            [name](const v1::ModelField& field) { return field.name() == name; });
    });
  }

  bool HasColumn(absl::string_view name) const {
    const bool is_of_mapper = absl::c_any_of(models_, [name](const v1::ModelStructure* model) {
      return absl::c_any_of(model->table().columns(), [name](const v1::ModelColumn& column) {
        return column.name() == name;
      });
    });
    return is_of_mapper || absl::c_any_of(tables_, [name](const v1::TableStructure* table) {
             return ColumnCalled(*table, name) != nullptr;
           });
  }

  void LookForFields() {
    for (const v1::CheckSetting& field : setting_.fields()) {
      if (!HasField(field.name())) {
        Note(field.line(), absl::StrCat("model ", setting_.name(), " has no field ", field.name()));
      }
      if (tables_.empty() || HasColumn(field.value())) continue;
      Note(field.line(),
           absl::StrCat("the table of model ", setting_.name(), " has no column ", field.value()));
    }
  }

  void LookForIgnored() {
    for (const std::string& name : setting_.ignore()) {
      if (HasField(name) || HasColumn(name)) continue;
      Note(setting_.line(), absl::StrCat("model ", setting_.name(),
                                         " has neither field nor column ", name, " to ignore"));
    }
  }

  const v1::ModelSetting& setting_;
  const v1::CheckConfig& file_;
  const OpenedSnapshot& opened_;
  bool is_named_ = false;                          // by its pattern some model is
  bool knows_all_ = true;                          // no model may have more fields than were seen
  std::vector<const v1::ModelStructure*> models_;  // those that it is for
  std::vector<const v1::TableStructure*> tables_;  // theirs
  std::vector<v1::RulesFileNote> notes_;
};

}  // namespace

absl::StatusOr<std::vector<v1::RulesFileNote>> NotesOnModels(const v1::CheckConfig& file,
                                                             const Snapshot& snapshot) {
  std::vector<v1::RulesFileNote> notes;
  if (file.models().empty()) return notes;
  VARVE_ASSIGN_OR_RETURN(const OpenedSnapshot opened, OpenedSnapshot::Of(snapshot));
  ModelTables tables(opened.databases, opened.are_all_databases, file);
  for (const v1::ModelSetting& setting : file.models()) {
    for (v1::RulesFileNote& note : NotesOfLine(setting, file, opened, tables).Take()) {
      notes.push_back(std::move(note));
    }
  }
  return notes;
}

}  // namespace varve
