// Rules that hold the columns that a mapper (SQLAlchemy, SQLModel) lists against those of the
// table.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/default_value.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/orm_type.h"
#include "snapshot/rules/sql_text.h"

namespace varve {
namespace {

// As declared, or as what a domain rests on.
TypeDifference DifferenceOf(const MappedModel& mapped, const v1::ModelColumn& declared,
                            const v1::Column& column) {
  const TypeDifference as_it_is = CompareTypes(declared.type(), column.type());
  if (as_it_is == TypeDifference::kSame) return as_it_is;
  const v1::DataType base = WithoutDomain(*mapped.database, column.type());
  const TypeDifference below = CompareTypes(declared.type(), base);
  const bool is_enum_elsewhere = !declared.enum_labels().empty() && FamilyOf(base) != kEnum;
  return below == TypeDifference::kUnknown && is_enum_elsewhere ? TypeDifference::kOther : below;
}

void TypeDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmColumn(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                const v1::Column& column) {
        const std::string object = ObjectOfField(mapped, declared.name());
        if (IsUnknown(declared, "type") || declared.type().empty()) {
          return output.CannotSay(object, "the type that the mapper declares is not known");
        }
        const std::string what = absl::StrCat("is ", declared.type(), " to the mapper, and ",
                                              NameAndType(mapped, column));
        constexpr char kRemedy[] = "give both sides the same type";
        switch (DifferenceOf(mapped, declared, column)) {
          case TypeDifference::kSame:
            return;
          case TypeDifference::kUnknown:
            return output.CannotSay(object, absl::StrCat(what,
                                                         ": nothing is known of the one or the "
                                                         "other"));
          case TypeDifference::kWider:
            return output.FindAt(Severity::kInfo, object, absl::StrCat(what, ", which takes more"),
                                 kRemedy);
          case TypeDifference::kRelated:
            return output.FindAt(Severity::kWarning, object, what, kRemedy);
          case TypeDifference::kNarrower:
            return output.Find(object, absl::StrCat(what, ", which takes less"), kRemedy);
          case TypeDifference::kOther:
            return output.Find(object, what, kRemedy);
        }
      });
}

void NullableDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmColumn(input, output,
                   [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                             const v1::Column& column) {
                     const std::string object = ObjectOfField(mapped, declared.name());
                     if (declared.nullable() == v1::KNOWN_UNSPECIFIED) {
                       return output.CannotSay(object,
                                               "whether the mapper declares NOT NULL is not known");
                     }
                     const bool may_be_null = declared.nullable() == v1::KNOWN_YES;
                     const bool is_not_null = IsNotNull(*mapped.database, column);
                     if (may_be_null != is_not_null) return;
                     output.Find(object,
                                 absl::StrCat(may_be_null ? "may be NULL" : "is NOT NULL",
                                              " to the mapper, and ", NameOfColumn(mapped, column),
                                              may_be_null ? " is NOT NULL" : " may be NULL"),
                                 "declare the same on both sides");
                   });
}

// A column with what both sides say of who fills it.
struct Filled {
  const MappedModel& mapped;
  const v1::ModelColumn& declared;
  const v1::Column& column;
  const std::string object;
};

bool IsCounted(const v1::Column& column) {
  return column.has_default() || column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED;
}

void CompareGenerated(const Filled& filled, RuleOutput& output) {
  const auto& [mapped, declared, column, object] = filled;
  if (column.generated() == v1::COLUMN_GENERATED_UNSPECIFIED) {
    return output.FindAt(Severity::kError, object,
                         absl::StrCat("is generated to the mapper, and ",
                                      NameOfColumn(mapped, column), " is not: it stays empty"),
                         "declare the same on both sides");
  }
  const absl::string_view text = TextOfColumn(mapped, column.name());
  if (PlainExpression(declared.generated()) == PlainExpression(text) && SawTexts(mapped)) return;
  output.CannotSay(object, "whether both sides generate it alike is not known");
}

void CompareServerDefault(const Filled& filled, RuleOutput& output) {
  const auto& [mapped, declared, column, object] = filled;
  // What a sequence fills in is as good as nothing declared: who writes a value writes that.
  const bool is_counted = column.identity() != v1::COLUMN_IDENTITY_UNSPECIFIED;
  if (!column.has_default() && (declared.server_default().empty() || is_counted)) return;
  if (column.has_default() && !SawTexts(mapped)) {
    return output.CannotSay(object, "the column's default was not seen");
  }
  const v1::DataType type = WithoutDomain(*mapped.database, column.type());
  const absl::string_view text = TextOfColumn(mapped, column.name());
  if (declared.server_default().empty() && absl::StartsWith(text, "nextval(")) return;
  switch (Compare(DefaultOfText(declared.server_default(), type), DefaultOfText(text, type))) {
    case Comparison::kSame:
      return;
    case Comparison::kCannotSay:
      return output.CannotSay(object,
                              absl::StrCat("DEFAULT ", declared.server_default(),
                                           " of the mapper cannot be compared with ", text));
    case Comparison::kDiffer:
      break;
  }
  const bool is_declared = !declared.server_default().empty();
  output.FindAt(
      is_declared ? Severity::kWarning : Severity::kInfo, object,
      absl::StrCat("has ", is_declared ? "DEFAULT " : "no DEFAULT", declared.server_default(),
                   " to the mapper, and ", NameOfColumn(mapped, column),
                   text.empty() ? " has none" : " has ", text),
      "declare the same on both sides");
}

void ServerDefaultDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmColumn(
      input, output,
      [&output](const MappedModel& mapped, const v1::ModelColumn& declared,
                const v1::Column& column) {
        const Filled filled = {mapped, declared, column, ObjectOfField(mapped, declared.name())};
        for (const absl::string_view part : {"server_default", "identity", "generated"}) {
          if (!IsUnknown(declared, part)) continue;
          return output.CannotSay(filled.object, absl::StrCat(part, " of the mapper is not known"));
        }
        if (!declared.generated().empty()) return CompareGenerated(filled, output);
        if (column.generated() != v1::COLUMN_GENERATED_UNSPECIFIED) return;  // another rule's
        if (declared.identity().empty()) return CompareServerDefault(filled, output);
        if (IsCounted(column)) return;
        output.FindAt(Severity::kError, filled.object,
                      absl::StrCat("is numbered by the server to the mapper, and ",
                                   NameOfColumn(mapped, column),
                                   " has neither a default nor an identity: inserting fails"),
                      absl::StrCat("alter table ", NameOfTable(mapped), " alter column ",
                                   column.name(), " add generated by default as identity;"));
      });
}

constexpr RuleRun kRuns[] = {
    {{"model/orm-nullable-differs", Severity::kError, "correctness", kModels,
      "NULL is written and refused, or read where the application does not expect it.",
      "Declare the same on both sides."},
     "models",
     NullableDiffers},
    {{"model/orm-server-default-differs", Severity::kWarning, "correctness", kModels,
      "A row gets another value than the mapper says, or none.", "Declare the same on both sides."},
     "models",
     ServerDefaultDiffers},
    {{"model/orm-type-differs", Severity::kError, "correctness", kModels,
      "Values that the mapper takes are refused or changed by a column of another type.",
      "Give both sides the same type."},
     "models",
     TypeDiffers},
};

}  // namespace

absl::Span<const RuleRun> ModelOrmColumnRules() { return kRuns; }

}  // namespace varve
