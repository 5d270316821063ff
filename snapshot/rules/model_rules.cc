// Rules that hold an application's models against its database.
#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/model_mapping.h"
#include "snapshot/rules/rule_run.h"
#include "snapshot/rules/type_fit.h"

namespace varve {
namespace {

// What a name suggests weighs less than what a mapper declares.
Severity Weigh(const MappedTable& mapped, Severity severity) {
  if (mapped.is_declared) return severity;
  return severity == Severity::kError ? Severity::kWarning : Severity::kInfo;
}

std::string ObjectOfField(const EntityView& model, const v1::ModelField& field) {
  return absl::StrCat(DisplayName(model.key()), ".", field.name());
}

// Calls `look` with each model that stands for a table. Says where there is nothing to compare
// with.
template <typename Look>
void ForEachMapped(const RuleInput& input, RuleOutput& output, const Look& look) {
  if (input.databases.empty()) {
    return output.CannotSay("", "no PostgreSQL database was read");
  }
  for (const EntityView& model : input.section.OfKind("model")) {
    if (!model.IsThere() || !model.Saw(v1::FACET_STRUCTURE)) continue;
    const std::optional<MappedTable> mapped = FindTable(model, input.databases);
    if (mapped.has_value()) look(model, *mapped);
  }
}

void CompareType(const EntityView& model, const v1::ModelField& field, const MappedTable& mapped,
                 const v1::Column& column, RuleOutput& output) {
  const std::string where = absl::StrCat(DisplayName(mapped.table->key()), ".", column.name());
  const std::string type = TypeText(column.type());
  const std::string too_long = TooLong(field, column.type());
  if (!too_long.empty()) {
    output.FindAt(Weigh(mapped, Severity::kError), ObjectOfField(model, field),
                  absl::StrCat("allows more characters than ", where, " ", type, ": ", too_long),
                  "lower max_length, or widen the column");
    return;
  }
  switch (FitOf(field.type(), column.type())) {
    case Fit::kUnknown:
    case Fit::kFits:
      return;
    case Fit::kByConvention:
      output.FindAt(Weigh(mapped, Severity::kWarning), ObjectOfField(model, field),
                    absl::StrCat(field.type(), " fits ", where, " ", type,
                                 " only by convention or with loss"),
                    "give both sides the same type");
      return;
    case Fit::kNot:
      output.FindAt(Weigh(mapped, Severity::kError), ObjectOfField(model, field),
                    absl::StrCat(field.type(), " does not fit ", where, " ", type),
                    "give both sides the same type");
      return;
  }
}

}  // namespace

void ModelFieldWithoutColumn(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const EntityView& model, const MappedTable& mapped) {
    const v1::TableStructure& table = mapped.table->Shape(v1::FACET_STRUCTURE).table();
    for (const v1::ModelField& field : model.Shape(v1::FACET_STRUCTURE).model().fields()) {
      if (FindColumn(table, field) != nullptr || IsRelation(field)) continue;
      if (absl::c_linear_search(field.unknown(), "alias")) {
        output.CannotSay(ObjectOfField(model, field), "its alias is not known");
        continue;
      }
      output.FindAt(
          Weigh(mapped, Severity::kError), ObjectOfField(model, field),
          absl::StrCat("no column of table ", DisplayName(mapped.table->key()), " is called so",
                       mapped.is_declared ? "" : " (matched by the model's name)"),
          "add the column, rename the field, or give it the column's name as alias");
    }
  });
}

void ModelTypeMismatch(const RuleInput& input, RuleOutput& output) {
  ForEachMapped(input, output, [&output](const EntityView& model, const MappedTable& mapped) {
    const v1::TableStructure& table = mapped.table->Shape(v1::FACET_STRUCTURE).table();
    for (const v1::ModelField& field : model.Shape(v1::FACET_STRUCTURE).model().fields()) {
      const v1::Column* const column = FindColumn(table, field);
      if (column != nullptr) CompareType(model, field, mapped, *column, output);
    }
  });
}

}  // namespace varve
