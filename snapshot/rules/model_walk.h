// What rules of models share: walks over models that stand for a table, and how they name things.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/rule_run.h"

namespace varve {

inline constexpr Need kModels[] = {{"model", v1::FACET_STRUCTURE}};
inline constexpr Need kModelsWithBehaviour[] = {{"model", v1::FACET_STRUCTURE},
                                                {"model", v1::FACET_BEHAVIOUR}};

// Why nothing can be held against anything.
inline constexpr char kNoDatabase[] = "no PostgreSQL database was read";

// Whether every database of the snapshot was read, and every table of them seen.
bool SawAllTables(const RuleInput& input);
// Whether every model of the sections that were read was seen.
bool SawAllModels(const RuleInput& input);

// Why nothing is said of models whose tables are in several databases.
std::string WhyTorn(const MappedModels& models);

// Each model that stands for a table, but those that are judged as their heirs are. Says where
// there is nothing to compare with.
void ForEachMapped(const RuleInput& input, RuleOutput& output,
                   absl::FunctionRef<void(const MappedModel&)> look);

// Each field of these that is a column, but what the rules file leaves out. Not of models whose
// mapper lists the columns: there the mapper speaks, and the annotations are its matter.
using LookAtField =
    absl::FunctionRef<void(const MappedModel&, const v1::ModelField&, const v1::Column&)>;
void ForEachField(const RuleInput& input, RuleOutput& output, LookAtField look);

// Each column that a mapper lists, with the one of that name in the table; but what the rules file
// leaves out.
using LookAtColumn =
    absl::FunctionRef<void(const MappedModel&, const v1::ModelColumn&, const v1::Column&)>;
void ForEachOrmColumn(const RuleInput& input, RuleOutput& output, LookAtColumn look);

// Each model whose mapper says more of its table than its name.
void ForEachOrmTable(const RuleInput& input, RuleOutput& output,
                     absl::FunctionRef<void(const MappedModel&, const v1::ModelTable&)> look);

const v1::ModelStructure& StructureOf(const MappedModel& mapped);
const v1::TableStructure& TableOf(const MappedModel& mapped);
// Whether the mapper lists the columns.
bool HasOrmColumns(const MappedModel& mapped);

// DEFAULT, or what generates it; empty where it has none. Ask SawTexts first.
absl::string_view TextOfColumn(const MappedModel& mapped, absl::string_view column);
// Whether the texts of the table were seen: defaults, checks, expressions of indexes.
bool SawTexts(const MappedModel& mapped);

// Whether a message names a field of its own among those that nobody could tell.
template <typename Message>
bool IsUnknown(const Message& message, absl::string_view name) {
  for (const std::string& unknown : message.unknown()) {
    if (unknown == name) return true;
  }
  return false;
}

// What a name suggests weighs less than what a model says of itself.
Severity Weigh(const MappedModel& mapped, Severity severity);

// "shop.models.Order", "shop.models.Order.total"
std::string ObjectOfModel(const EntityView& model);
std::string ObjectOfField(const MappedModel& mapped, absl::string_view field);
// "public.orders", "public.orders.total", "public.orders.total numeric(12,2)"
std::string NameOfTable(const MappedModel& mapped);
std::string NameOfColumn(const MappedModel& mapped, const v1::Column& column);
std::string NameAndType(const MappedModel& mapped, const v1::Column& column);

}  // namespace varve
