#include "snapshot/diff_words.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace varve {
namespace {

// A word, a literal or a sign of an SQL text. Quotes of an identifier are not part of its text:
// quoting depends on the name, and the name is what was renamed.
struct Token {
  enum class Kind { kIdentifier, kLiteral, kOther };
  Kind kind;
  std::string text;

  friend bool operator==(const Token&, const Token&) = default;
};

bool BeginsIdentifier(char letter) {
  return absl::ascii_isalpha(static_cast<unsigned char>(letter)) || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

bool ContinuesIdentifier(char letter) {
  return BeginsIdentifier(letter) || absl::ascii_isdigit(static_cast<unsigned char>(letter)) ||
         letter == '$';
}

// Takes a quoted piece off the front of `sql`: what stands between the quotes, doubled ones once.
// One that is not closed ends with the text.
std::string TakeQuoted(absl::string_view& sql) {
  const char quote = sql[0];
  std::string text;
  sql.remove_prefix(1);
  while (!sql.empty()) {
    const bool ends = sql[0] == quote && (sql.size() < 2 || sql[1] != quote);
    if (sql[0] == quote) sql.remove_prefix(1);
    if (ends) break;
    text += sql[0];
    sql.remove_prefix(1);
  }
  return text;
}

std::vector<Token> Tokens(absl::string_view sql) {
  std::vector<Token> tokens;
  while (!(sql = absl::StripLeadingAsciiWhitespace(sql)).empty()) {
    if (sql[0] == '"') {
      tokens.push_back({Token::Kind::kIdentifier, TakeQuoted(sql)});
    } else if (sql[0] == '\'') {
      tokens.push_back({Token::Kind::kLiteral, TakeQuoted(sql)});
    } else if (BeginsIdentifier(sql[0])) {
      const auto end = std::find_if_not(sql.begin(), sql.end(), ContinuesIdentifier);
      tokens.push_back({Token::Kind::kIdentifier, std::string(sql.begin(), end)});
      sql.remove_prefix(static_cast<size_t>(end - sql.begin()));
    } else {
      tokens.push_back({Token::Kind::kOther, std::string(sql.substr(0, 1))});
      sql.remove_prefix(1);
    }
  }
  return tokens;
}

bool IsWord(const std::vector<Token>& tokens, size_t at, absl::string_view word) {
  return at < tokens.size() && tokens[at].kind == Token::Kind::kIdentifier &&
         absl::EqualsIgnoreCase(tokens[at].text, word);
}

// The literal at `at` names an object: 'public.orders_id_seq'::regclass.
bool NamesObject(const std::vector<Token>& tokens, size_t at) {
  return at + 3 < tokens.size() && tokens[at + 1].text == ":" && tokens[at + 2].text == ":" &&
         absl::StartsWith(tokens[at + 3].text, "reg");
}

using WordPairs = std::set<std::pair<std::string, std::string>>;  // before, after

// Borrows from `tokens`.
absl::flat_hash_set<absl::string_view> NamesIn(const std::vector<Token>& tokens) {
  absl::flat_hash_set<absl::string_view> names;
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::kIdentifier) names.insert(token.text);
  }
  return names;
}

bool DifferOnlyBy(const WordPairs& words, const std::vector<Token>& a,
                  const std::vector<Token>& b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const bool identifiers = a[i].kind == Token::Kind::kIdentifier && b[j].kind == a[i].kind;
    const bool literals = a[i].kind == Token::Kind::kLiteral && b[j].kind == a[i].kind;
    if (a[i] == b[j]) {
      // nothing to explain
    } else if (identifiers && words.contains({a[i].text, b[j].text})) {
      if (IsWord(b, j + 1, "as") && IsWord(b, j + 2, a[i].text) && !IsWord(a, i + 1, "as")) {
        j += 2;  // the alias that keeps the old name
      } else if (IsWord(a, i + 1, "as") && IsWord(a, i + 2, b[j].text) && !IsWord(b, j + 1, "as")) {
        i += 2;  // an alias that the new name makes needless
      }
    } else if (!literals || !NamesObject(a, i) ||
               !DifferOnlyBy(words, Tokens(a[i].text), Tokens(b[j].text))) {
      return false;
    }
    ++i;
    ++j;
  }
  return i == a.size() && j == b.size();
}

}  // namespace

RenamedWords::RenamedWords(const RenameMap& renames) {
  for (const Renamed& renamed : renames.Renames()) {
    // An object's own name follows its schema's: types of arguments or an access method come after.
    const bool in_schema = renamed.kind != kColumn && renamed.from.size() > 1;
    const std::string& from = in_schema ? renamed.from[1] : renamed.from.back();
    const std::string& to = in_schema ? renamed.to[1] : renamed.to.back();
    touched_.push_back(from);
    touched_.push_back(to);
    if (from != to) {
      Word& word = words_.emplace_back(Word{from, to, {}, {}});
      if (renamed.kind == kColumn) {
        word.relation_from.assign(renamed.from.begin(), renamed.from.end() - 1);
        word.relation_to.assign(renamed.to.begin(), renamed.to.end() - 1);
      }
    }
    const bool moved = renamed.from.size() > 1 && renamed.from[0] != renamed.to[0];
    if (moved) words_.push_back({renamed.from[0], renamed.to[0], {}, {}});
  }
}

bool RenamedWords::MayConcern(absl::string_view bytes) const {
  return std::any_of(touched_.begin(), touched_.end(),
                     [&](const std::string& word) { return absl::StrContains(bytes, word); });
}

bool RenamedWords::ExplainDifference(const std::vector<std::string>& names,
                                     absl::string_view before, absl::string_view after) const {
  const std::vector<Token> a = Tokens(before);
  const std::vector<Token> b = Tokens(after);
  const auto names_before = NamesIn(a);
  const auto names_after = NamesIn(b);
  WordPairs words;
  for (const Word& word : words_) {
    const bool may_mean_it = word.relation_from.empty() || word.relation_from == names ||
                             (names_before.contains(word.relation_from.back()) &&
                              names_after.contains(word.relation_to.back()));
    if (may_mean_it) words.emplace(word.from, word.to);
  }
  return !words.empty() && DifferOnlyBy(words, a, b);
}

}  // namespace varve
