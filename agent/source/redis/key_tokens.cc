#include "agent/source/redis/key_tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "agent/redaction/text.h"
#include "agent/redaction/tokens.h"
#include "agent/source/redis/base64_token.h"

namespace varve::redis {
namespace {

constexpr size_t kMaxParts = 24;
constexpr size_t kMaxTokens = 64;
constexpr size_t kLongestLiteral = 64;
// Of a longer name only the beginning is looked at; the rest is "<long>" or "<rest>" anyway.
constexpr size_t kLongestName = 4096;

// Asked of every byte of every name, so no search in a string.
bool IsDelimiter(char c) {
  switch (c) {
    case ':':
    case '/':
    case '|':
    case '.':
    case '-':
    case '{':
    case '}':
    case '#':
    case '@':
    case ',':
      return true;
    default:
      return false;
  }
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return absl::ascii_isxdigit(c); }

template <typename Test>
bool AllOf(absl::string_view text, Test test) {
  return std::all_of(text.begin(), text.end(), test);
}

bool IsVowel(char c) {
  switch (absl::ascii_tolower(c)) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
    case 'y':
      return true;
    default:
      return false;
  }
}

// Whether a token may end before `rest`.
bool IsEnd(absl::string_view rest) {
  return rest.empty() || IsDelimiter(rest[0]) || rest[0] == '_';
}

// `form` has d for a decimal digit, x for a hexadecimal one, and itself for all else.
bool HasForm(absl::string_view text, absl::string_view form) {
  if (text.size() < form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == 'd'   ? IsDigit(text[i])
                      : form[i] == 'x' ? IsHex(text[i])
                                       : text[i] == form[i];
    if (!fits) return false;
  }
  return true;
}

size_t UuidSize(absl::string_view text) {
  static constexpr absl::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return HasForm(text, kForm) && IsEnd(text.substr(kForm.size())) ? kForm.size() : 0;
}

// A day, and where it goes on so, the time of day.
size_t DateSize(absl::string_view text) {
  if (!HasForm(text, "dddd-dd-dd")) return 0;
  const int month = (text[5] - '0') * 10 + text[6] - '0';
  const int day = (text[8] - '0') * 10 + text[9] - '0';
  if (month < 1 || month > 12 || day < 1 || day > 31) return 0;
  size_t size = 10;
  if (HasForm(text.substr(size), "Tdd:dd")) {
    size += 6;
    if (HasForm(text.substr(size), ":dd")) size += 3;
    if (HasForm(text.substr(size), ".d")) {
      ++size;
      while (size < text.size() && IsDigit(text[size])) ++size;
    }
    if (absl::StartsWith(text.substr(size), "Z")) ++size;
  }
  return IsEnd(text.substr(size)) ? size : 0;
}

size_t IpSize(absl::string_view text) {
  size_t size = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (size >= text.size() || text[size] != '.') return 0;
      ++size;
    }
    const size_t begin = size;
    while (size < text.size() && IsDigit(text[size])) ++size;
    if (size == begin || size - begin > 3) return 0;
  }
  const absl::string_view rest = text.substr(size);
  return IsEnd(rest) && !absl::StartsWith(rest, ".") ? size : 0;
}

size_t EmailSize(absl::string_view text) {
  const absl::string_view segment = text.substr(0, text.find_first_of(":/|{}#,"));
  const size_t at = segment.find('@');
  if (at == absl::string_view::npos) return 0;
  const Range email = EmailAround(segment, at, 0);
  return email.begin == 0 && email.end > at ? email.end : 0;
}

