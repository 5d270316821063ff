#include "agent/source/redis/safe_name.h"

#include <algorithm>

#include "agent/redaction/key_name.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kDelimiters = ":/|{}#,";

bool IsEdge(absl::string_view name, size_t at) {
  return at >= name.size() || kDelimiters.find(name[at]) != absl::string_view::npos;
}

bool EndsInClass(absl::string_view name) {
  const Tokens tokens = TokensOf(name);
  return !tokens.empty() && tokens.back().kind == TokenKind::kClass;
}

// Whether `part` of `name` stands between delimiters and is one class: then no byte of it is in a
// pattern.
bool IsClass(absl::string_view name, absl::string_view part) {
  const size_t begin = name.find(part);
  // Not a part, but word of the end of a long name that was left out.
  if (begin == absl::string_view::npos) return EndsInClass(name);
  if (begin > 0 && !IsEdge(name, begin - 1)) return false;
  if (!IsEdge(name, begin + part.size())) return false;
  const Tokens tokens = TokensOf(part);
  return tokens.size() == 1 && tokens[0].kind == TokenKind::kClass;
}

}  // namespace

absl::string_view SafeName(const Redactor& redactor, absl::string_view name,
                           std::string& masked_name) {
  Masked masked;
  masked_name = MaskKeyName(redactor, name, masked);
  const bool all_are_classes =
      std::all_of(masked.parts.begin(), masked.parts.end(),
                  [name](const std::string& part) { return IsClass(name, part); });
  return all_are_classes ? name : absl::string_view(masked_name);
}

}  // namespace varve::redis
