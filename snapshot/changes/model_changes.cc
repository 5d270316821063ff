// What changes of models do to who gives them input and reads their output.
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "snapshot/changes/change_case.h"

namespace varve {
namespace {

using v1::Difference;

constexpr v1::ChangeClass kBreaking = v1::CHANGE_CLASS_BREAKING;
constexpr v1::ChangeClass kRisky = v1::CHANGE_CLASS_RISKY;
constexpr v1::ChangeClass kAdditive = v1::CHANGE_CLASS_ADDITIVE;
constexpr v1::ChangeClass kCosmetic = v1::CHANGE_CLASS_COSMETIC;

bool IsYes(const Change& change) { return change.after == "yes"; }
// What a field that came says of itself: "int required yes nullable no".
bool IsRequired(const Change& change) { return absl::StrContains(change.after, " required yes"); }

// One of the members of a union that it became: "int" of "Union[int, str]", "str" of
// "Optional[str]"; a union or literal with more members.
bool TypeGained(const Change& change) {
  absl::string_view before = change.before;
  for (const absl::string_view form : {"Union[", "Literal["}) {
    if (!absl::StartsWith(change.after, form)) continue;
    const std::string open = absl::StartsWith(before, form)
                                 ? std::string(before.substr(0, before.size() - 1))
                                 : absl::StrCat(form, before);
    if (absl::StartsWith(change.after, absl::StrCat(open, ", "))) return true;
  }
  return change.after == absl::StrCat("Optional[", before, "]") ||
         absl::StrContains(change.after, absl::StrCat(", ", before, "]")) ||
         absl::StrContains(change.after, absl::StrCat(", ", before, ", "));
}

// A bound that moved outwards.
bool Loosens(const Change& change) {
  double before = 0;
  double after = 0;
  if (!absl::SimpleAtod(change.before, &before) || !absl::SimpleAtod(change.after, &after)) {
    return false;
  }
  const std::string& name = *change.path[3];
  const bool is_upper =
      name == "le" || name == "lt" || absl::StartsWith(name, "max_") || name == "decimal_places";
  const bool is_lower = name == "ge" || name == "gt" || absl::StartsWith(name, "min_");
  return (is_upper && after > before) || (is_lower && after < before);
}

// Names that a field goes by where `alias` is not all: those that it is given or written under, of
// settings the variables of the environment.
bool IsOfNames(const Change& change) {
  const std::string& name = *change.path[3];
  return name == "validation_alias" || name == "serialization_alias" || name == "env";
}

// What asks for other checks or another output, and refuses no input by itself; "[0].fail_fast" is
// of a type's first argument.
bool IsOfHandling(const Change& change) {
  const absl::string_view name = *change.path[3];
  for (const absl::string_view handling :
       {"exclude_if", "fail_fast", "omit_on_error", "serialize_as_any", "skip_validation"}) {
    if (name == handling || absl::EndsWith(name, absl::StrCat(".", handling))) return true;
  }
  return false;
}

constexpr ChangeCase kCases[] = {
    {{"change/model-dropped", kBreaking, "who imports it fails"},
     "model model_enum",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     ""},
    {{"change/field-dropped", kBreaking, "who reads it fails"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     "fields/*"},
    {{"change/field-added-required", kBreaking, "input without it is refused"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_ADDED,
     "fields/*",
     IsRequired},
    {{"change/field-added", kAdditive, "nobody relied on it"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_ADDED,
     "fields/*"},
    {{"change/field-required", kBreaking, "input without it is refused"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/required",
     IsYes},
    {{"change/field-optional", kAdditive, "input may leave it out"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/required"},
    {{"change/field-nullable", kRisky, "readers may meet null"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/nullable",
     IsYes},
    {{"change/field-not-nullable", kBreaking, "input of null is refused"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/nullable"},
    {{"change/field-type-widened", kRisky, "readers may meet another type"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/type",
     TypeGained},
    {{"change/field-type", kBreaking, "input may be refused, and readers meet another type"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/type"},
    {{"change/field-default", kRisky, "input without it is given another value"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/default"},
    {{"change/field-alias", kBreaking, "input and output under the old name fail"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/alias"},
    {{"change/field-alias", kBreaking, "input and output under the old name fail"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/constraints/**",
     IsOfNames},
    {{"change/field-handling", kRisky, "it is checked or written otherwise"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/constraints/**",
     IsOfHandling},
    {{"change/field-constraint-dropped", kAdditive, "more input is taken"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     "fields/*/constraints/*"},
    {{"change/field-constraint-loosened", kAdditive, "more input is taken"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/constraints/*/value",
     Loosens},
    {{"change/field-constraint", kBreaking, "input that was taken is refused"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/constraints/**"},
    {{"change/deprecated", kCosmetic, "it is said to go"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields/*/deprecated"},
    {{"change/deprecated", kCosmetic, "it is said to go"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "deprecated"},
    {{"change/field-order", kCosmetic, "nobody goes by it"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "fields"},
    {{"change/declared-table", kRisky, "it expects another table"},
     "model",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "table/**"},
    {{"change/enum-value-dropped", kBreaking, "writes of it fail"},
     "model_enum",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     "members/*"},
    {{"change/enum-value-added", kRisky, "readers may meet a value that they do not know"},
     "model_enum",
     v1::FACET_STRUCTURE,
     Difference::OP_ADDED,
     "members/*"},
    {{"change/deprecated", kCosmetic, "it is said to go"},
     "model",
     v1::FACET_BEHAVIOUR,
     Difference::OP_UNSPECIFIED,
     "functions/*/deprecated"},
    {{"change/model-behaviour", kRisky, "other input is taken, or it is written otherwise"},
     "model",
     v1::FACET_BEHAVIOUR,
     Difference::OP_UNSPECIFIED,
     "**"},
};

}  // namespace

absl::Span<const ChangeCase> ModelChangeCases() { return kCases; }

}  // namespace varve
