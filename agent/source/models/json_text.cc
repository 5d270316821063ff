#include "agent/source/models/json_text.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

constexpr int kMaxDepth = 200;

// How deep brackets nest, those in strings left out.
int Depth(absl::string_view text) {
  int depth = 0, deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

absl::StatusOr<Json> ParseJson(absl::string_view text) {
  if (Depth(text) > kMaxDepth) {
    return absl::InvalidArgumentError(absl::StrCat("JSON is nested deeper than ", kMaxDepth));
  }
  // The parser ends at a NUL as at the end, and what is behind would go on unread, and unmasked.
  if (absl::StrContains(text, '\0')) return absl::InvalidArgumentError("not JSON");
  Json value = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return absl::InvalidArgumentError("not JSON");
  return value;
}

std::string JsonText(const Json& value) {
  // `replace`: text that we cut ourselves could end in half a character, and dump would throw.
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace varve
