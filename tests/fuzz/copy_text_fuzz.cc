// A row of COPY text: fields that are printed as the server prints them come back, and any bytes
// give fields that lie inside the row.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "agent/source/postgres/copy_text.h"
#include "tests/fuzz/property.h"

namespace varve::postgres {
namespace {

using Field = std::optional<std::string>;

// As CopyAttributeOutText() of the server.
std::string Printed(const std::vector<Field>& fields) {
  std::string row;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += '\t';
    if (!fields[i].has_value()) {
      row += "\\N";
      continue;
    }
    for (const char c : *fields[i]) {
      static constexpr absl::string_view kSpecial = "\b\f\n\r\t\v\\";
      static constexpr absl::string_view kLetters = "bfnrtv\\";
      const size_t at = kSpecial.find(c);
      if (at == absl::string_view::npos) {
        row += c;
      } else {
        row += {'\\', kLetters[at]};
      }
    }
  }
  return row + "\n";
}

std::vector<Field> Split(std::string row) {
  std::vector<CopyField> fields;
  SplitCopyRow(absl::MakeSpan(row.data(), row.size()), fields);
  VARVE_HOLDS(!fields.empty());
  std::vector<Field> copies;
  size_t bytes = 0;
  for (const CopyField& field : fields) {
    bytes += field.text.size();
    VARVE_HOLDS(!field.is_null || field.text.empty());
    VARVE_HOLDS(field.text.empty() ||
                (field.text.data() >= row.data() &&
                 field.text.data() + field.text.size() <= row.data() + row.size()));
    copies.push_back(field.is_null ? Field() : Field(std::string(field.text)));
  }
  VARVE_HOLDS(bytes <= row.size());
  return copies;
}

}  // namespace
}  // namespace varve::postgres

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using varve::postgres::Field;
  using varve::postgres::Printed;
  using varve::postgres::Split;
  const absl::string_view text = varve::testing::AsText(data, size);
  const std::vector<Field> any = Split(std::string(text));
  VARVE_HOLDS(Split(Printed(any)) == any);

  // The input as fields: parted by bytes 0, one that is the byte 1 alone is NULL.
  std::vector<Field> fields;
  for (const absl::string_view field : absl::StrSplit(text, '\0')) {
    fields.push_back(field == "\x01" ? Field() : Field(std::string(field)));
  }
  VARVE_HOLDS(Split(Printed(fields)) == fields);
  return 0;
}
