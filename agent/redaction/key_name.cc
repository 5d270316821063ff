#include "agent/redaction/key_name.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "agent/redaction/tokens.h"

namespace varve {
namespace {

constexpr size_t kLongestSegment = 64;
constexpr size_t kLongestName = 512;

std::string MaskSegment(const Redactor& redactor, absl::string_view segment,
                        absl::string_view before, Masked& masked) {
  const bool is_opaque = IsOpaque(segment) && Redactor::IsSecretName(before);
  if (segment.size() > kLongestSegment || is_opaque) {
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
    const size_t end = rest.find_first_of(":/|{}#,");
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
