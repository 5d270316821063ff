#include "agent/source/redis/path_node.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {
namespace {

void AppendEscaped(std::string& to, absl::string_view text, bool is_field) {
  const absl::string_view special = is_field ? "\\$*" : "\\$*.[";
  for (const char c : text) {
    const bool begins_as_element = c == '[' && to.empty();
    if (special.find(c) != absl::string_view::npos || begins_as_element) to += '\\';
    to += c;
  }
}

}  // namespace

absl::string_view ValueTypeWord(ValueType type) {
  switch (type) {
    case ValueType::kArray:
      return "array";
    case ValueType::kBinary:
      return "binary";
    case ValueType::kBoolean:
      return "boolean";
    case ValueType::kInteger:
      return "integer";
    case ValueType::kNull:
      return "null";
    case ValueType::kNumber:
      return "number";
    case ValueType::kObject:
      return "object";
    case ValueType::kString:
      return "string";
  }
  return "";
}

void PathNode::Mark(ValueType type) {
  values = 1;
  types[static_cast<size_t>(type)] = 1;
}

void PathNode::Add(const PathNode& other) { AddUpTo(other, UINT32_MAX); }

void PathNode::AddUpTo(const PathNode& other, uint32_t most) {
  const auto sum = [most](uint32_t a, uint32_t b) {
    return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{a} + b, most));
  };
  values = sum(values, other.values);
  for (size_t i = 0; i < kValueTypes; ++i) types[i] = sum(types[i], other.types[i]);
  for (const auto& [piece, child] : other.children) children[piece].AddUpTo(child, most);
}

std::string PathName(absl::string_view name, bool is_field) {
  if (name.empty()) return "\"\"";
  std::string piece;
  for (const Token& token : TokensOf(name)) {
    if (token.kind == TokenKind::kClass) {
      piece += '*';
    } else {
      AppendEscaped(piece, token.text, is_field);
    }
  }
  return piece;
}

}  // namespace varve::redis
