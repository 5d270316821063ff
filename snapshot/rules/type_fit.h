// Whether values of a model's field fit a column.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// How a type fits. Unknown is silent: what we have no row for is never a finding.
enum class Fit {
  kUnknown,
  kFits,
  kByConvention,  // converted with loss, or by an agreement that neither side states
  kNot,
};

// How the type of a field, as models spell it ("Optional[list[UUID]]"), fits a column's.
Fit FitOf(absl::string_view model_type, const v1::DataType& column);

// The length that a field allows and a column does not: "500 of 400"; empty where it fits or is not
// known.
std::string TooLong(const v1::ModelField& field, const v1::DataType& column);

}  // namespace varve
