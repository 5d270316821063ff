#include "agent/redaction/masker.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "agent/redaction/assignment.h"
#include "agent/redaction/secret_name.h"
#include "agent/redaction/sql_literals.h"
#include "agent/redaction/tokens.h"

namespace varve {
namespace {

constexpr size_t kNone = absl::string_view::npos;
constexpr absl::string_view kBearer = "bearer";
constexpr absl::string_view kPrivateKey = "-----BEGIN ";

bool IsNameByte(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '-'; }

// Replaces ranges of a text that has nothing masked in it, from left to right.
class Masker {
 public:
  Masker(absl::string_view text, Masked& masked)
      : text_(text), masked_(masked), assignments_(text), literals_(SecretLiterals(text)) {}

  // Appends the text with its secrets masked to `result`.
  void AppendTo(std::string& result) {
    size_t i = 0;
    while (i < text_.size()) {
      const Range found = SecretAt(i);
      if (found.end > found.begin) {
        result.append(text_.data() + done_, found.begin - done_);
        result.append(kMasked.data(), kMasked.size());
        masked_.parts.emplace_back(text_.substr(found.begin, found.end - found.begin));
        done_ = found.end;
        i = found.end;
      } else {
        i = std::max(i + 1, skip_to_);
      }
    }
    result.append(text_.data() + done_, text_.size() - done_);
  }

 private:
  // A secret that begins at `i`, or is announced there (a name, "://"), or is an e-mail address
  // with its '@' there.
  Range SecretAt(size_t i) {
    while (next_literal_ < literals_.size() && literals_[next_literal_].begin < i) ++next_literal_;
    if (next_literal_ < literals_.size() && literals_[next_literal_].begin == i) {
      return literals_[next_literal_];
    }
    const char c = text_[i];
    const char before = i > done_ ? text_[i - 1] : ' ';
    if (c == '@') return EmailAround(text_, i, done_);
    if (c == ':' && text_.substr(i, 3) == "://") return UrlPassword(i);
    if (c == '-') {
      const size_t key = PrivateKeySize(text_.substr(i));
      if (key > 0) return {i, i + key};
    }
    if (!absl::ascii_isalnum(c) && c != '_') return {};
    if (!absl::ascii_isalnum(before)) {
      const absl::string_view rest = text_.substr(i);
      size_t token = before == '_' || before == '-' ? 0 : JwtSize(rest);
      if (token == 0) token = VendorTokenSize(rest);
      if (token > 0) return {i, i + token};
    }
    if (IsNameByte(before) && before != '-' && before != '.') return {};
    if (IsNameByte(before) && i < name_end_) return {};
    return ByName(i);
  }

  Range ByName(size_t begin) {
    size_t end = begin;
    while (end < text_.size() && IsNameByte(text_[end])) ++end;
    name_end_ = end;
    while (end > begin && !absl::ascii_isalnum(text_[end - 1])) --end;
    if (end == begin) return {};
    const absl::string_view name = text_.substr(begin, end - begin);
    if (absl::EqualsIgnoreCase(name, kBearer)) return BearerToken(end);
    return assignments_.ValueOf(begin, end);
  }

  // "Bearer abc123…"; "bearer of news" is none.
  Range BearerToken(size_t name_end) const {
    size_t begin = name_end;
    while (begin < text_.size() && text_[begin] == ' ') ++begin;
    if (begin == name_end) return {};
    size_t end = begin;
    bool has_digit = false;
    while (end < text_.size() &&
           (absl::ascii_isalnum(text_[end]) ||
            absl::StrContains("._~+/=-", absl::string_view(&text_[end], 1)))) {
      has_digit |= absl::ascii_isdigit(text_[end]) != 0;
      ++end;
    }
    const size_t size = end - begin;
    return (size >= 8 && has_digit) || size >= 24 ? Range{begin, end} : Range{};
  }

  // Of "://user:password@host" the password. A password may hold '/' and '@' that should have been
  // escaped.
  Range UrlPassword(size_t colon) {
    const size_t begin = colon + 3;
    if (begin < url_end_ && !url_has_at_) return {};
    size_t end = std::max(begin, url_end_);
    while (begin >= url_end_ && end < text_.size() && !absl::ascii_isspace(text_[end]) &&
           !absl::StrContains("'\"<>\\`", absl::string_view(&text_[end], 1))) {
      ++end;
    }
    const absl::string_view url = text_.substr(begin, end - begin);
    url_end_ = end;
    url_has_at_ = absl::StrContains(url, "@");
    if (!url_has_at_) return {};
    const size_t authority = std::min(url.find_first_of("/?#"), url.size());
    size_t at = url.substr(0, authority).rfind('@');
    const size_t separator = url.find(':');
    if (at == kNone && separator < authority) {
      const absl::string_view port = url.substr(separator + 1, authority - separator - 1);
      const size_t first_port = std::min(port.find(','), port.size());
      const bool is_port = std::all_of(port.begin(), port.begin() + static_cast<long>(first_port),
                                       absl::ascii_isdigit);
      if (!is_port) at = url.rfind('@');
    }
    if (at == kNone) return {};
    if (separator < at) at = url.substr(0, url.find_first_of("?#", at)).rfind('@');
    skip_to_ = begin + at + 1;  // user@host is no e-mail address
    if (separator == kNone || separator + 1 >= at) return {};
    return {begin + separator + 1, begin + at};
  }

  absl::string_view text_;
  Masked& masked_;
  AssignmentReader assignments_;
  const std::vector<Range> literals_;
  size_t next_literal_ = 0;
  size_t done_ = 0;      // all before this is in the result
  size_t skip_to_ = 0;   // nothing before this begins a secret
  size_t name_end_ = 0;  // end of the name that was looked at last
  // The run without white space that held the last URL, so that many in one run cost its length
  // once.
  size_t url_end_ = 0;
  bool url_has_at_ = false;
};

// What is masked already is a border that no secret crosses.
std::string MaskOnce(absl::string_view text, Masked& masked) {
  std::string result;
  result.reserve(text.size());
  while (true) {
    const size_t border = text.find(kMasked);
    Masker(text.substr(0, border), masked).AppendTo(result);
    if (border == kNone) return result;
    result.append(kMasked.data(), kMasked.size());
    text.remove_prefix(border + kMasked.size());
  }
}

}  // namespace

bool IsPlainText(absl::string_view text) {
  bool is_in_word = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '@') return false;  // an e-mail address, or a URL with a password
    if (c == '-' && absl::StartsWith(text.substr(i), kPrivateKey)) return false;
    const bool is_word = absl::ascii_isalnum(c);
    if (!is_in_word && (is_word || c == '_')) {
      const absl::string_view rest = text.substr(i);
      if (MayBeginToken(rest) || absl::StartsWithIgnoreCase(rest, kBearer)) return false;
    }
    is_in_word = is_word;
  }
  return !MayHoldSecretName(text);
}

std::string MaskSecrets(absl::string_view text, Masked& masked) {
  // A border can turn what was read as code into a secret: x(…) is a call, "x" is not. Once more
  // until nothing is found; there are few such texts, and of none more than two rounds were seen.
  static constexpr int kMostRounds = 8;
  std::string result(text);
  for (int round = 0; round < kMostRounds; ++round) {
    const size_t known = masked.parts.size();
    result = MaskOnce(result, masked);
    if (masked.parts.size() == known) break;
  }
  return result;
}

}  // namespace varve
