// Rules about types: what a field holds, and what its column takes.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_type.h"
#include "snapshot/rules/model_values.h"
#include "snapshot/rules/postgres_walk.h"
#include "snapshot/rules/type_fit.h"

namespace varve {
namespace {

// A field with its column, whose type is no domain.
struct Pair {
  const MappedModel& mapped;
  const v1::ModelField& field;
  const v1::Column& column;
  const v1::DataType type;

  std::string Object() const { return ObjectOfField(mapped, field.name()); }
};

void ForEachPair(const RuleInput& input, RuleOutput& output,
                 absl::FunctionRef<void(const Pair&)> look) {
  ForEachField(
      input, output,
      [&look](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        look({mapped, field, column, WithoutDomain(*mapped.database, column.type())});
      });
}

// The same of models that write: what is only read may be as narrow as the database is.
void ForEachWrittenPair(const RuleInput& input, RuleOutput& output,
                        absl::FunctionRef<void(const Pair&)> look) {
  ForEachPair(input, output, [&look](const Pair& pair) {
    if (pair.mapped.role != ModelRole::kRead) look(pair);
  });
}

bool IsList(absl::string_view type) {
  const absl::string_view name = TakeApart(WithoutNone(type)).name;
  return name == "list" || name == "Sequence" || name == "set" || name == "frozenset";
}

// Models within a model are stored as documents.
Fit FitOfModels(absl::string_view type, const v1::DataType& column) {
  if (TakeApart(WithoutNone(type)).name == "Union") return Fit::kUnknown;
  return FitOf(IsList(type) ? "list[dict]" : "dict", column);
}

Fit FitOfPair(const RuleInput& input, const Pair& pair) {
  if (ConstraintOf(pair.field, "json") == "true") return FitOf("Json", pair.type);
  if (IsRelation(pair.field)) return FitOfModels(pair.field.type(), pair.type);
  const Fit fit = FitOf(pair.field.type(), pair.type);
  if (fit != Fit::kUnknown) return fit;
  const std::optional<ModelValues> values = ValuesOf(input.section, pair.field);
  return values.has_value() && values->are_all
             ? FitOfEnum(values->kind, pair.field.type(), pair.type)
             : Fit::kUnknown;
}

// Whether the two tell time otherwise: by the zone or without one.
bool DiffersInZone(const Pair& pair) {
  const absl::string_view type = WithoutNone(pair.field.type());
  const ColumnFamily family = FamilyOf(pair.type);
  return (type == "AwareDatetime" && family == kTimestamp) ||
         (type == "NaiveDatetime" && family == kTimestampTz);
}

void TypeMismatch(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&](const Pair& pair) {
    if (IsUnknown(pair.field, "type") || pair.field.type().empty()) {
      return output.CannotSay(pair.Object(), "its type is not known");
    }
    const Fit fit = FitOfPair(input, pair);
    const std::string column = NameAndType(pair.mapped, pair.column);
    if (fit == Fit::kByConvention && !DiffersInZone(pair)) {
      output.FindAt(
          Weigh(pair.mapped, Severity::kWarning), pair.Object(),
          absl::StrCat(pair.field.type(), " fits ", column, " only by convention or with loss"),
          "give both sides the same type");
    }
    if (fit == Fit::kNot) {
      output.FindAt(Weigh(pair.mapped, Severity::kError), pair.Object(),
                    absl::StrCat(pair.field.type(), " does not fit ", column),
                    "give both sides the same type");
    }
  });
}

void LooseType(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&](const Pair& pair) {
    if (FitOfPair(input, pair) != Fit::kNearly) return;
    output.Find(
        pair.Object(),
        absl::StrCat(pair.field.type(), " is stored in ", NameAndType(pair.mapped, pair.column),
                     ", which is not the type made for it"),
        "give both sides the same type");
  });
}

void TimezoneMismatch(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&output](const Pair& pair) {
    if (!DiffersInZone(pair)) return;
    output.FindAt(
        Weigh(pair.mapped, Severity::kWarning), pair.Object(),
        absl::StrCat(pair.field.type(), " and ", NameAndType(pair.mapped, pair.column),
                     " differ in whether there is a time zone"),
        "use timestamptz with times that have a zone, timestamp with those that have none");
  });
}

constexpr char kConstraintsNotKnown[] = "its constraints are not all known";

void TooLongText(const RuleInput& input, RuleOutput& output) {
  ForEachWrittenPair(input, output, [&output](const Pair& pair) {
    if (!LengthOf(pair.type).has_value() || IsList(pair.field.type())) return;
    const std::string too_long = TooLong(pair.field, pair.type);
    if (!too_long.empty()) {
      output.FindAt(Weigh(pair.mapped, Severity::kError), pair.Object(),
                    absl::StrCat("allows more characters than ",
                                 NameAndType(pair.mapped, pair.column), ": ", too_long),
                    "lower max_length, or widen the column");
    } else if (IsUnknown(pair.field, "constraints")) {
      output.CannotSay(pair.Object(), kConstraintsNotKnown);
    }
  });
}

