// Secrets in SQL that a name beside them tells, where more than a sign stands between the two:
// ('…'::text) AS password, password = ANY (ARRAY['…', '…']), '…'::text = password.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "agent/redaction/tokens.h"

namespace varve {

// The contents of the string constants that `text` gives to, or compares with, something that has a
// secret's name; from left to right, none empty, none over another. Names of objects
// ('…'::regclass) are none. The cost is linear in `text`.
std::vector<Range> SecretLiterals(absl::string_view text);

}  // namespace varve
