// Rules about what only one side holds a value to: padding, case, patterns and bounds.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_type.h"
#include "snapshot/rules/model_values.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/sql_text.h"
#include "snapshot/rules/walk.h"

namespace varve {
namespace {

constexpr char kConstraintsNotKnown[] = "its constraints are not all known";

// A field with its column.
struct Pair {
  const MappedModel& mapped;
  const v1::ModelField& field;
  const v1::Column& column;

  std::string Object() const { return ObjectOfField(mapped, field.name()); }
};

void ForEachPair(const RuleInput& input, RuleOutput& output,
                 absl::FunctionRef<void(const Pair&)> look) {
  ForEachField(
      input, output,
      [&look](const MappedModel& mapped, const v1::ModelField& field, const v1::Column& column) {
        look({mapped, field, column});
      });
}

// Characters, not bytes.
int64_t LengthOfText(absl::string_view text) {
  return absl::c_count_if(text, [](char c) { return (c & '\xC0') != '\x80'; });
}

bool IsBlankPadded(const v1::DataType& type) {
  return !type.array() && FamilyOf(type) == kChar && LengthOf(type).has_value();
}

// Whether the model cuts off what char(n) adds.
bool Strips(const Pair& pair) {
  return ConstraintOf(pair.field, "strip_whitespace") == "true" ||
         ConfigOf(*pair.mapped.model, "str_strip_whitespace") == "true";
}

void LookAtPaddedValues(const Pair& pair, const ModelValues& values, int64_t length,
                        RuleOutput& output) {
  std::vector<std::string> shorter;
  for (const std::string& value : values.values) {
    if (LengthOfText(value) < length) shorter.push_back(absl::StrCat("'", value, "'"));
  }
  if (!values.are_all) {
    return output.CannotSay(pair.Object(), "not all values of its enum are known");
  }
  if (shorter.empty()) return;
  output.FindAt(Weigh(pair.mapped, Severity::kWarning), pair.Object(),
                absl::StrCat("has ", absl::StrJoin(shorter, ", "), ", which ",
                             NameAndType(pair.mapped, pair.column),
                             " gives back padded with spaces: reading such a row fails"),
                "make the column varchar or text");
}

void CharPadding(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&](const Pair& pair) {
    const v1::DataType type = WithoutDomain(*pair.mapped.database, pair.column.type());
    if (!IsBlankPadded(type) || Strips(pair)) return;
    if (!pair.mapped.model->Saw(v1::FACET_BEHAVIOUR)) {
      return output.CannotSay(pair.Object(), "whether its model strips texts was not seen");
    }
    const int64_t length = *LengthOf(type);
    const std::optional<ModelValues> values = ValuesOf(input.section, pair.field);
    if (values.has_value() && values->kind == EnumValues::kTexts) {
      return LookAtPaddedValues(pair, *values, length, output);
    }
    if (WithoutNone(pair.field.type()) != "str") return;
    if (IsUnknown(pair.field, "constraints")) {
      return output.CannotSay(pair.Object(), kConstraintsNotKnown);
    }
    int64_t most = 0;
    const bool is_shorter =
        absl::SimpleAtoi(ConstraintOf(pair.field, "max_length"), &most) && most < length;
    if (!is_shorter) return;
    output.FindAt(Weigh(pair.mapped, Severity::kWarning), pair.Object(),
                  absl::StrCat("takes at most ", most, " characters, and ",
                               NameAndType(pair.mapped, pair.column), " gives back ", length),
                  "make the column varchar or text");
  });
}

// How a column compares texts.
enum class CaseRule { kTold, kFolded, kUnseen };

CaseRule CaseRuleOf(const Pair& pair, const v1::DataType& type) {
  if (type.type().names_size() == 2 && type.type().names(1) == "citext") return CaseRule::kFolded;
  if (!pair.column.has_collation()) return CaseRule::kTold;
  const EntityKey key = KeyOf(pair.column.collation());
  // Those that the server brings tell every text apart, and are no entities.
  if (key.names.front() == "pg_catalog") return CaseRule::kTold;
  const EntityView* const collation = pair.mapped.database->Find(key);
  if (collation == nullptr || !collation->Saw(v1::FACET_STRUCTURE)) return CaseRule::kUnseen;
  return collation->Shape(v1::FACET_STRUCTURE).collation().nondeterministic() ? CaseRule::kFolded
                                                                              : CaseRule::kTold;
}

// Whether the model brings all texts to one case.
bool FoldsCase(const Pair& pair) {
  for (const absl::string_view name : {"to_lower", "to_upper"}) {
    if (ConstraintOf(pair.field, name) == "true") return true;
    if (ConfigOf(*pair.mapped.model, absl::StrCat("str_", name)) == "true") return true;
  }
  return false;
}

