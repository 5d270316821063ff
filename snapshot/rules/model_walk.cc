#include "snapshot/rules/model_walk.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

bool IsIgnored(const MappedModel& mapped, absl::string_view name, const v1::Column& column) {
  return Ignores(mapped.setting, name) || Ignores(mapped.setting, column.name());
}

// Whether the structure of each entity of a kind was seen, or is as good as seen.
bool SawAll(const SectionView& section, absl::string_view kind,
            std::initializer_list<v1::Sight> seen) {
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (entry.kind() != kind || entry.facet() != v1::FACET_STRUCTURE) continue;
    if (std::find(seen.begin(), seen.end(), entry.state()) == seen.end()) return false;
  }
  for (const EntityView& entity : section.OfKind(kind)) {
    if (entity.IsThere() && !entity.Saw(v1::FACET_STRUCTURE)) return false;
  }
  return true;
}

}  // namespace

bool SawAllTables(const RuleInput& input) {
  return input.models.AreAllDatabases() &&
         std::all_of(input.databases.begin(), input.databases.end(),
                     [](const SectionView* database) {
                       return SawAll(*database, "table", {v1::SIGHT_CAPTURED});
                     });
}

bool SawAllModels(const RuleInput& input) {
  // Modules of tests and migrations are left out of almost every application.
  return std::all_of(input.model_sections.begin(), input.model_sections.end(),
                     [](const SectionView* section) {
                       return SawAll(*section, "model", {v1::SIGHT_CAPTURED, v1::SIGHT_EXCLUDED});
                     });
}

std::string WhyTorn(const MappedModels& models) {
  const size_t count = models.torn.size();
  return absl::StrCat(count, count == 1 ? " model has its table" : " models have their tables",
                      " in each of ", absl::StrJoin(models.torn_between, ", "),
                      "; say which is meant by `database` in the rules file");
}

void ForEachMapped(const RuleInput& input, RuleOutput& output,
                   absl::FunctionRef<void(const MappedModel&)> look) {
  if (input.databases.empty()) return output.CannotSay("", kNoDatabase);
  const MappedModels& models = input.models.Of(input.section);
  if (!models.torn.empty()) output.CannotSay("", WhyTorn(models));
  for (const MappedModel& mapped : models.mapped) {
    if (mapped.role != ModelRole::kBase) look(mapped);
  }
}

void ForEachField(const RuleInput& input, RuleOutput& output, LookAtField look) {
  ForEachMapped(input, output, [&look](const MappedModel& mapped) {
    if (HasOrmColumns(mapped)) return;
    for (const v1::ModelField& field : StructureOf(mapped).fields()) {
      const v1::Column* const column = FindColumn(mapped, field);
      if (column == nullptr || IsIgnored(mapped, field.name(), *column)) continue;
      look(mapped, field, *column);
    }
  });
}

void ForEachOrmColumn(const RuleInput& input, RuleOutput& output, LookAtColumn look) {
  ForEachMapped(input, output, [&look](const MappedModel& mapped) {
    for (const v1::ModelColumn& declared : StructureOf(mapped).table().columns()) {
      const v1::Column* const column = ColumnCalled(TableOf(mapped), declared.name());
      if (column == nullptr || IsIgnored(mapped, declared.name(), *column)) continue;
      look(mapped, declared, *column);
    }
  });
}

void ForEachOrmTable(const RuleInput& input, RuleOutput& output,
                     absl::FunctionRef<void(const MappedModel&, const v1::ModelTable&)> look) {
  ForEachMapped(input, output, [&look](const MappedModel& mapped) {
    if (HasOrmColumns(mapped)) look(mapped, StructureOf(mapped).table());
  });
}

const v1::ModelStructure& StructureOf(const MappedModel& mapped) {
  return mapped.model->Shape(v1::FACET_STRUCTURE).model();
}

const v1::TableStructure& TableOf(const MappedModel& mapped) {
  return mapped.table->Shape(v1::FACET_STRUCTURE).table();
}

bool HasOrmColumns(const MappedModel& mapped) {
  return !StructureOf(mapped).table().columns().empty();
}

absl::string_view TextOfColumn(const MappedModel& mapped, absl::string_view column) {
  const v1::TableExpressions& texts =
      mapped.table->Shape(v1::FACET_EXPRESSIONS).table_expressions();
  for (const v1::ColumnExpression& text : texts.columns()) {
    if (text.name() == column) return text.expression();
  }
  return "";
}

bool SawTexts(const MappedModel& mapped) { return mapped.table->Saw(v1::FACET_EXPRESSIONS); }

Severity Weigh(const MappedModel& mapped, Severity severity) {
  if (mapped.is_declared) return severity;
  return severity == Severity::kError ? Severity::kWarning : Severity::kInfo;
}

std::string ObjectOfModel(const EntityView& model) { return DisplayName(model.key()); }

std::string ObjectOfField(const MappedModel& mapped, absl::string_view field) {
  return absl::StrCat(ObjectOfModel(*mapped.model), ".", field);
}

std::string NameOfTable(const MappedModel& mapped) { return DisplayName(mapped.table->key()); }

std::string NameOfColumn(const MappedModel& mapped, const v1::Column& column) {
  return absl::StrCat(NameOfTable(mapped), ".", column.name());
}

std::string NameAndType(const MappedModel& mapped, const v1::Column& column) {
  return absl::StrCat(NameOfColumn(mapped, column), " ", TypeText(column.type()));
}

}  // namespace varve
