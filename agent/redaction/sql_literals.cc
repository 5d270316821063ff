#include "agent/redaction/sql_literals.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "agent/redaction/secret_name.h"

namespace varve {
namespace {

// An expression in brackets is no longer than that, or not looked into.
constexpr size_t kLongestBrackets = 4096;
// A name has no more casts around it than that.
constexpr int kMostCasts = 4;
constexpr size_t kLongestType = 64;

bool IsWord(char c) { return absl::ascii_isalnum(c) || c == '_'; }

class Finder {
 public:
  explicit Finder(absl::string_view text) : text_(text) {}

  std::vector<Range> FindAll() {
    for (size_t i = 0; i < text_.size();) {
      if (!IsWord(text_[i])) {
        ++i;
        continue;
      }
      const size_t begin = i;
      while (IsWord(At(i))) ++i;
      if (IsSecretName(text_.substr(begin, i - begin))) {
        LookBefore(begin);
        LookAfter(i);
      }
    }
    return Sorted();
  }

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  char Before(size_t i) const { return i > 0 ? text_[i - 1] : '\0'; }

  size_t SkipSpace(size_t i) const {
    while (absl::ascii_isspace(At(i))) ++i;
    return i;
  }
  size_t SkipSpaceBack(size_t i) const {
    while (absl::ascii_isspace(Before(i))) --i;
    return i;
  }

  // Takes `word` from `i` on; leaves `i` where it does not stand there.
  bool Take(absl::string_view word, size_t& i) const {
    const size_t at = SkipSpace(i);
    if (!absl::EqualsIgnoreCase(text_.substr(at, word.size()), word)) return false;
    if (IsWord(word.back()) && IsWord(At(at + word.size()))) return false;
    i = at + word.size();
    return true;
  }
  bool TakeBack(absl::string_view word, size_t& i) const {
    const size_t end = SkipSpaceBack(i);
    if (end < word.size()) return false;
    const size_t at = end - word.size();
    if (!absl::EqualsIgnoreCase(text_.substr(at, word.size()), word)) return false;
    if (IsWord(word.front()) && IsWord(Before(at))) return false;
    i = at;
    return true;
  }

  // "::character varying(20)[]" from `i` on.
  bool TakeCast(size_t& i) const {
    if (!absl::StartsWith(text_.substr(i), "::")) return false;
    size_t end = i + 2;
    const size_t most = end + kLongestType;
    while (end < most && (IsWord(At(end)) || At(end) == '.' || At(end) == '"')) ++end;
    if (end == i + 2) return false;
    Take("varying", end);
    if (At(end) == '(') {
      while (end < most && At(end) != ')' && At(end) != '\0') ++end;
      if (At(end) == ')') ++end;
    }
    if (absl::StartsWith(text_.substr(end), "[]")) end += 2;
    i = end;
    return true;
  }

  // Of `'…'::character varying(20)` that ends at `i`: to the place after the quote.
  bool TakeCastBack(size_t& i) const {
    const size_t floor = i > kLongestType ? i - kLongestType : 0;
    size_t at = i;
    if (at > floor + 1 && text_.substr(at - 2, 2) == "[]") at -= 2;
    if (Before(at) == ')') {
      do --at;
      while (at > floor && (absl::ascii_isdigit(text_[at - 1]) || text_[at - 1] == ','));
      if (Before(at) != '(') return false;
      --at;
    }
    while (at > floor && (IsWord(text_[at - 1]) || absl::StrContains(" .\"", text_[at - 1]))) --at;
    if (at < 2 || at == i || text_.substr(at - 2, 2) != "::") return false;
    const char operand = Before(at - 2);
    if (operand != '\'' && operand != ')') return false;
    i = at - 2;
    return true;
  }

  // The content of the constant that begins at `i`, which moves to the place after it.
  Range TakeLiteral(size_t& i) {
    const size_t begin = i + 1;
    for (size_t at = begin; at < text_.size(); ++at) {
      if (text_[at] != '\'') continue;
      if (At(at + 1) == '\'') {
        ++at;
        continue;
      }
      i = at + 1;
      return {begin, at};
    }
    i = text_.size();
    return {};
  }

  // The content of the constant that ends at `end`. Inside another constant its quotes are doubled.
  Range LiteralBefore(size_t end) const {
    size_t close = end;
    while (Before(close) == '\'') --close;
    const size_t quotes = end - close;
    if (quotes == 2) {
      const size_t open = close == 0 ? kNone : text_.rfind('\'', close - 1);
      // A quote alone opens another constant; this one is empty.
      if (open == kNone || Before(open) != '\'') return {};
      return {open + 1, close};
    }
    if (quotes % 2 == 0) return {};
    for (size_t at = end - 1; at > 0; --at) {
      if (text_[at - 1] != '\'') continue;
      if (at > 1 && text_[at - 2] == '\'') {
        --at;
        continue;
      }
      return {at, end - 1};
    }
    return {};
  }

