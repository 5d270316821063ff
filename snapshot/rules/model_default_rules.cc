// Rules about defaults of fields. Defaults that a mapper gives to the server are
// model_orm_columns'.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/default_value.h"
#include "snapshot/rules/model_values.h"

namespace varve {
namespace {

bool IsValue(const DefaultValue& value) {
  return value.kind == DefaultValue::Kind::kLiteral || value.kind == DefaultValue::Kind::kUncertain;
}

// Mappers store the names of an enum's members where the model has their values.
bool IsNameOfValue(const SectionView& models, const v1::ModelField& field,
                   const DefaultValue& of_field, const DefaultValue& of_column) {
  const std::optional<ModelValues> values = ValuesOf(models, field);
  if (!values.has_value()) return false;
  for (size_t at = 0; at < values->names.size(); ++at) {
    if (values->values[at] == of_field.text && values->names[at] == of_column.text) return true;
  }
  return false;
}

// A default that says something of how rows are made; what is read has rows already.
bool MakesRows(ModelRole role) {
  return role == ModelRole::kTable || role == ModelRole::kCreate || role == ModelRole::kRows;
}

void DefaultDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (!MakesRows(mapped.role) || !column.has_default()) return;
        const std::string object = ObjectOfField(mapped, field.name());
        const v1::DataType type = WithoutDomain(*mapped.database, column.type());
        const DefaultValue of_field = DefaultOfField(field, type);
        // That only one side fills in, or by a function, is no difference.
        if (of_field.kind == DefaultValue::Kind::kNone) return;
        if (!SawTexts(mapped)) return output.CannotSay(object, "the column's default was not seen");
        const absl::string_view text = TextOfColumn(mapped, column.name());
        const DefaultValue of_column = DefaultOfText(text, type);
        if (of_column.kind == DefaultValue::Kind::kUnknown) {
          return output.CannotSay(object, "the column's default is masked");
        }
        if (!IsValue(of_column)) return;
        if (of_field.kind == DefaultValue::Kind::kUnknown) {
          return output.CannotSay(object, "its default is not known");
        }
        if (IsNameOfValue(input.section, field, of_field, of_column)) return;
        switch (Compare(of_field, of_column)) {
          case Comparison::kSame:
            return;
          case Comparison::kCannotSay:
            return output.CannotSay(object,
                                    absl::StrCat("its default cannot be compared with ", text));
          case Comparison::kDiffer:
            break;
        }
        output.FindAt(Weigh(mapped, Severity::kWarning), object,
                      absl::StrCat("has default ", of_field.text, ", and ",
                                   NameOfColumn(mapped, column), " has ", text),
                      "give both sides the same default");
      });
}

constexpr RuleRun kRuns[] = {
    {{"model/default-differs", Severity::kWarning, "correctness", kModels,
      "Rows get one value when the application writes them and another when somebody else does.",
      "Give both sides the same default."},
     "models",
     DefaultDiffers},
};

}  // namespace

absl::Span<const RuleRun> ModelDefaultRules() { return kRuns; }

}  // namespace varve
