// Rules about NULL: where one side gives it and the other does not take it.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_type.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/sql_text.h"
#include "snapshot/rules/walk.h"

namespace varve {
namespace {

bool IsFilledByServer(const v1::Column& column) {
  return column.has_default() || column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED ||
         column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED;
}

// What accepts everything says nothing of None.
bool IsAnything(const v1::ModelField& field) {
  const absl::string_view type = WithoutNone(field.type());
  return type == "Any" || type == "object";
}

constexpr char kNullNotKnown[] = "whether it accepts None is not known";

void NullableField(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (mapped.role != ModelRole::kTable && mapped.role != ModelRole::kCreate) return;
        if (IsFilledByServer(column) || !IsNotNull(*mapped.database, column)) return;
        if (IsAnything(field) || field.nullable() == v1::KNOWN_NO) return;
        const std::string object = ObjectOfField(mapped, field.name());
        if (field.nullable() == v1::KNOWN_UNSPECIFIED)
          return output.CannotSay(object, kNullNotKnown);
        output.FindAt(Weigh(mapped, Severity::kWarning), object,
                      absl::StrCat("accepts None, and ", NameOfColumn(mapped, column),
                                   " takes no NULL and has no default"),
                      "make the field required and not Optional, or give the column a default");
      });
}

// Whether a check of the table says that the column is not NULL.
bool IsHeldNotNull(const MappedModel& mapped, const v1::Column& column) {
  const v1::TableExpressions& texts =
      mapped.table->Shape(v1::FACET_EXPRESSIONS).table_expressions();
  const std::string wanted = absl::StrCat(column.name(), " is not null");
  return std::any_of(texts.constraints().begin(), texts.constraints().end(),
                     [&wanted](const v1::ConstraintExpression& check) {
                       return PlainExpression(check.expression()) == wanted;
                     });
}

void NullableColumn(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (mapped.role != ModelRole::kTable && mapped.role != ModelRole::kRead) return;
        if (IsNotNull(*mapped.database, column) || IsHeldNotNull(mapped, column)) return;
        // Whether an expression can be NULL is not written anywhere.
        if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) return;
        if (IsAnything(field) || field.nullable() == v1::KNOWN_YES) return;
        const std::string object = ObjectOfField(mapped, field.name());
        if (field.nullable() == v1::KNOWN_UNSPECIFIED)
          return output.CannotSay(object, kNullNotKnown);
        output.FindAt(Weigh(mapped, Severity::kWarning), object,
                      absl::StrCat("does not accept None, and ", NameOfColumn(mapped, column),
                                   " may be NULL: reading such a row fails"),
                      "make the field Optional, or the column NOT NULL");
      });
}

void RequiredButFilled(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (mapped.role != ModelRole::kCreate || field.required() != v1::KNOWN_YES) return;
        if (!IsFilledByServer(column)) return;
        output.FindAt(Weigh(mapped, Severity::kWarning), ObjectOfField(mapped, field.name()),
                      absl::StrCat("must be given, and ", NameOfColumn(mapped, column),
                                   " is filled by the server"),
                      "give the field a default, or leave it out");
      });
}

void RequiredForNullable(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (mapped.role != ModelRole::kCreate) return;
        if (IsFilledByServer(column) || IsNotNull(*mapped.database, column)) return;
        if (IsAnything(field) || IsHeldNotNull(mapped, column)) return;
        const std::string object = ObjectOfField(mapped, field.name());
        if (field.required() == v1::KNOWN_NO || field.nullable() == v1::KNOWN_YES) return;
        if (field.required() == v1::KNOWN_UNSPECIFIED || field.nullable() == v1::KNOWN_UNSPECIFIED)
          return output.CannotSay(object, "whether it must be given is not known");
        output.Find(
            object,
            absl::StrCat("must be given, and ", NameOfColumn(mapped, column), " may be NULL"),
            "make the column NOT NULL, or the field Optional");
      });
}

constexpr RuleRun kRuns[] = {
    {{"model/nullable-column", Severity::kWarning, "correctness", kModels,
      "A row with NULL in a column whose field does not accept None cannot be read.",
      "Make the field Optional, or the column NOT NULL."},
     "models",
     NullableColumn},
    {{"model/nullable-field", Severity::kWarning, "correctness", kModels,
      "None is accepted by the model and refused by the column.",
      "Make the field required and not Optional, or give the column a default."},
     "models",
     NullableField},
    {{"model/required-but-filled", Severity::kWarning, "policy", kModels,
      "Who creates a row must give what the server would fill in.",
      "Give the field a default, or leave it out.", false},
     "models",
     RequiredButFilled},
    {{"model/required-for-nullable-column", Severity::kInfo, "policy", kModels,
      "What the application always gives can be missing in rows that others write.",
      "Make the column NOT NULL, or the field Optional.", kOnlyIfNamed},
     "models",
     RequiredForNullable},
};

}  // namespace

absl::Span<const RuleRun> ModelNullRules() { return kRuns; }

}  // namespace varve
