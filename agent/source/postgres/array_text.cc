#include "agent/source/postgres/array_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace varve::postgres {
namespace {

// The text between the braces; "" where there are none. A lower bound other than 1 comes first:
// `[0:1]={a,b}`.
absl::string_view Inside(absl::string_view text) {
  const size_t open = text.find('{');
  if (open == absl::string_view::npos || text.back() != '}') return "";
  text.remove_prefix(open + 1);
  text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::string> ArrayItems(absl::string_view text) {
  std::vector<std::string> items;
  if (text.empty()) return items;
  const absl::string_view inside = Inside(text);
  if (inside.empty()) return items;
  std::string item;
  bool in_quotes = false, was_quoted = false;
  const auto close = [&] {
    if (!was_quoted && absl::AsciiStrToUpper(item) == "NULL") item.clear();
    items.push_back(std::exchange(item, {}));
    was_quoted = false;
  };
  for (size_t i = 0; i < inside.size(); ++i) {
    const char c = inside[i];
    if (c == '\\' && i + 1 < inside.size()) {
      item += inside[++i];
      was_quoted = true;
    } else if (c == '"') {
      in_quotes = !in_quotes;
      was_quoted = true;
    } else if (c == ',' && !in_quotes) {
      close();
    } else {
      item += c;
    }
  }
  close();
  return items;
}

std::vector<int64_t> ArrayNumbers(absl::string_view text) {
  std::vector<int64_t> numbers;
  if (absl::StrContains(text, '{')) text = Inside(text);
  for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(", "), absl::SkipEmpty())) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(word, &number)) break;
    numbers.push_back(number);
  }
  return numbers;
}

std::string ByteaBytes(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "\\x") || text.size() % 2 != 0) return "";
  if (!std::all_of(text.begin(), text.end(), absl::ascii_isxdigit)) return "";
  return absl::HexStringToBytes(text);
}

}  // namespace varve::postgres