void CaseRulesDiffer(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&output](const Pair& pair) {
    const v1::DataType type = WithoutDomain(*pair.mapped.database, pair.column.type());
    if (FamilyOf(type) != kText || WithoutNone(pair.field.type()) != "str") return;
    const CaseRule rule = CaseRuleOf(pair, type);
    if (rule == CaseRule::kUnseen) {
      return output.CannotSay(pair.Object(), "the collation of its column was not seen");
    }
    if (IsUnknown(pair.field, "constraints")) {
      return output.CannotSay(pair.Object(), kConstraintsNotKnown);
    }
    if (FoldsCase(pair) == (rule == CaseRule::kFolded)) return;
    const std::string column = NameAndType(pair.mapped, pair.column);
    output.Find(pair.Object(),
                rule == CaseRule::kFolded
                    ? absl::StrCat("tells texts apart that ", column, " takes for one")
                    : absl::StrCat("is brought to one case, and ", column, " takes any"),
                "let both sides treat case alike");
  });
}

// The constraints of a field that a check could hold, too.
std::vector<std::string> ChecksOfField(const v1::ModelField& field) {
  std::vector<std::string> checks;
  for (const absl::string_view name : {"pattern", "ge", "gt", "le", "lt", "multiple_of"}) {
    const absl::string_view value = ConstraintOf(field, name);
    if (!value.empty()) checks.push_back(absl::StrCat(name, " ", value));
  }
  return checks;
}

bool HasCheckOf(const v1::TableStructure& table, absl::string_view column) {
  return absl::c_any_of(table.constraints(), [column](const v1::Constraint& constraint) {
    return constraint.type() == v1::CONSTRAINT_TYPE_CHECK &&
           absl::c_linear_search(constraint.columns(), column);
  });
}

// A domain that a type rests on, itself first.
void ForEachDomain(const SectionView& database, v1::DataType type,
                   absl::FunctionRef<void(const EntityKey&, const EntityView*)> look) {
  while (!type.array() && type.type().kind() == "domain") {
    const EntityKey key = KeyOf(type.type());
    const EntityView* const domain = database.Find(key);
    const bool is_seen = domain != nullptr && domain->Saw(v1::FACET_STRUCTURE);
    look(key, is_seen ? domain : nullptr);
    if (!is_seen) return;
    const v1::DataType below = domain->Shape(v1::FACET_STRUCTURE).domain().base();
    type = below;
  }
}

bool HasCheck(const EntityView& domain) {
  return absl::c_any_of(domain.Shape(v1::FACET_STRUCTURE).domain().constraints(),
                        [](const v1::DomainConstraint& constraint) {
                          return constraint.type() == v1::CONSTRAINT_TYPE_CHECK;
                        });
}

void ConstraintWithoutCheck(const RuleInput& input, RuleOutput& output) {
  ForEachPair(input, output, [&output](const Pair& pair) {
    if (pair.mapped.role == ModelRole::kRead) return;
    const std::vector<std::string> ours = ChecksOfField(pair.field);
    if (ours.empty()) {
      if (IsUnknown(pair.field, "constraints")) {
        output.CannotSay(pair.Object(), kConstraintsNotKnown);
      }
      return;
    }
    bool is_held = HasCheckOf(TableOf(pair.mapped), pair.column.name());
    bool is_seen = true;
    ForEachDomain(*pair.mapped.database, pair.column.type(),
                  [&](const EntityKey&, const EntityView* domain) {
                    is_seen &= domain != nullptr;
                    is_held |= domain != nullptr && HasCheck(*domain);
                  });
    if (is_held) return;
    if (!is_seen) return output.CannotSay(pair.Object(), "the domain of its column was not seen");
    output.Find(pair.Object(),
                absl::StrCat("is held to ", absl::StrJoin(ours, ", "), ", and no check holds ",
                             NameOfColumn(pair.mapped, pair.column), " to anything"),
                "add a check that says the same");
  });
}

// Whether the model does more than take what is of the type: a check beside it may say the same.
bool HoldsItself(const RuleInput& input, const Pair& pair) {
  if (!pair.field.constraints().empty() || ValuesOf(input.section, pair.field).has_value()) {
    return true;
  }
  const absl::string_view type = WithoutNone(pair.field.type());
  const bool is_plain = type == "str" || type == "int" || type == "float" || type == "Decimal";
  const auto& functions =
      pair.mapped.model->Shape(v1::FACET_BEHAVIOUR).model_behaviour().functions();
  return !is_plain || absl::c_any_of(functions, [&pair](const v1::ModelFunction& function) {
    return absl::c_linear_search(function.fields(), pair.field.name());
  });
}

// What a check says, where that is more than that there is a value.
bool SaysMoreThanNotNull(absl::string_view check, absl::string_view column) {
  return PlainExpression(check) != absl::StrCat(column, " is not null");
}

