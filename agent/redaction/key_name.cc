#include "agent/redaction/key_name.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/match.h"
#include "agent/redaction/secret_name.h"
#include "agent/redaction/tokens.h"

namespace varve {
namespace {

constexpr size_t kLongestSegment = 64;
constexpr size_t kLongestName = 512;
constexpr absl::string_view kSeparators = ":/|{}#,";

// What a byte says of the name that it stands in.
enum class NameByte : uint8_t {
  kWord,     // a letter or a digit
  kNeutral,  // '_', '-', '.', and what is not ASCII
  kSeparator,
  kMark,     // can stand between a secret's name and its value
  kUnclear,  // '@', a blank, a control byte: not to be judged at a glance
};

constexpr NameByte NameByteOf(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
    return NameByte::kWord;
  }
  if (c == '_' || c == '-' || c == '.' || static_cast<uint8_t>(c) >= 0x80) {
    return NameByte::kNeutral;
  }
  for (const char separator : kSeparators) {
    if (c == separator) return NameByte::kSeparator;
  }
  return c <= ' ' || c == 0x7F || c == '@' ? NameByte::kUnclear : NameByte::kMark;
}

// Asked of every byte of every key's name.
constexpr std::array<NameByte, 256> kNameBytes = [] {
  std::array<NameByte, 256> bytes = {};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = NameByteOf(static_cast<char>(i));
  return bytes;
}();

NameByte KindOf(char c) { return kNameBytes[static_cast<uint8_t>(c)]; }

bool IsOpaqueSecret(absl::string_view segment, absl::string_view before) {
  return IsOpaque(segment) && Redactor::IsSecretName(before);
}

// As IsPlainKeyName, of one segment. A secret is a token, which begins where a word does; or stands
// behind its name, with a mark between them; or is an e-mail address or a block with blanks, which
// are not clear.
bool IsPlainSegment(absl::string_view segment, absl::string_view before) {
  if (segment.size() > kLongestSegment || IsOpaqueSecret(segment, before)) return false;
  bool has_mark = false;
  bool is_in_word = false;
  for (size_t i = 0; i < segment.size(); ++i) {
    const NameByte kind = KindOf(segment[i]);
    if (kind == NameByte::kUnclear) return false;
    const bool is_word = kind == NameByte::kWord;
    if (!is_in_word && (is_word || segment[i] == '_')) {
      const absl::string_view rest = segment.substr(i);
      if (JwtSize(rest) > 0 || VendorTokenSize(rest) > 0) return false;
    }
    is_in_word = is_word;
    has_mark |= kind == NameByte::kMark;
  }
  return !has_mark || !MayHoldSecretName(segment);
}

std::string MaskSegment(const Redactor& redactor, absl::string_view segment,
                        absl::string_view before, Masked& masked) {
  if (segment.size() > kLongestSegment || IsOpaqueSecret(segment, before)) {
    masked.parts.emplace_back(segment);
    return std::string(kMasked);
  }
  return redactor.MaskText(segment, masked);
}

// `name` without a character cut in two at its end.
absl::string_view CutAt(absl::string_view name, size_t size) {
  while (size > 0 && (static_cast<uint8_t>(name[size]) & 0xC0) == 0x80) --size;
  return name.substr(0, size);
}

}  // namespace

bool IsPlainKeyName(absl::string_view name) {
  if (name.size() > kLongestName) return false;
  absl::string_view before;
  while (true) {
    size_t end = 0;
    while (end < name.size() && KindOf(name[end]) != NameByte::kSeparator) ++end;
    const absl::string_view segment = name.substr(0, end);
    if (!IsPlainSegment(segment, before)) return false;
    name.remove_prefix(end);
    if (name.empty()) return true;
    if (absl::StartsWith(name, "://")) return false;
    if (!segment.empty()) before = segment;
    name.remove_prefix(1);
  }
}

std::string MaskKeyName(const Redactor& redactor, absl::string_view name, Masked& masked) {
  const absl::string_view looked_at = name.substr(0, 4 * kLongestName);
  std::string url_masked;
  absl::string_view rest = looked_at;
  if (absl::StrContains(rest, "://")) {
    url_masked = redactor.MaskText(rest, masked);
    rest = url_masked;
  }
  std::string result;
  absl::string_view before;
  while (true) {
    const size_t end = rest.find_first_of(kSeparators);
    const absl::string_view segment = rest.substr(0, end);
    result += MaskSegment(redactor, segment, before, masked);
    if (end == absl::string_view::npos) break;
    result += rest[end];
    if (!segment.empty()) before = segment;
    rest.remove_prefix(end + 1);
  }
  if (result.size() <= kLongestName && looked_at.size() == name.size()) return result;
  masked.parts.emplace_back("rest of a long name");
  result.resize(CutAt(result, std::min(result.size(), kLongestName) - kMasked.size()).size());
  result.append(kMasked.data(), kMasked.size());
  return result;
}

}  // namespace varve
