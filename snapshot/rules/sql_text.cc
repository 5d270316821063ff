#include "snapshot/rules/sql_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

// Where the quoted part that begins at `at` ends, one beyond its closing quote; a doubled quote is
// a part of it.
size_t EndOfQuoted(absl::string_view text, size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] != quote) continue;
    if (at + 1 < text.size() && text[at + 1] == quote) {
      ++at;
      continue;
    }
    return at + 1;
  }
  return text.size();
}

bool IsQuote(char c) { return c == '\'' || c == '"'; }
bool IsWordByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & '\x80') != 0;
}

// What may follow the first word of a type's name.
constexpr absl::string_view kMoreWords[] = {" varying",
                                            " precision",
                                            " without time zone",
                                            " with time zone",
                                            " year to month",
                                            " day to hour",
                                            " day to minute",
                                            " day to second",
                                            " hour to minute",
                                            " hour to second",
                                            " minute to second",
                                            " year",
                                            " month",
                                            " day",
                                            " hour",
                                            " minute",
                                            " second"};

// Where the type ends that begins at `at`: a name with a schema, a size, words after it, brackets
// of an array.
size_t EndOfType(absl::string_view text, size_t at) {
  while (at < text.size()) {
    if (text[at] == '"') {
      at = EndOfQuoted(text, at);
    } else if (IsWordByte(text[at]) || text[at] == '.') {
      ++at;
    } else if (text[at] == '(') {
      at = std::min(text.size(), text.find(')', at)) + 1;
    } else if (absl::StartsWith(text.substr(at), "[]")) {
      at += 2;
    } else {
      const auto more = std::find_if(
          std::begin(kMoreWords), std::end(kMoreWords),
          [&](absl::string_view words) { return absl::StartsWith(text.substr(at), words); });
      if (more == std::end(kMoreWords)) break;
      at += more->size();
    }
  }
  return std::min(at, text.size());
}

// Without casts; outside of quotes in lower case, and each run of white space as one space.
std::string WithoutCasts(absl::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      const size_t end = EndOfQuoted(text, at);
      absl::StrAppend(&plain, text.substr(at, end - at));
      at = end;
    } else if (absl::StartsWith(text.substr(at), "::")) {
      at = EndOfType(text, at + 2);
    } else {
      const char c = absl::ascii_tolower(static_cast<unsigned char>(text[at]));
      const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
      if (!is_space) plain += c;
      if (is_space && !plain.empty() && plain.back() != ' ') plain += ' ';
      ++at;
    }
  }
  return plain;
}

// No space beside brackets, commas and operators.
std::string WithoutNeedlessSpace(absl::string_view text) {
  const auto stands_alone = [](char c) { return !IsWordByte(c) && !IsQuote(c); };
  std::string tight;
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      const size_t end = EndOfQuoted(text, at);
      absl::StrAppend(&tight, text.substr(at, end - at));
      at = end;
      continue;
    }
    const bool is_needless =
        text[at] == ' ' && (tight.empty() || stands_alone(tight.back()) || at + 1 == text.size() ||
                            stands_alone(text[at + 1]));
    if (!is_needless) tight += text[at];
    ++at;
  }
  return tight;
}

// Where the bracket closes that opens at the beginning; npos where none does.
size_t ClosingOfFirst(absl::string_view text) {
  int depth = 0;
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      at = EndOfQuoted(text, at);
      continue;
    }
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at;
    ++at;
  }
  return absl::string_view::npos;
}

bool IsOneThing(absl::string_view text) {
  if (text.empty()) return false;
  if (IsQuote(text[0])) return EndOfQuoted(text, 0) == text.size();
  return std::all_of(text.begin(), text.end(), [](char c) { return IsWordByte(c) || c == '.'; });
}