  void Add(Range content) {
    if (content.end <= content.begin) return;
    // ' || x || ': between two constants, not one.
    if (absl::StrContains(" ,;)|\n", text_[content.begin])) return;
    if (absl::StartsWith(text_.substr(content.end), "'::regclass")) return;
    found_.push_back(content);
  }

  // All constants of an expression in brackets: [begin, end).
  void AddAll(size_t begin, size_t end) {
    for (size_t i = begin; i < end;) {
      if (text_[i] == '\'') {
        Add(TakeLiteral(i));
      } else {
        ++i;
      }
    }
  }

  // The place of the bracket that opens what is closed before `end`; npos where there is none.
  size_t OpeningBracket(size_t end) const {
    const size_t floor = end > kLongestBrackets ? end - kLongestBrackets : 0;
    int depth = 0;
    bool quoted = false;
    for (size_t i = end; i > floor; --i) {
      const char c = text_[i - 1];
      if (c == '\'') quoted = !quoted;
      if (quoted) continue;
      if (c == ')') ++depth;
      if (c == '(' && --depth == 0) return i - 1;
    }
    return kNone;
  }

  size_t ClosingBracket(size_t open) const {
    const size_t end = std::min(open + kLongestBrackets, text_.size());
    int depth = 0;
    bool quoted = false;
    for (size_t i = open; i < end; ++i) {
      const char c = text_[i];
      if (c == '\'') quoted = !quoted;
      if (quoted) continue;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return i;
    }
    return kNone;
  }

  // What stands before the name that begins at `begin`.
  void LookBefore(size_t begin) {
    size_t i = begin;
    if (Before(i) == '"') --i;
    if (Before(i) == '.') {  // new.password
      const size_t floor = i > kLongestType ? i - kLongestType : 0;
      --i;
      while (i > floor && IsWord(text_[i - 1])) --i;
    }
    if (TakeBack("as", i)) {
      if (!absl::ascii_isspace(At(i + 2))) return;
      i = SkipSpaceBack(i);
      while (TakeCastBack(i)) {
      }
      if (Before(i) == '\'') return Add(LiteralBefore(i));
      if (Before(i) != ')' || i <= looked_back_to_) return;
      const size_t open = OpeningBracket(i);
      if (open != kNone) AddAll(open, i);
      looked_back_to_ = i;
    } else if (TakeBack("<>", i) || TakeBack("!=", i) || TakeBack("=", i)) {
      if (i > 0 && absl::StrContains("<>!:=", text_[i - 1])) return;
      i = SkipSpaceBack(i);
      while (TakeCastBack(i)) {
      }
      if (Before(i) == '\'') Add(LiteralBefore(i));
    }
  }

  // What stands after the name that ends at `end`.
  void LookAfter(size_t end) {
    size_t i = end;
    if (At(i) == '"') ++i;
    bool is_cast = false;
    for (int casts = 0; casts < kMostCasts; ++casts) {
      size_t cast = At(i) == ')' ? i + 1 : i;
      if (!TakeCast(cast)) break;
      is_cast = true;
      i = cast;
    }
    if (Take("is", i)) {
      Take("not", i);
      if (Take("distinct", i) && Take("from", i)) AddAt(i);
      return;
    }
    Take("not", i);
    if (!Take("in", i)) {
      if (!Take("=", i) && !Take("<>", i) && !Take("!=", i)) return;
      if (!Take("any", i) && !Take("all", i)) {
        if (is_cast) AddAt(i);
        return;
      }
    }
    i = SkipSpace(i);
    if (At(i) != '(' || i < looked_to_) return;
    size_t inside = i + 1;
    if (Take("select", inside) || Take("values", inside)) return;
    const size_t close = ClosingBracket(i);
    looked_to_ = close == kNone ? i : close;
    if (close != kNone) AddAll(i, close);
  }

  void AddAt(size_t i) {
    i = SkipSpace(i);
    if (absl::ascii_isalpha(At(i)) && At(i + 1) == '\'') ++i;  // E'…'
    if (At(i) == '\'' && At(i + 1) != '\'') Add(TakeLiteral(i));
  }

  std::vector<Range> Sorted() {
    std::sort(found_.begin(), found_.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    std::vector<Range> ranges;
    for (const Range& range : found_) {
      if (ranges.empty() || range.begin >= ranges.back().end) ranges.push_back(range);
    }
    return ranges;
  }

  static constexpr size_t kNone = absl::string_view::npos;
  absl::string_view text_;
  std::vector<Range> found_;
  size_t looked_to_ = 0, looked_back_to_ = 0;
};

}  // namespace

std::vector<Range> SecretLiterals(absl::string_view text) { return Finder(text).FindAll(); }

}  // namespace varve
