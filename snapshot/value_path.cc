#include "snapshot/value_path.h"

#include <utility>

namespace varve {

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

bool IsGeneralised(absl::string_view piece) {
  if (piece == kAnyElement) return false;
  for (size_t i = 0; i < piece.size(); ++i) {
    if (piece[i] == '*') return true;
    if (piece[i] == '\\') ++i;
  }
  return false;
}

}  // namespace varve