// A check that holds the column to what the model does not hold it to.
struct Stricter {
  std::string by;       // "check orders_total_check"; empty where there is none
  bool is_seen = true;  // else what it says was not
};

Stricter StricterCheck(const Pair& pair) {
  for (const v1::Constraint& check : TableOf(pair.mapped).constraints()) {
    const bool is_of_column = check.type() == v1::CONSTRAINT_TYPE_CHECK &&
                              check.columns_size() == 1 && check.columns(0) == pair.column.name();
    if (!is_of_column) continue;
    const std::string by = absl::StrCat("check ", check.name());
    if (!SawTexts(pair.mapped)) return {by, false};
    for (const v1::ConstraintExpression& text :
         pair.mapped.table->Shape(v1::FACET_EXPRESSIONS).table_expressions().constraints()) {
      if (text.name() != check.name()) continue;
      if (SaysMoreThanNotNull(text.expression(), pair.column.name())) return {by, true};
    }
  }
  return {};
}

Stricter StricterDomain(const Pair& pair) {
  Stricter found;
  ForEachDomain(
      *pair.mapped.database, pair.column.type(),
      [&found](const EntityKey& key, const EntityView* domain) {
        if (!found.by.empty()) return;
        const std::string by = absl::StrCat("domain ", DisplayName(key));
        if (domain == nullptr || (HasCheck(*domain) && !domain->Saw(v1::FACET_EXPRESSIONS))) {
          found = {by, false};
          return;
        }
        for (const v1::ConstraintExpression& check :
             domain->Shape(v1::FACET_EXPRESSIONS).domain_expressions().constraints()) {
          if (SaysMoreThanNotNull(check.expression(), "value")) found = {by, true};
        }
      });
  return found;
}

void LookAtStricter(const RuleInput& input, RuleOutput& output, Stricter (*stricter)(const Pair&)) {
  ForEachPair(input, output, [&](const Pair& pair) {
    if (pair.mapped.role == ModelRole::kRead) return;
    const Stricter found = stricter(pair);
    if (found.by.empty() || HoldsItself(input, pair)) return;
    if (!found.is_seen) {
      return output.CannotSay(pair.Object(), absl::StrCat("what ", found.by, " says was not seen"));
    }
    const bool is_partly_known =
        IsUnknown(pair.field, "constraints") ||
        IsUnknown(pair.mapped.model->Shape(v1::FACET_BEHAVIOUR).model_behaviour(), "functions");
    if (is_partly_known) return output.CannotSay(pair.Object(), kConstraintsNotKnown);
    output.Find(
        pair.Object(),
        absl::StrCat("takes any ", WithoutNone(pair.field.type()), ", and ", found.by, " holds ",
                     NameOfColumn(pair.mapped, pair.column), " to less: writing fails"),
        "let the model say what the database does");
  });
}

void CheckWithoutConstraint(const RuleInput& input, RuleOutput& output) {
  LookAtStricter(input, output, StricterCheck);
}

void DomainStricter(const RuleInput& input, RuleOutput& output) {
  LookAtStricter(input, output, StricterDomain);
}

constexpr RuleRun kRuns[] = {
    {{"model/case-rules-differ", Severity::kInfo, "correctness", kModelsWithBehaviour,
      "Texts that differ in case are two to one side and one to the other: look-ups miss, and "
      "unique columns refuse.",
      "Let both sides treat case alike.", kOnlyIfNamed},
     "models",
     CaseRulesDiffer},
    {{"model/char-padding", Severity::kWarning, "correctness", kModels,
      "char(n) gives a shorter text back with spaces: it is not the one that was written, and a "
      "model that lists its values refuses it.",
      "Make the column varchar or text."},
     "models",
     CharPadding},
    {{"model/check-without-constraint", Severity::kWarning, "policy", kModelsWithBehaviour,
      "What the model accepts is refused by a check of the table, and told as an error of the "
      "server.",
      "Let the model say what the check does.", kOnlyIfNamed},
     "models",
     CheckWithoutConstraint},
    {{"model/constraint-without-check", Severity::kWarning, "policy", kModels,
      "What the model refuses others can write: rows appear that it cannot read.",
      "Add a check that says the same.", kOnlyIfNamed},
     "models",
     ConstraintWithoutCheck},
    {{"model/stricter-domain", Severity::kWarning, "policy", kModelsWithBehaviour,
      "What the model accepts is refused by the column's domain, and told as an error of the "
      "server.",
      "Let the model say what the domain does.", kOnlyIfNamed},
     "models",
     DomainStricter},
};

}  // namespace

absl::Span<const RuleRun> ModelTextRules() { return kRuns; }

}  // namespace varve
