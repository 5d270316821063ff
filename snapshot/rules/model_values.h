// Which values a field and a column admit, where either lists them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/type_fit.h"

namespace varve {

// Of an enum or a Literal.
struct ModelValues {
  EnumValues kind = EnumValues::kTexts;
  std::vector<std::string> values;
  std::vector<std::string> names;  // of an enum's members, each beside its value; else empty
  bool are_all = true;             // else some could not be read
};

// The values of a field, or of the elements of its list; nothing where its type lists none, or not
// in one form. `models` is the section it is of.
std::optional<ModelValues> ValuesOf(const SectionView& models, const v1::ModelField& field);

// What PostgreSQL holds a column, or the elements of its array, to.
struct ColumnValues {
  enum class Kind {
    kFree,    // to no list
    kListed,  // to `texts`: labels of an enum, or a CHECK, be it a domain's
    kUnseen,  // perhaps to one, which was not seen
  };
  Kind kind = Kind::kFree;
  std::vector<std::string> texts;
  std::string by;  // what lists them: "public.mood", "check orders_status_check"
};
ColumnValues ValuesOf(const MappedModel& mapped, const v1::Column& column);

// Those of `texts` that `others` do not have, in their order.
std::vector<std::string> Without(const std::vector<std::string>& texts,
                                 const std::vector<std::string>& others);

}  // namespace varve