bool IsUlid(absl::string_view word) {
  return word.size() == 26 && word[0] >= '0' && word[0] <= '7' && AllOf(word, [](char c) {
           return IsDigit(c) ||
                  (c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U');
         });
}

// Letters and digits mixed; "page2024" is a word with a number.
bool IsMixedId(absl::string_view word) {
  if (word.size() < 12 || !AllOf(word, absl::ascii_isalnum)) return false;
  if (std::count_if(word.begin(), word.end(), IsDigit) < 2) return false;
  const size_t stem = word.find_last_not_of("0123456789") + 1;
  return !AllOf(word.substr(0, stem), absl::ascii_isalpha);
}

// The class of a word between delimiters; empty where it is a literal.
absl::string_view ClassOf(absl::string_view word) {
  if (word.empty()) return "";
  if (AllOf(word, IsDigit)) return "<int>";
  if (IsUlid(word)) return "<ulid>";
  if (word.size() >= 8 && AllOf(word, IsHex) && std::any_of(word.begin(), word.end(), IsDigit)) {
    switch (word.size()) {
      case 32:
        return "<hex32>";
      case 40:
        return "<hex40>";
      case 64:
        return "<hex64>";
      default:
        return "<hex>";
    }
  }
  if (word.size() > kLongestLiteral) return "<long>";
  if (IsMixedId(word)) return "<id>";
  if (LooksRandom(word)) return "<str>";
  return "";
}

class Tokenizer {
 public:
  // Adds to `tokens`.
  Tokenizer(absl::string_view name, Tokens& tokens)
      : name_(name.substr(0, kLongestName)),
        has_at_(absl::StrContains(name_, "@")),
        may_have_base64_(name_.size() >= kShortestBase64 &&
                         std::any_of(name_.begin(), name_.end(), absl::ascii_isupper)),
        tokens_(tokens) {}

  void Run() {
    while (at_ < name_.size()) {
      if (parts_ >= kMaxParts || tokens_.size() >= kMaxTokens) {
        tokens_.push_back({TokenKind::kClass, "<rest>"});
        return;
      }
      if (IsDelimiter(name_[at_])) {
        Delimiters();
      } else {
        Part();
      }
    }
  }

 private:
  void Delimiters() {
    size_t end = at_;
    // A name of delimiters alone is bounded as well.
    while (end < name_.size() && end - at_ < kMaxParts && IsDelimiter(name_[end])) ++end;
    Add(TokenKind::kDelimiter, end - at_);
  }

  void Add(TokenKind kind, size_t size) {
    tokens_.push_back({kind, name_.substr(at_, size)});
    at_ += size;
  }

  void AddClass(absl::string_view name, size_t size) {
    tokens_.push_back({TokenKind::kClass, name});
    at_ += size;
    ++parts_;
  }

  // One part: a class that may hold delimiters, or words that '_' joins, up to the next delimiter.
  void Part() {
    if (TakeWide()) return;
    const absl::string_view rest = name_.substr(at_);
    size_t word = 0;
    while (true) {
      const size_t word_end = WordEnd(rest, word);
      const absl::string_view of_class = ClassOf(rest.substr(word, word_end - word));
      const bool is_wide = word > 0 && IsWide(rest.substr(word));
      if (is_wide || !of_class.empty()) {
        if (word > 1) AddLiteral(word - 1);
        if (word > 0) Add(TokenKind::kDelimiter, 1);
        // What is wide is taken when it is the beginning of a part.
        if (!is_wide) AddClass(of_class, word_end - word);
        if (at_ < name_.size() && name_[at_] == '_') Add(TokenKind::kDelimiter, 1);
        return;
      }
      if (word_end >= rest.size() || rest[word_end] != '_') {
        AddLiteral(word_end);
        return;
      }
      word = word_end + 1;
    }
  }

  static size_t WordEnd(absl::string_view text, size_t begin) {
    size_t end = begin;
    while (end < text.size() && !IsDelimiter(text[end]) && text[end] != '_') ++end;
    return end;
  }

  void AddLiteral(size_t size) {
    if (size > kLongestLiteral) {
      AddClass("<long>", size);
      return;
    }
    Add(TokenKind::kLiteral, size);
    ++parts_;
  }

  bool IsWide(absl::string_view text) const {
    return UuidSize(text) > 0 || DateSize(text) > 0 || (may_have_base64_ && Base64Size(text) > 0);
  }

  // Takes a class whose own form holds delimiters, where one begins here.
  bool TakeWide() {
    const absl::string_view rest = name_.substr(at_);
    const auto take = [this](absl::string_view of_class, size_t size) {
      if (size > 0) AddClass(of_class, size);
      return size > 0;
    };
    return take("<uuid>", UuidSize(rest)) || take("<date>", DateSize(rest)) ||
           take("<ip>", IpSize(rest)) || (has_at_ && take("<email>", EmailSize(rest))) ||
           take("<jwt>", JwtSize(rest)) || take("<token>", VendorTokenSize(rest)) ||
           (may_have_base64_ && take("<base64>", Base64Size(rest)));
  }

  absl::string_view name_;
  bool has_at_;
  bool may_have_base64_;
  size_t at_ = 0;
  size_t parts_ = 0;
  Tokens& tokens_;
};

bool IsPrintableAscii(absl::string_view text) {
  return AllOf(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool IsClean(absl::string_view text) {
  if (IsPrintableAscii(text)) return true;  // nearly every name, told at a fraction of the cost
  return IsUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

// Where the first part that is not clean begins; the name's size where all are.
size_t CleanSize(absl::string_view name) {
  if (IsClean(name)) return name.size();
  size_t begin = 0;
  while (begin < name.size()) {
    const size_t end = std::min(name.find_first_of(":/|{}#,", begin), name.size());
    if (!IsClean(name.substr(begin, end - begin))) return begin;
    begin = end + 1;
  }
  return name.size();
}

}  // namespace

bool LooksRandom(absl::string_view word) {
  if (word.size() < 12 || !AllOf(word, absl::ascii_isalnum)) return false;
  const size_t stem = word.find_last_not_of("0123456789") + 1;
  if (!AllOf(word.substr(0, stem), absl::ascii_isalpha)) return true;  // a digit inside
  size_t vowels = 0;
  size_t run = 0;
  size_t longest = 0;
  for (const char c : word.substr(0, stem)) {
    const bool is_vowel = IsVowel(c);
    vowels += is_vowel ? 1 : 0;
    run = is_vowel ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  return longest >= 5 || vowels * 5 < stem;
}

Tokens TokensOf(absl::string_view name) {
  const size_t clean = CleanSize(name);
  Tokens tokens;
  Tokenizer(name.substr(0, clean), tokens).Run();
  const bool has_rest = !tokens.empty() && tokens.back().text == "<rest>";
  if (clean < name.size() && !has_rest) tokens.push_back({TokenKind::kClass, "<bin>"});
  return tokens;
}

}  // namespace varve::redis
