#include "agent/redaction/sample.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/redaction/key_name.h"
#include "agent/redaction/text.h"
#include "agent/redaction/tokens.h"

namespace varve {
namespace {

constexpr absl::string_view kStructural = "{}[],:";

bool IsStructural(char c) { return absl::StrContains(kStructural, absl::string_view(&c, 1)); }

// Masks each scalar of a JSON text, and keeps its braces and keys. Not a parser: whatever the text
// is, nothing but structural bytes, white space, null and what stands in quotes before a colon
// comes out.
class JsonMasker {
 public:
  JsonMasker(const Redactor& redactor, absl::string_view text, Masked& masked)
      : redactor_(redactor), text_(text), masked_(masked) {}

  std::string Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        String();
      } else if (IsStructural(c) || absl::ascii_isspace(c)) {
        result_ += c;
        ++at_;
      } else {
        Word();
      }
    }
    return std::move(result_);
  }

 private:
  void String() {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) {
      Mask(text_.substr(at_ + 1), "\"");
      at_ = text_.size();
      return;
    }
    const absl::string_view content = text_.substr(at_ + 1, end - at_ - 1);
    size_t after = end + 1;
    while (after < text_.size() && absl::ascii_isspace(text_[after])) ++after;
    at_ = end + 1;
    if (after < text_.size() && text_[after] == ':') {
      absl::StrAppend(&result_, "\"", ToUtf8(MaskKeyName(redactor_, content, masked_)), "\"");
    } else {
      Mask(content, "\"");
      result_ += '"';
    }
  }

  void Word() {
    const size_t begin = at_;
    while (at_ < text_.size() && !IsStructural(text_[at_]) && !absl::ascii_isspace(text_[at_]) &&
           text_[at_] != '"') {
      ++at_;
    }
    const absl::string_view word = text_.substr(begin, at_ - begin);
    if (word == "null") {
      absl::StrAppend(&result_, word);
    } else {
      Mask(word, "");
    }
  }

  void Mask(absl::string_view content, absl::string_view opener) {
    absl::StrAppend(&result_, opener);
    if (content.empty()) return;
    if (content != kMasked) masked_.parts.emplace_back(content);
    absl::StrAppend(&result_, kMasked);
  }

  const Redactor& redactor_;
  absl::string_view text_;
  Masked& masked_;
  size_t at_ = 0;
  std::string result_;
};

std::string MaskedSample(const Redactor& redactor, absl::string_view name, absl::string_view value,
                         bool cut, Masked& masked) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(value);
  const bool is_json = absl::StartsWith(text, "{") || absl::StartsWith(text, "[");
  if (is_json && !Redactor::IsSecretName(name) && IsUtf8(text)) {
    return absl::StrCat(JsonMasker(redactor, text, masked).Run(), cut ? "..." : "");
  }
  masked.parts.emplace_back(value);
  return std::string(kMasked);
}

// A token that is cut looks like none: what may be the beginning of one goes.
absl::string_view WithoutCutWord(absl::string_view text) {
  while (!text.empty() &&
         (absl::ascii_isalnum(text.back()) || static_cast<unsigned char>(text.back()) >= 0x80 ||
          absl::StrContains("._-+/=@%~", text.substr(text.size() - 1)))) {
    text.remove_suffix(1);
  }
  return text;
}

std::string PlainSample(const Redactor& redactor, absl::string_view name, absl::string_view value,
                        bool cut, Masked& masked) {
  const absl::string_view text = cut ? WithoutCutWord(value) : value;
  const bool is_text = IsUtf8(text) || text.empty();
  if (!is_text || (IsOpaque(text) && text.size() >= 20)) {
    masked.parts.emplace_back(value);
    return std::string(kMasked);
  }
  return absl::StrCat(redactor.MaskValue(name, text, masked), cut ? "..." : "");
}

}  // namespace

std::string SampleOf(const Redactor& redactor, absl::string_view name, absl::string_view value,
                     bool cut, SampleMode mode, Masked& masked) {
  if (value.empty()) return "";
  switch (mode) {
    case SampleMode::kOff:
      return "";
    case SampleMode::kMasked:
      // A character that the end of the excerpt cut in two is no reason to call the value binary.
      while (cut && !value.empty() && static_cast<unsigned char>(value.back()) >= 0x80) {
        value.remove_suffix(1);
      }
      return MaskedSample(redactor, name, value, cut, masked);
    case SampleMode::kPlain:
      return PlainSample(redactor, name, value, cut, masked);
  }
  return "";
}

}  // namespace varve
