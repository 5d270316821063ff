#include "agent/source/postgres/row_reader.h"

#include <charconv>
#include <system_error>

namespace varve::postgres {

absl::string_view RowReader::Take() {
  if (next_ >= row_.size()) {
    malformed_ = true;
    return "";
  }
  return row_[next_++].text;
}

int64_t RowReader::TakeInt() {
  const bool is_null = NextIsNull();
  const absl::string_view text = Take();
  int64_t value = 0;
  if (is_null) return value;
  const char* const end = text.data() + text.size();
  const std::from_chars_result read = std::from_chars(text.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end) return value;
  malformed_ = true;
  return 0;
}

char RowReader::TakeChar() {
  const absl::string_view text = Take();
  return text.empty() ? '\0' : text.front();
}

absl::string_view RowReader::TakeText() {
  const absl::string_view bytes = Take();
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\\') {
      return arena_.Keep(TextFrom(bytes, form_));
    }
  }
  return arena_.Keep(bytes);
}

AclText RowReader::TakeAcl() {
  const bool present = !NextIsNull();
  return {present, TakeRaw()};
}

std::vector<int16_t> RowReader::TakeNumbers() {
  std::vector<int16_t> numbers;
  for (const int64_t number : ArrayNumbers(Take())) numbers.push_back(static_cast<int16_t>(number));
  return numbers;
}

std::vector<Oid> RowReader::TakeOids() {
  std::vector<Oid> oids;
  for (const int64_t number : ArrayNumbers(Take())) oids.push_back(static_cast<Oid>(number));
  return oids;
}

}  // namespace varve::postgres
