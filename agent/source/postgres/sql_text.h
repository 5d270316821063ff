// Taking apart SQL as the server prints it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve::postgres {

// `name` in double quotes, reserved words too: an identifier that means it, whatever it holds.
std::string AlwaysQuoted(absl::string_view name);

// What WHEN says in `definition`, a statement of pg_get_triggerdef(): "((old.a IS DISTINCT FROM
// new.a))" with its outer brackets taken off; "" where there is none.
std::string TriggerCondition(absl::string_view definition);

// A string constant: its content between the quotes, as written, and what follows the closing
// quote.
struct StringLiteral {
  absl::string_view content;
  absl::string_view rest;
};

// The expressions of a list as the server prints it: "'a, b'::text, f(1, 2)" are two. Views point
// into `list`, each from behind a comma to the next; "" is one empty expression.
std::vector<absl::string_view> ListedExpressions(absl::string_view list);

// The string constants of an expression, in order; one that is never closed reaches to its end.
// Views point into `expression`.
std::vector<StringLiteral> StringLiterals(absl::string_view expression);

}  // namespace varve::postgres