void UnboundedText(const RuleInput& input, RuleOutput& output) {
  ForEachWrittenPair(input, output, [&output](const Pair& pair) {
    if (!LengthOf(pair.type).has_value() || WithoutNone(pair.field.type()) != "str") return;
    const bool is_bounded = !ConstraintOf(pair.field, "max_length").empty() ||
                            !ConstraintOf(pair.field, "pattern").empty();
    if (is_bounded || IsUnknown(pair.field, "constraints")) return;
    output.FindAt(
        Weigh(pair.mapped, Severity::kWarning), pair.Object(),
        absl::StrCat("has no max_length, and ", NameAndType(pair.mapped, pair.column), " has one"),
        "give the field the column's length");
  });
}

void BoundsExceedColumn(const RuleInput& input, RuleOutput& output) {
  constexpr uint32_t kBounded = kInt2 | kInt4 | kInt8 | kNumeric | kFraction;
  ForEachWrittenPair(input, output, [&output](const Pair& pair) {
    if ((FamilyOf(pair.type) & kBounded) == 0) return;
    const std::vector<std::string> beyond = BeyondBounds(pair.field, pair.type);
    if (!beyond.empty()) {
      output.FindAt(Weigh(pair.mapped, Severity::kWarning), pair.Object(),
                    absl::StrCat("allows more than ", NameAndType(pair.mapped, pair.column),
                                 " holds: ", absl::StrJoin(beyond, ", ")),
                    "narrow the bounds of the field, or widen the column");
    } else if (IsUnknown(pair.field, "constraints")) {
      output.CannotSay(pair.Object(), kConstraintsNotKnown);
    }
  });
}

bool IsJsonText(const v1::DataType& type) {
  return !type.array() && type.type().names_size() == 2 && type.type().names(1) == "json" &&
         type.type().names(0) == "pg_catalog";
}

// What is taken apart by the application: a dictionary, a list, a model.
bool IsStructured(const v1::ModelField& field) {
  const absl::string_view name = TakeApart(WithoutNone(field.type())).name;
  return IsRelation(field) || IsList(field.type()) || name == "dict" || name == "tuple" ||
         name == "Mapping" || name == "OrderedDict" || name == "defaultdict";
}

void JsonInsteadOfJsonb(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&output](const Pair& pair) {
    if (!IsJsonText(pair.type) || !IsStructured(pair.field)) return;
    output.Find(
        pair.Object(),
        absl::StrCat(pair.field.type(), " is stored in ", NameAndType(pair.mapped, pair.column),
                     ", which is a text that PostgreSQL reads anew each time"),
        absl::StrCat("alter table ", Sql(pair.mapped.table->key()), " alter column ",
                     SqlName(pair.column.name()), " type jsonb using ", SqlName(pair.column.name()),
                     "::jsonb;"));
  });
}

constexpr RuleRun kRuns[] = {
    {{"model/bounds-exceed-column", Severity::kWarning, "correctness", kModels,
      "A number that the model accepts is refused or rounded by the column.",
      "Narrow the bounds of the field, or widen the column."},
     "models",
     BoundsExceedColumn},
    {{"model/json-instead-of-jsonb", Severity::kInfo, "performance", kModels,
      "What the application takes apart is kept as a text: it is read anew at each access, and no "
      "index looks into it.",
      "Make the column jsonb.", kOnlyIfNamed},
     "models",
     JsonInsteadOfJsonb},
    {{"model/loose-type", Severity::kInfo, "policy", kModels,
      "A value that is stored as another type is not checked, sorted and indexed as its own is.",
      "Give both sides the same type.", false},
     "models",
     LooseType},
    {{"model/timezone-mismatch", Severity::kWarning, "correctness", kModels,
      "A time with a zone and one without are converted by the session's time zone, silently.",
      "Use timestamptz with times that have a zone, timestamp with those that have none."},
     "models",
     TimezoneMismatch},
    {{"model/too-long", Severity::kError, "correctness", kModels,
      "A text that the model accepts is refused by the column as too long.",
      "Lower max_length, or widen the column."},
     "models",
     TooLongText},
    {{"model/type-mismatch", Severity::kError, "correctness", kModels,
      "A value that the model accepts is refused or changed by the column, or the other way round.",
      "Change the type of the field or of the column."},
     "models",
     TypeMismatch},
    {{"model/unbounded-text", Severity::kWarning, "policy", kModels,
      "A text of any length is accepted by the model, and refused by the column where it is long.",
      "Give the field the column's length.", false},
     "models",
     UnboundedText},
};

}  // namespace

absl::Span<const RuleRun> ModelTypeRules() { return kRuns; }

}  // namespace varve
