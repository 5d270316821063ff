#include "agent/source/redis/safe_name.h"

#include <algorithm>

#include "agent/redaction/key_name.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kDelimiters = ":/|{}#,";

bool IsOneClass(absl::string_view text) {
  const Tokens tokens = TokensOf(text);
  return tokens.size() == 1 && tokens[0].kind == TokenKind::kClass;
}

bool EndsInClass(absl::string_view name) {
  const Tokens tokens = TokensOf(name);
  return !tokens.empty() && tokens.back().kind == TokenKind::kClass;
}

// Whether `part` of `name` begins a segment that is one class, wherever it stands: then no byte of
// it is in a pattern.
bool IsHidden(absl::string_view name, absl::string_view part) {
  size_t begin = name.find(part);
  // Not a part, but word of the end of a long name that was left out.
  if (begin == absl::string_view::npos) return EndsInClass(name);
  while (begin != absl::string_view::npos) {
    if (begin > 0 && kDelimiters.find(name[begin - 1]) == absl::string_view::npos) return false;
    const size_t end = std::min(name.find_first_of(kDelimiters, begin), name.size());
    if (!IsOneClass(name.substr(begin, end - begin))) return false;
    begin = name.find(part, end);
  }
  return true;
}

}  // namespace

absl::string_view SafeName(const Redactor& redactor, absl::string_view name,
                           std::string& masked_name) {
  if (IsPlainKeyName(name)) return name;
  Masked masked;
  masked_name = MaskKeyName(redactor, name, masked);
  const bool all_are_hidden =
      std::all_of(masked.parts.begin(), masked.parts.end(),
                  [name](const std::string& part) { return IsHidden(name, part); });
  return all_are_hidden ? name : absl::string_view(masked_name);
}

}  // namespace varve::redis
