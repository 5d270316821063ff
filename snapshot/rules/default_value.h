// Defaults of both sides, brought to one form: a column's is an expression, a model's a value.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "varve/v1/models.pb.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

struct DefaultValue {
  enum class Kind {
    kNone,        // no default, or NULL
    kLiteral,     // a value; `text` is equal for equal values of the column's type
    kUncertain,   // a value of which equal ones may be written otherwise: dates, addresses, …
    kExpression,  // `text` as PlainExpression has it
    kUnknown,     // there is one, and what it is cannot be known: masked, or not followed
  };
  Kind kind = Kind::kNone;
  std::string text;
};

// DEFAULT of a column as PostgreSQL or a mapper writes it; empty where it has none. `type` is no
// domain.
DefaultValue DefaultOfText(absl::string_view expression, const v1::DataType& type);

// A value in canonical JSON that goes to a column of that type.
DefaultValue DefaultOfJson(absl::string_view json, const v1::DataType& type);

// Of a field. What a function makes is no value: nothing is known of it but of those that make an
// empty list or dictionary.
DefaultValue DefaultOfField(const v1::ModelField& field, const v1::DataType& type);

enum class Comparison { kSame, kDiffer, kCannotSay };

// Two expressions that differ may have one value; but two calls without arguments are as different
// as their names.
Comparison Compare(const DefaultValue& a, const DefaultValue& b);

}  // namespace varve
