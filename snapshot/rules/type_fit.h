// Whether values of a model's field fit a column.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// How a type fits. Unknown is silent: what we have no row for is never a finding.
enum class Fit {
  kUnknown,
  kFits,
  kNearly,        // the column has a narrower or another type that takes the same values
  kByConvention,  // converted with loss, or by an agreement that neither side states
  kNot,
};

// What the values of an enum are.
enum class EnumValues { kTexts, kNumbers };

// How the type of a field, as models spell it ("Optional[list[UUID]]"), fits a column's, which is
// no domain.
Fit FitOf(absl::string_view model_type, const v1::DataType& column);

// The same of a field whose type is an enum of the application, or a list of one.
Fit FitOfEnum(EnumValues values, absl::string_view model_type, const v1::DataType& column);

// Whether each class that the type names is one that FitOf has a row for: of others nobody can tell
// whether they are stored in a column at all.
bool HasOnlyKnownTypes(absl::string_view model_type);

// The length that a field allows and a column does not: "500 of 400"; empty where it fits or is not
// known.
std::string TooLong(const v1::ModelField& field, const v1::DataType& column);

// What the bounds, the digits and the decimal places of a field allow beyond the column, one text
// each: "le 70000 of 32767".
std::vector<std::string> BeyondBounds(const v1::ModelField& field, const v1::DataType& column);

}  // namespace varve
