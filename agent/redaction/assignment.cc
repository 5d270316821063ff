#include "agent/redaction/assignment.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "agent/redaction/secret_name.h"

namespace varve {
namespace {

constexpr size_t kNone = absl::string_view::npos;
// An escaped quote or a dollar quote is closed within that, or taken for none.
constexpr size_t kLongestEscapedValue = 1024;

bool IsQuote(char c) { return c == '\'' || c == '"'; }
bool IsWord(char c) { return absl::ascii_isalnum(c) || c == '_'; }

bool IsOneOf(absl::string_view word, std::initializer_list<absl::string_view> words) {
  return std::any_of(words.begin(), words.end(), [word](absl::string_view other) {
    return absl::EqualsIgnoreCase(word, other);
  });
}

// What stands in code where a secret might: no value, a type, a placeholder.
bool IsNoSecret(absl::string_view value) {
  if (IsOneOf(value,
              {"null",     "none",   "nil",     "true",     "false",  "undefined", "str",
               "text",     "string", "varchar", "bytes",    "bytea",  "int",       "secretstr",
               "optional", "char",   "uuid",    "required", "is",     "not",       "the",
               "a",        "an",     "and",     "or",       "default"})) {
    return true;
  }
  // $1, ${NAME}, %s, {name}, ?, <name>, :name, ***
  return absl::StrContains("$%{?<:*", absl::string_view(value.data(), 1));
}

// Words that no declaration has before its value: what they stand in is an expression.
constexpr std::initializer_list<absl::string_view> kNoTypeWords = {
    "is",   "then",   "and",  "or",    "in",  "like",   "else",   "end", "if", "begin",
    "loop", "return", "from", "where", "set", "select", "values", "as",  "on", "when"};

// The same before "=", which also compares: what can stand between a column and a comparison.
constexpr std::initializer_list<absl::string_view> kClauseWords = {
    "having",    "using",  "limit", "order", "group",  "union", "except",  "intersect",
    "returning", "into",   "join",  "left",  "right",  "inner", "cross",   "full",
    "natural",   "offset", "fetch", "for",   "filter", "over",  "between", "ilike",
    "similar",   "asc",    "desc",  "by",    "exists", "the",   "a",       "an"};

// NEW.password, p_password, secret_value(…), os.environ[…]: a reference to a secret, in code.
bool IsReference(absl::string_view value, char after) {
  const bool is_path =
      std::all_of(value.begin(), value.end(), [](char c) { return IsWord(c) || c == '.'; }) &&
      !absl::ascii_isdigit(value.front());
  if (!is_path) return false;
  if (after == '(' || after == '[') return true;
  return (absl::StrContains(value, '.') || absl::StrContains(value, '_')) && IsSecretName(value);
}

}  // namespace

size_t AssignmentReader::SkipSpace(size_t i) const {
  while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t')) ++i;
  return i;
}

// A declaration puts a type between a name and its value: `text :=`, `varchar(20) NOT NULL
// DEFAULT`,
// `: str =`; PL/pgSQL also takes `text =`. The place of the quoted constant after it, which begins
// at `i`; npos where there is none.
size_t AssignmentReader::AfterDeclaration(size_t i) const {
  constexpr size_t kLongest = 96;
  if (absl::StartsWith(text_.substr(i), ":=")) return kNone;  // there is no type
  const size_t end = std::min(text_.size(), i + kLongest);
  const bool has_colon = At(i) == ':';
  size_t value = kNone;
  bool is_first = true, is_clause = false;
  int brackets = 0;
  for (size_t at = i + (has_colon ? 1 : 0); at < end && value == kNone;) {
    if (absl::StartsWith(text_.substr(at), ":=") && !has_colon) {
      value = at + 2;
    } else if (text_[at] == '=') {
      if (!has_colon && (is_first || is_clause)) return kNone;  // no type: it compares
      value = at + 1;
    } else if (absl::StrContains(" \t.,()[]%", text_[at])) {
      brackets += text_[at] == '(' || text_[at] == '[' ? 1 : 0;
      brackets -= text_[at] == ')' || text_[at] == ']' ? 1 : 0;
      if (brackets < 0 || (brackets == 0 && text_[at] == ',')) return kNone;  // of another name
      ++at;
    } else {
      size_t word = at;
      while (IsWord(At(word))) ++word;
      const absl::string_view text = text_.substr(at, word - at);
      if (text.empty() || IsOneOf(text, kNoTypeWords)) return kNone;
      is_clause |= IsOneOf(text, kClauseWords);
      // After a colon a secret may stand as well.
      if (std::exchange(is_first, false) && has_colon && !IsNoSecret(text)) return kNone;
      if (absl::EqualsIgnoreCase(text, "default")) value = word;
      at = word;
    }
  }
  if (value == kNone) return kNone;
  value = SkipSpace(value);
  const bool is_prefixed = absl::ascii_isalpha(At(value)) && IsQuote(At(value + 1));
  return IsQuote(At(value)) || is_prefixed ? value : kNone;
}

// The value whose `quotes` quotes begin at `at`: as many, and not twice as many, close it.
Range AssignmentReader::QuotedInside(size_t at, size_t quotes) const {
  const size_t begin = at + quotes;
  const size_t most = std::min(text_.size(), begin + kLongestEscapedValue);
  for (size_t i = begin; i < most;) {
    size_t run = 0;
    while (At(i + run) == '\'') ++run;
    if (run % (2 * quotes) >= quotes) return {begin, i + run / (2 * quotes) * 2 * quotes};
    i += std::max<size_t>(run, 1);
  }
  return {begin, begin};
}

Range AssignmentReader::Quoted(size_t at) {
  const size_t quote = text_.find_first_not_of('\\', at);
  const absl::string_view opener = text_.substr(at, quote - at + 1);
  const size_t begin = quote + 1;
  // Inside another string: \"…\" ends at the same sequence.
  if (opener.size() > 1) {
    const size_t end = text_.substr(0, begin + kLongestEscapedValue).find(opener, begin);
    return end == kNone ? Range{} : Range{begin, end};
  }
  if (opener[0] == '\'' && At(begin) == '\'') {
    // Inside another constant quotes are doubled, inside that once more.
    size_t quotes = 1;
    while (At(at + quotes) == '\'') ++quotes;
    if (quotes % 2 == 0) return QuotedInside(at, quotes);
  }
  size_t& no_quote_from = no_quote_from_[opener[0] == '\'' ? 0 : 1];
  if (begin >= no_quote_from) return {};
  for (size_t i = begin; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == opener[0]) {
      const bool is_doubled = At(i + 1) == opener[0] && (i > begin || opener[0] == '\'');
      if (!is_doubled) return {begin, i};
      ++i;  // doubled inside SQL text
    }
  }
  no_quote_from = begin;
  return {};
}

