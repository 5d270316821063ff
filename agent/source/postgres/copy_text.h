// The text format of COPY … TO STDOUT, one row at a time.
// https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve::postgres {

// One column of a row. `text` is empty where it is NULL.
struct CopyField {
  absl::string_view text;
  bool is_null = false;
};

// Splits one row into `fields`, unescaping in place: `row` is overwritten, and the fields point
// into it. A newline at its end is left out. Any bytes give fields: a backslash before an unknown
// letter stands for the letter, one at the end for itself.
void SplitCopyRow(absl::Span<char> row, std::vector<CopyField>& fields);

}  // namespace varve::postgres
