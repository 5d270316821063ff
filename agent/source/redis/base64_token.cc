#include "agent/source/redis/base64_token.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace varve::redis {
namespace {

enum class Sort { kNone, kLower, kUpper, kDigit, kJoin };

Sort SortOf(char c) {
  if (absl::ascii_islower(c)) return Sort::kLower;
  if (absl::ascii_isupper(c)) return Sort::kUpper;
  if (absl::ascii_isdigit(c)) return Sort::kDigit;
  return c == '-' || c == '_' || c == '/' || c == '+' ? Sort::kJoin : Sort::kNone;
}

bool IsJoin(char c) { return SortOf(c) == Sort::kJoin; }

// "cart", "Cart", "CART" or "2024": a part that somebody wrote.
bool IsPlain(absl::string_view part) {
  if (part.size() < 3) return false;
  const Sort rest = SortOf(part[1]);
  const bool is_capitalised = SortOf(part[0]) == Sort::kUpper && rest == Sort::kLower;
  if (SortOf(part[0]) != rest && !is_capitalised) return false;
  return std::all_of(part.begin() + 1, part.end(), [rest](char c) { return SortOf(c) == rest; });
}

// Without the plain parts at its end.
absl::string_view WithoutPlainEnd(absl::string_view text) {
  while (!text.empty()) {
    size_t begin = text.size();
    while (begin > 0 && !IsJoin(text[begin - 1])) --begin;
    if (!IsPlain(text.substr(begin))) return text;
    text = text.substr(0, begin > 0 ? begin - 1 : 0);
  }
  return text;
}

// Of random letters and digits that stand side by side 6 of 10 are of two sorts; of words, few. A
// digit at the end of a word says nothing: getUserByIdAndTenantName2.
bool Alternates(absl::string_view text) {
  size_t pairs = 0;
  size_t changes = 0;
  bool has_digit_inside = false;
  for (size_t i = 1; i < text.size(); ++i) {
    const Sort before = SortOf(text[i - 1]);
    const Sort sort = SortOf(text[i]);
    if (before == Sort::kJoin || sort == Sort::kJoin) continue;
    ++pairs;
    if (sort == before) continue;
    ++changes;
    has_digit_inside |= before == Sort::kDigit;
  }
  const auto has = [&text](Sort sort) {
    return std::any_of(text.begin(), text.end(), [sort](char c) { return SortOf(c) == sort; });
  };
  // Where joins stand nearly everywhere there is little to tell it by.
  return changes * 8 >= std::max(pairs, text.size() / 2) * 3 && has_digit_inside &&
         has(Sort::kLower) && has(Sort::kUpper);
}

}  // namespace

size_t Base64Size(absl::string_view text) {
  size_t end = 0;
  while (end < text.size() && SortOf(text[end]) != Sort::kNone) ++end;
  if (end < kShortestBase64) return 0;
  size_t padding = 0;
  while (padding < 2 && end + padding < text.size() && text[end + padding] == '=') ++padding;
  const absl::string_view behind = text.substr(end + padding);
  if (!behind.empty() && absl::string_view(":|.{}#@,").find(behind[0]) == absl::string_view::npos) {
    return 0;
  }
  const absl::string_view whole = text.substr(0, end);
  const absl::string_view first = whole.substr(0, std::min(whole.find_first_of("-_/+"), end));
  const absl::string_view found = padding > 0 ? whole : WithoutPlainEnd(whole);
  if (IsPlain(first) || found.size() < kShortestBase64 || !Alternates(found)) return 0;
  return found.size() + padding;
}

}  // namespace varve::redis
