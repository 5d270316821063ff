// Rules about values that only one side knows: of enums, Literals and checks.
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/rules/model_values.h"

namespace varve {
namespace {

std::string Quoted(const std::vector<std::string>& texts) {
  return absl::StrJoin(texts, ", ", [](std::string* to, const std::string& text) {
    absl::StrAppend(to, "'", text, "'");
  });
}

// One field, or one column of a mapper, that lists its values, as does the table's column.
struct Listed {
  const MappedModel& mapped;
  const std::string object;
  const std::vector<std::string> model;
  const ColumnValues& column;
};

// What one side of them lacks; nothing where mappers write the names of members, and these are all
// there.
std::vector<std::string> Lacking(const ModelValues& values, const std::vector<std::string>& of,
                                 const std::vector<std::string>& names_lack,
                                 std::vector<std::string> values_lack) {
  const bool goes_by_names = !values.names.empty() && names_lack.empty() && !of.empty();
  return goes_by_names ? std::vector<std::string>() : std::move(values_lack);
}

void SayMissing(const Listed& listed, const std::vector<std::string>& missing, RuleOutput& output) {
  if (missing.empty()) return;
  output.FindAt(Weigh(listed.mapped, Severity::kError), listed.object,
                absl::StrCat("allows ", Quoted(missing), ", which ", listed.column.by,
                             " does not: writing fails"),
                "add the values to the database, or take them out of the model");
}

void SayUnknown(const Listed& listed, const std::vector<std::string>& unknown, RuleOutput& output) {
  if (unknown.empty()) return;
  output.FindAt(Weigh(listed.mapped, Severity::kWarning), listed.object,
                absl::StrCat("does not know ", Quoted(unknown), ", which ", listed.column.by,
                             " allows: reading such a row fails"),
                "add the values to the model, or take them out of the database");
}

constexpr char kListNotSeen[] = "what the column allows was not seen";

// Calls `look` with each field that lists its values, of a column that does.
void ForEachListedField(
    const RuleInput& input, RuleOutput& output, absl::FunctionRef<bool(ModelRole)> concerns,
    absl::FunctionRef<void(const Listed& listed, const ModelValues& values)> look) {
  ForEachField(
      input, output,
      [&](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (!concerns(mapped.role)) return;
        const std::optional<ModelValues> values = ValuesOf(input.section, field);
        if (!values.has_value() || values->kind != EnumValues::kTexts) return;
        const ColumnValues allowed = ValuesOf(mapped, column);
        const std::string object = ObjectOfField(mapped, field.name());
        if (allowed.kind == ColumnValues::Kind::kFree) return;
        if (allowed.kind == ColumnValues::Kind::kUnseen)
          return output.CannotSay(object, kListNotSeen);
        if (!values->are_all)
          return output.CannotSay(object, "not all values of its enum are known");
        look({mapped, object, values->values, allowed}, *values);
      });
}

// The same of columns of a mapper, which lists labels as it writes them.
void ForEachListedColumn(const RuleInput& input, RuleOutput& output,
                         absl::FunctionRef<void(const Listed& listed)> look) {
  if (input.databases.empty()) return;
  ForEachOrmColumn(
      input, output,
      [&](const MappedModel& mapped, const v1::ModelColumn& declared, const v1::Column& column) {
        const bool is_unknown = IsUnknown(declared, "enum_labels");
        if (declared.enum_labels().empty() && !is_unknown) return;
        const ColumnValues allowed = ValuesOf(mapped, column);
        const std::string object = ObjectOfField(mapped, declared.name());
        if (allowed.kind == ColumnValues::Kind::kFree) return;
        if (allowed.kind == ColumnValues::Kind::kUnseen)
          return output.CannotSay(object, kListNotSeen);
        if (is_unknown)
          return output.CannotSay(object, "the labels that the mapper has are not known");
        look({mapped,
              object,
              {declared.enum_labels().begin(), declared.enum_labels().end()},
              allowed});
      });
}

void EnumValueMissing(const RuleInput& input, RuleOutput& output) {
  ForEachListedField(
      input, output, [](ModelRole role) { return role != ModelRole::kRead; },
      [&output](const Listed& listed, const ModelValues& values) {
        SayMissing(listed,
                   Lacking(values, listed.column.texts, Without(values.names, listed.column.texts),
                           Without(listed.model, listed.column.texts)),
                   output);
      });
  ForEachListedColumn(input, output, [&output](const Listed& listed) {
    SayMissing(listed, Without(listed.model, listed.column.texts), output);
  });
}

void UnknownEnumValue(const RuleInput& input, RuleOutput& output) {
  ForEachListedField(
      input, output,
      [](ModelRole role) { return role == ModelRole::kRead || role == ModelRole::kTable; },
      [&output](const Listed& listed, const ModelValues& values) {
        SayUnknown(listed,
                   Lacking(values, listed.column.texts, Without(listed.column.texts, values.names),
                           Without(listed.column.texts, listed.model)),
                   output);
      });
  ForEachListedColumn(input, output, [&output](const Listed& listed) {
    SayUnknown(listed, Without(listed.column.texts, listed.model), output);
  });
}

constexpr RuleRun kRuns[] = {
    {{"model/enum-value-missing", Severity::kError, "correctness", kModels,
      "A value that the model allows and the column's enum or check does not is refused on "
      "writing.",
      "Add the value to the database, or take it out of the model."},
     "models",
     EnumValueMissing},
    {{"model/unknown-enum-value", Severity::kWarning, "correctness", kModels,
      "A row with a value that the column allows and the model does not know cannot be read.",
      "Add the value to the model, or take it out of the database."},
     "models",
     UnknownEnumValue},
};

}  // namespace

absl::Span<const RuleRun> ModelEnumRules() { return kRuns; }

}  // namespace varve
