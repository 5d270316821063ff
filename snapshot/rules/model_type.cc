#include "snapshot/rules/model_type.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace varve {
namespace {

std::vector<absl::string_view> SplitArguments(absl::string_view text) {
  std::vector<absl::string_view> arguments;
  int depth = 0;
  char quote = 0;
  size_t begin = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[' || c == '(') {
      ++depth;
    } else if (c == ']' || c == ')') {
      --depth;
    } else if (c == ',' && depth == 0) {
      arguments.push_back(absl::StripAsciiWhitespace(text.substr(begin, at - begin)));
      begin = at + 1;
    }
  }
  arguments.push_back(absl::StripAsciiWhitespace(text.substr(begin)));
  return arguments;
}

// Python's repr of a text: quoted, with C's escapes. False where it is none.
bool TakeText(absl::string_view spelled, std::string& text) {
  const bool is_quoted = spelled.size() >= 2 && (spelled[0] == '\'' || spelled[0] == '"') &&
                         spelled.back() == spelled[0];
  return is_quoted && absl::CUnescape(spelled.substr(1, spelled.size() - 2), &text);
}

bool IsNumber(absl::string_view spelled) {
  const absl::string_view digits = spelled.substr(!spelled.empty() && spelled[0] == '-' ? 1 : 0);
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
}

}  // namespace

SpelledType TakeApart(absl::string_view type) {
  type = absl::StripAsciiWhitespace(type);
  const size_t bracket = type.find('[');
  if (bracket == absl::string_view::npos || type.back() != ']') return {type, {}};
  return {type.substr(0, bracket),
          SplitArguments(type.substr(bracket + 1, type.size() - bracket - 2))};
}

absl::string_view WithoutNone(absl::string_view type) {
  const SpelledType spelled = TakeApart(type);
  if (spelled.name == "Optional" && spelled.arguments.size() == 1) {
    return WithoutNone(spelled.arguments[0]);
  }
  if (spelled.name == "Union" && spelled.arguments.size() == 2) {
    if (spelled.arguments[0] == "None") return WithoutNone(spelled.arguments[1]);
    if (spelled.arguments[1] == "None") return WithoutNone(spelled.arguments[0]);
  }
  return absl::StripAsciiWhitespace(type);
}

LiteralValues ValuesOfLiteral(const SpelledType& type) {
  LiteralValues values;
  if (type.name != "Literal") return values;
  for (const absl::string_view argument : type.arguments) {
    std::string text;
    if (argument == "None") continue;
    if (TakeText(argument, text)) {
      values.texts.push_back(text);
    } else if (IsNumber(argument)) {
      values.numbers.push_back(std::string(argument));
    } else {
      return {};
    }
  }
  if (!values.texts.empty() && !values.numbers.empty()) return {};
  return values;
}

}  // namespace varve
