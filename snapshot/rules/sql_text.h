// Expressions as PostgreSQL prints them and as mappers write them, brought to one form. They are
// texts that are compared, never understood.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve {

// Without the casts that PostgreSQL writes out ("'x'::character varying" is "'x'"), in lower case
// outside of quotes, with one space where there was room, none beside brackets and commas, and
// without brackets around the whole or around one name or literal. CURRENT_TIMESTAMP and its like
// read now().
std::string PlainExpression(absl::string_view expression);

// The text that a literal stands for: "it's" of "'it''s'"; nothing where a plain expression is no
// literal text.
std::optional<std::string> TextOfLiteral(absl::string_view plain);

// The texts to which a check holds a column: of "status = ANY (ARRAY['a', 'b'])", of "status =
// 'a'", and of several such joined by OR. Nothing where the check says something else, or of
// another column.
std::optional<std::vector<std::string>> AllowedTexts(absl::string_view check,
                                                     absl::string_view column);

}  // namespace varve
