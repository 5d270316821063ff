// The type that a mapper declares for a column, and the one that the column has.
#pragma once

#include "absl/strings/string_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// What the column is against what is declared.
enum class TypeDifference {
  kSame,
  kWider,     // takes all that is declared, and more
  kNarrower,  // refuses or rounds a part of it
  kRelated,   // another type of the same sort
  kOther,
  kUnknown,  // nothing is known of the declared type, and the column's has another name
};

// `declared` as format_type() spells it, or as the mapper names a type of the user's own.
TypeDifference CompareTypes(absl::string_view declared, const v1::DataType& column);

}  // namespace varve
