// Types of fields as models spell them: "Optional[list[UUID]]", "Literal['a', 'b']".
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve {

// "list" and {"UUID"} of "list[UUID]"; commas within brackets or quotes do not divide. Borrowed.
struct SpelledType {
  absl::string_view name;
  std::vector<absl::string_view> arguments;
};
SpelledType TakeApart(absl::string_view type);

// What is left of a type without Optional[…] and the None of a union of two; borrowed. What is left
// of another union is that union.
absl::string_view WithoutNone(absl::string_view type);

// The texts of a Literal of texts alone, or the numbers of one of numbers alone, as they would be
// stored; neither where it is no such Literal.
struct LiteralValues {
  std::vector<std::string> texts;
  std::vector<std::string> numbers;
};
LiteralValues ValuesOfLiteral(const SpelledType& type);

}  // namespace varve