// Where a value without quotes ends: at white space, a quote, or where the next of several
// assignments begins
// (;User=…, &sslmode=…). A backslash takes the next character along, as in libpq's connection
// strings.
size_t AssignmentReader::BareEnd(size_t at) {
  if (at >= last_bare_.begin && at < last_bare_.end) return last_bare_.end;
  size_t i = at;
  while (i < text_.size()) {
    const char c = text_[i];
    if (absl::ascii_isspace(c) || absl::ascii_iscntrl(c) || IsQuote(c)) break;
    if (c == '\\') {
      if (i + 1 >= text_.size() || IsQuote(text_[i + 1])) break;
      ++i;
    } else if (c == '<' && At(i + 1) == '/') {
      break;
    } else if (c == ';' || c == ',' || c == '&') {
      size_t name = i + 1;
      while (IsWord(At(name)) && name - i < 64) ++name;
      if (name > i + 1 && At(name) == '=') break;
    }
    ++i;
  }
  last_bare_ = {at, std::min(i, text_.size())};
  return last_bare_.end;
}

Range AssignmentReader::Bare(size_t at, absl::string_view name, bool adjacent) {
  size_t end = BareEnd(at);
  while (end > at && absl::StrContains(",;)]}.", absl::string_view(&text_[end - 1], 1))) --end;
  if (end == at) return {};
  const absl::string_view value = text_.substr(at, end - at);
  const size_t stem = std::min(value.find_first_of("([,;)"), value.size());
  if (stem == 0) return {};
  if (IsNoSecret(value.substr(0, stem))) return {};
  if (IsReference(value.substr(0, stem), stem < value.size() ? value[stem] : '\0')) return {};
  if (std::all_of(value.begin(), value.end(), absl::ascii_isdigit)) {
    if (!IsPasswordName(name) && value.size() < 6) return {};
  } else if (!adjacent && std::all_of(value.begin(), value.end(), absl::ascii_isalpha)) {
    // "the token: see below" is prose, "password: swordfish" at the end of a line is not.
    const size_t after = SkipSpace(end);
    if (after < text_.size() && text_[after] != '\n' && text_[after] != '\r') return {};
  }
  return {at, end};
}

