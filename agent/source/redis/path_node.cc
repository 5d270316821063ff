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

bool IsGeneralised(absl::string_view piece) {
  if (piece == kAnyElement) return false;
  for (size_t i = 0; i < piece.size(); ++i) {
    if (piece[i] == '*') return true;
    if (piece[i] == '\\') ++i;
  }
  return false;
}

std::vector<std::string> PiecesOf(absl::string_view path) {
  std::vector<std::string> pieces;
  std::string piece;
  bool is_nested = false;  // dots have a meaning from the first '$' or "[*]" on
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const bool follows_dollar = !piece.empty() && piece == "$" && !pieces.empty();
    const bool begins = c == '$' || (c == '[' && (i == 0 || is_nested)) || (c == '.' && is_nested);
    if (begins && !piece.empty() && !follows_dollar) {
      pieces.push_back(std::move(piece));
      piece.clear();
    }
    is_nested |= c == '$' || (c == '[' && i == 0);
    piece += c;
    if (c == '\\' && i + 1 < path.size()) piece += path[++i];
  }
  if (!piece.empty()) pieces.push_back(std::move(piece));
  return pieces;
}

}  // namespace varve::redis
