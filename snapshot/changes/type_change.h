// What becomes of the values of a column that is given another type.
#pragma once

#include "absl/strings/string_view.h"

namespace varve {

enum class TypeChange {
  kWidens,   // the same kind of value, and every old one fits: varchar(20) to varchar(40), int to
             // bigint
  kFits,     // every old value fits, but clients are given another kind: integer to numeric
  kNarrows,  // old values may not fit, or are other values afterwards
};

// Both as PostgreSQL prints types: "character varying(20)", "numeric(12,2)[]".
TypeChange TypeChangeOf(absl::string_view before, absl::string_view after);

}  // namespace varve