// Without brackets around one text, number or name, which casts leave: "f('a', (b))". Those that
// follow a word are a call's.
std::string WithoutLoneBrackets(absl::string_view text) {
  std::string open;
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      const size_t end = EndOfQuoted(text, at);
      absl::StrAppend(&open, text.substr(at, end - at));
      at = end;
      continue;
    }
    const bool follows_word = !open.empty() && (IsWordByte(open.back()) || open.back() == '"');
    const size_t closing = text[at] == '(' && !follows_word ? ClosingOfFirst(text.substr(at))
                                                            : absl::string_view::npos;
    if (closing != absl::string_view::npos && IsOneThing(text.substr(at + 1, closing - 1))) {
      absl::StrAppend(&open, text.substr(at + 1, closing - 1));
      at += closing + 1;
    } else {
      open += text[at++];
    }
  }
  return open;
}

// Without any: what a check allows is told here by forms that mean the same without them.
std::string WithoutBrackets(absl::string_view text) {
  std::string open;
  for (size_t at = 0; at < text.size();) {
    const size_t end = IsQuote(text[at]) ? EndOfQuoted(text, at) : at + 1;
    if (text[at] != '(' && text[at] != ')') absl::StrAppend(&open, text.substr(at, end - at));
    at = end;
  }
  return open;
}

std::vector<absl::string_view> SplitOutsideQuotes(absl::string_view text,
                                                  absl::string_view divider) {
  std::vector<absl::string_view> parts;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    if (IsQuote(text[at])) {
      at = EndOfQuoted(text, at);
    } else if (absl::StartsWith(text.substr(at), divider)) {
      parts.push_back(text.substr(begin, at - begin));
      at += divider.size();
      begin = at;
    } else {
      ++at;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// Adds the texts of one comparison; false where it is none of the column with texts.
bool AddAllowed(absl::string_view part, absl::string_view column, std::vector<std::string>& texts) {
  // The server quotes words that are reserved, too.
  const std::string quoted = absl::StrCat("\"", column, "\"");
  if (!absl::ConsumePrefix(&part, column) && !absl::ConsumePrefix(&part, quoted)) return false;
  if (!absl::ConsumePrefix(&part, "=")) return false;
  if (absl::ConsumePrefix(&part, "any array[") && !absl::ConsumeSuffix(&part, "]")) return false;
  for (const absl::string_view item : SplitOutsideQuotes(part, ",")) {
    std::optional<std::string> text = TextOfLiteral(item);
    if (!text.has_value()) return false;
    texts.push_back(*std::move(text));
  }
  return true;
}

}  // namespace

std::string PlainExpression(absl::string_view expression) {
  std::string plain = WithoutLoneBrackets(WithoutNeedlessSpace(WithoutCasts(expression)));
  while (!plain.empty() && plain.front() == '(' && ClosingOfFirst(plain) == plain.size() - 1) {
    plain = plain.substr(1, plain.size() - 2);
  }
  for (const absl::string_view now : {"current_timestamp", "transaction_timestamp()"}) {
    if (plain == now) return "now()";
  }
  return plain;
}

std::optional<std::string> TextOfLiteral(absl::string_view plain) {
  const bool is_text =
      plain.size() >= 2 && plain[0] == '\'' && EndOfQuoted(plain, 0) == plain.size();
  if (!is_text || plain.back() != '\'') return std::nullopt;
  return absl::StrReplaceAll(plain.substr(1, plain.size() - 2), {{"''", "'"}});
}

std::optional<std::vector<std::string>> AllowedTexts(absl::string_view check,
                                                     absl::string_view column) {
  const std::string plain =
      WithoutNeedlessSpace(WithoutBrackets(WithoutCasts(absl::StripAsciiWhitespace(check))));
  const std::string name = QuotedIdentifier(column);
  std::vector<std::string> texts;
  for (const absl::string_view part : SplitOutsideQuotes(plain, " or ")) {
    if (!AddAllowed(part, name, texts)) return std::nullopt;
  }
  return texts;
}

}  // namespace varve
