// Rules about defaults of fields. Defaults that a mapper gives to the server are
// model_orm_columns'.
#include <algorithm>
#include <initializer_list>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/default_value.h"
#include "snapshot/rules/model_values.h"
#include "snapshot/rules/walk.h"

namespace varve {
namespace {

constexpr char kColumnsDefaultNotSeen[] = "the column's default was not seen";

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
        if (!SawTexts(mapped)) return output.CannotSay(object, kColumnsDefaultNotSeen);
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

bool IsFilledByServer(const v1::Column& column) {
  return column.has_default() || column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED ||
         column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED;
}

bool IsNone(const v1::ModelField& field) { return field.default_json() == "null"; }

constexpr char kDefaultNotKnown[] = "its default is not known";

void FindOnlyInModel(const MappedModel& mapped, absl::string_view name, const v1::Column& column,
                     RuleOutput& output) {
  output.Find(
      ObjectOfField(mapped, name),
      absl::StrCat("has a default, and ", NameOfColumn(mapped, column), " has none: ",
                   IsNotNull(*mapped.database, column) ? "who writes past the model must give it"
                                                       : "who writes past the model gets NULL"),
      "give the column the same default");
}

void DefaultOnlyInModel(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (!MakesRows(mapped.role) || IsFilledByServer(column)) return;
        if (IsUnknown(field, "default")) {
          return output.CannotSay(ObjectOfField(mapped, field.name()), kDefaultNotKnown);
        }
        const bool has_none =
            field.default_case() == v1::ModelField::DEFAULT_NOT_SET || IsNone(field);
        if (!has_none) FindOnlyInModel(mapped, field.name(), column, output);
      });
  if (input.databases.empty()) return;
  ForEachOrmColumn(input, output,
                   [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                             const v1::Column& column) {
                     if (IsFilledByServer(column)) return;
                     if (!declared.client_default().empty()) {
                       FindOnlyInModel(mapped, declared.name(), column, output);
                     } else if (IsUnknown(declared, "client_default")) {
                       output.CannotSay(ObjectOfField(mapped, declared.name()), kDefaultNotKnown);
                     }
                   });
}

void DefaultOnlyInDatabase(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (!MakesRows(mapped.role) || !column.has_default()) return;
        const std::string object = ObjectOfField(mapped, field.name());
        if (IsUnknown(field, "default")) return output.CannotSay(object, kDefaultNotKnown);
        if (!IsNone(field)) return;
        if (!SawTexts(mapped)) return output.CannotSay(object, kColumnsDefaultNotSeen);
        const absl::string_view text = TextOfColumn(mapped, column.name());
        // That a key is numbered by the server is what None stands for everywhere.
        if (absl::StartsWith(text, "nextval(")) return;
        output.Find(
            object,
            absl::StrCat("is None where it is not given, and ", NameOfColumn(mapped, column),
                         " has DEFAULT ", text, ": writing None puts NULL in its place"),
            "give the field the same default, or leave out of the statement what is not "
            "set");
      });
}

// Functions of both sides that make the same.
struct Maker {
  absl::string_view of_model;  // the last parts of the name
  std::initializer_list<absl::string_view> of_database;
};
const Maker kMakers[] = {
    {"uuid.uuid4", {"gen_random_uuid()", "uuid_generate_v4()", "uuidv4()"}},
    {"uuid.uuid1", {"uuid_generate_v1()", "uuid_generate_v1mc()"}},
    {"uuid.uuid7", {"uuidv7()", "uuid_generate_v7()"}},
    {"datetime.utcnow",
     {"now()", "localtimestamp", "statement_timestamp()", "clock_timestamp()",
      "timezone('utc',now())"}},
    {"datetime.now", {"now()", "localtimestamp", "statement_timestamp()", "clock_timestamp()"}},
    {"date.today", {"current_date"}},
};

const Maker* MakerOf(absl::string_view factory) {
  for (const Maker& maker : kMakers) {
    if (factory == maker.of_model || absl::EndsWith(factory, absl::StrCat(".", maker.of_model))) {
      return &maker;
    }
  }
  return nullptr;
}

bool Makes(const Maker& maker, absl::string_view expression) {
  return std::find(maker.of_database.begin(), maker.of_database.end(), expression) !=
         maker.of_database.end();
}

// Without the schema of a function: which one is meant is the search path's matter.
absl::string_view WithoutSchema(absl::string_view call) {
  const size_t dot = call.substr(0, call.find('(')).rfind('.');
  return dot == absl::string_view::npos ? call : call.substr(dot + 1);
}

void CompareMakers(const MappedModel& mapped, absl::string_view name, absl::string_view factory,
                   const v1::Column& column, RuleOutput& output) {
  if (factory.empty() || !column.has_default()) return;
  const std::string object = ObjectOfField(mapped, name);
  if (!SawTexts(mapped)) return output.CannotSay(object, kColumnsDefaultNotSeen);
  const v1::DataType type = WithoutDomain(*mapped.database, column.type());
  const DefaultValue made = DefaultOfText(TextOfColumn(mapped, column.name()), type);
  if (made.kind != DefaultValue::Kind::kExpression) return;
  const absl::string_view call = WithoutSchema(made.text);
  const Maker* const ours = MakerOf(factory);
  if (ours != nullptr && Makes(*ours, call)) return;
  const bool is_known = std::any_of(std::begin(kMakers), std::end(kMakers),
                                    [call](const Maker& maker) { return Makes(maker, call); });
  if (ours == nullptr || !is_known) {
    return output.CannotSay(
        object, absl::StrCat("what ", factory, " makes cannot be compared with ", made.text));
  }
  output.Find(object,
              absl::StrCat("is made by ", factory, ", and ", NameOfColumn(mapped, column), " by ",
                           made.text),
              "let both sides make the same");
}

void ComputedDefaultDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachField(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        if (!MakesRows(mapped.role)) return;
        CompareMakers(mapped, field.name(), field.default_factory(), column, output);
      });
  if (input.databases.empty()) return;
  ForEachOrmColumn(input, output,
                   [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                             const v1::Column& column) {
                     // A value is no name.
                     const bool is_value = nlohmann::json::accept(declared.client_default());
                     if (!is_value) {
                       CompareMakers(mapped, declared.name(), declared.client_default(), column,
                                     output);
                     }
                   });
}

constexpr RuleRun kRuns[] = {
    {{"model/computed-default-differs", Severity::kInfo, "correctness", kModels,
      "The application and the server make values of different kinds for the same column.",
      "Let both sides make the same.", kOnlyIfNamed},
     "models",
     ComputedDefaultDiffers},
    {{"model/default-differs", Severity::kWarning, "correctness", kModels,
      "Rows get one value when the application writes them and another when somebody else does.",
      "Give both sides the same default."},
     "models",
     DefaultDiffers},
    {{"model/default-only-in-database", Severity::kInfo, "policy", kModels,
      "A model that writes None where nothing was given puts NULL in place of the column's "
      "default.",
      "Give the field the same default, or leave out of the statement what is not set.",
      kOnlyIfNamed},
     "models",
     DefaultOnlyInDatabase},
    {{"model/default-only-in-model", Severity::kInfo, "policy", kModels,
      "Who writes past the application gets NULL, or an error, where it would fill in a value.",
      "Give the column the same default.", kOnlyIfNamed},
     "models",
     DefaultOnlyInModel},
};

}  // namespace

absl::Span<const RuleRun> ModelDefaultRules() { return kRuns; }

}  // namespace varve
