#include "agent/source/postgres/copy_text.h"

#include <cstddef>

namespace varve::postgres {
namespace {

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads the escape that follows a backslash at `in`; returns the byte and moves `in` past it.
char Unescape(const char*& in, const char* end) {
  const char letter = *in++;
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case 'x': {
      int value = 0, digits = 0;
      while (digits < 2 && in < end && HexValue(*in) >= 0) {
        value = value * 16 + HexValue(*in++);
        ++digits;
      }
      return digits == 0 ? 'x' : static_cast<char>(value);
    }
    default:
      break;
  }
  if (!IsOctal(letter)) return letter;
  int value = letter - '0';
  for (int digits = 1; digits < 3 && in < end && IsOctal(*in); ++digits) {
    value = value * 8 + (*in++ - '0');
  }
  return static_cast<char>(value);
}

}  // namespace

void SplitCopyRow(absl::Span<char> row, std::vector<CopyField>& fields) {
  fields.clear();
  const char* in = row.data();
  const char* end = row.data() + row.size();
  if (in != end && end[-1] == '\n') --end;
  char* out = row.data();
  char* begin = out;
  bool is_null = false;
  const auto close = [&] {
    fields.push_back(
        {is_null ? absl::string_view() : absl::string_view(begin, static_cast<size_t>(out - begin)),
         is_null});
    is_null = false;
  };
  while (in < end) {
    const char c = *in++;
    if (c == '\t') {
      close();
      *out++ = '\t';  // so that the next field begins where nothing is overwritten
      begin = out;
    } else if (c != '\\' || in == end) {
      *out++ = c;
    } else if (*in == 'N' && out == begin && (in + 1 == end || in[1] == '\t')) {
      is_null = true;
      ++in;
    } else {
      *out++ = Unescape(in, end);
    }
  }
  close();
}

}  // namespace varve::postgres