Range AssignmentReader::ValueOf(size_t begin, size_t end) {
  const absl::string_view name = text_.substr(begin, end - begin);
  if (!IsSecretName(name)) return {};
  size_t i = end;
  while (At(i) == '\\') ++i;
  const bool name_quoted = IsQuote(At(i));
  i = name_quoted ? i + 1 : end;
  const size_t after_name = i;
  i = SkipSpace(i);
  const bool spaced = i > after_name;

  size_t separator = 0;
  for (const absl::string_view s : {":=", "=>", "==", "!=", "<>", "=", ":", ">"}) {
    if (absl::StartsWith(text_.substr(i), s)) {
      separator = s.size();
      break;
    }
  }
  const bool is_cast = At(i) == ':' && At(i + 1) == ':';
  const bool is_tag = At(i) == '>' && begin > 0 && text_[begin - 1] == '<' && !spaced;
  if (is_cast || (At(i) == '>' && !is_tag)) return {};
  if (const size_t declared = AfterDeclaration(i); declared != kNone) {
    const Range quoted = Quoted(IsQuote(At(declared)) ? declared : declared + 1);
    return quoted.end > quoted.begin ? quoted : Range{};
  }
  if (separator == 0) {
    // ALTER ROLE app PASSWORD 'x', and --password x; nothing else says itself without a separator.
    const bool is_option = begin >= 2 && text_.substr(begin - 2, 2) == "--";
    const bool is_sql = !name_quoted && IsQuote(At(i));
    if (!spaced || (!is_option && !is_sql)) return {};
    if (is_option && At(i) == '-') return {};
  }
  size_t value = separator == 0 ? i : SkipSpace(i + separator);
  bool adjacent = separator > 0 && value == i + separator && !spaced && At(i) != ':';
  if (absl::EqualsIgnoreCase(name, "authorization") ||
      absl::EndsWithIgnoreCase(name, "-authorization")) {
    size_t scheme = value;
    while (absl::ascii_isalpha(At(scheme))) ++scheme;
    if (scheme > value && At(scheme) == ' ') {
      value = SkipSpace(scheme);
      adjacent = true;
    }
  }
  // E'…', N'…', U&'…', b"…", f"…"
  if (absl::ascii_isalpha(At(value)) && IsQuote(At(value + 1))) ++value;
  if (At(value) == '$') {
    const size_t tag_end = text_.substr(0, value + 64).find('$', value + 1);
    if (tag_end != kNone) {
      const absl::string_view tag = text_.substr(value, tag_end - value + 1);
      const size_t body = tag_end + 1;
      const size_t close = text_.substr(0, body + kLongestEscapedValue).find(tag, body);
      if (close != kNone && close > body) return {body, close};
    }
  }
  const size_t quote = std::min(text_.find_first_not_of('\\', value), text_.size());
  if (IsQuote(At(quote))) {
    const Range quoted = Quoted(value);
    if (quoted.end > quoted.begin) {
      // 'password = ' || x: the quote closed a text that the name is part of.
      const bool is_code = absl::StrContains(" ,;:)|\n", text_[quoted.begin]);
      return is_code ? Range{} : quoted;
    }
    if (quoted.end != 0) return {};  // an empty value
    value = quote + 1;               // no closing quote
  }
  if (separator == 0 && !absl::StartsWith(text_.substr(begin - std::min<size_t>(begin, 2)), "--"))
    return {};
  return Bare(value, name, adjacent);
}

}  // namespace varve
