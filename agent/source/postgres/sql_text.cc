#include "agent/source/postgres/sql_text.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace varve::postgres {
namespace {

// The place after the quoted part that begins at `at` (a ' or a "), npos where it never ends; a
// doubled quote does not end it. The server doubles backslashes in what it prints, so that none
// hides a quote.
size_t AfterQuoted(absl::string_view text, size_t at) {
  const char quote = text[at];
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != quote) continue;
    if (i + 1 < text.size() && text[i + 1] == quote) {
      ++i;
      continue;
    }
    return i + 1;
  }
  return absl::string_view::npos;
}

// The place after the bracket that closes the one at `open`; npos where none does.
size_t AfterBrackets(absl::string_view text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '"') {
      i = AfterQuoted(text, i);
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return i + 1;
    ++i;
  }
  return absl::string_view::npos;
}

}  // namespace

std::string AlwaysQuoted(absl::string_view name) {
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

std::string TriggerCondition(absl::string_view definition) {
  constexpr absl::string_view kWhen = " WHEN (";
  for (size_t i = 0; i < definition.size();) {  // npos ends it too
    if (definition[i] == '"') {
      i = AfterQuoted(definition, i);
    } else if (absl::StartsWith(definition.substr(i), kWhen)) {
      const size_t open = i + kWhen.size() - 1;
      const size_t end = AfterBrackets(definition, open);
      if (end == absl::string_view::npos) return "";
      return std::string(definition.substr(open + 1, end - open - 2));
    } else {
      ++i;
    }
  }
  return "";
}

std::vector<absl::string_view> ListedExpressions(absl::string_view list) {
  std::vector<absl::string_view> expressions;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < list.size();) {
    const char c = list[i];
    if (c == '\'' || c == '"') {
      i = std::min(AfterQuoted(list, i), list.size());
      continue;
    }
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      expressions.push_back(list.substr(begin, i - begin));
      begin = i + 1;
    }
    ++i;
  }
  expressions.push_back(list.substr(begin));
  return expressions;
}

std::vector<StringLiteral> StringLiterals(absl::string_view expression) {
  std::vector<StringLiteral> literals;
  for (size_t i = 0; i < expression.size();) {
    const char c = expression[i];
    if (c != '\'' && c != '"') {
      ++i;
      continue;
    }
    const size_t after = AfterQuoted(expression, i);
    const size_t end = std::min(after, expression.size());
    if (c == '\'') {
      const size_t size = end - i - (after == absl::string_view::npos ? 1 : 2);
      literals.push_back({expression.substr(i + 1, size), expression.substr(end)});
    }
    i = end;
  }
  return literals;
}

}  // namespace varve::postgres
