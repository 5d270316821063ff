#include "base/utf8.h"

#include <cstdint>

namespace varve {
namespace {

// Bytes of the UTF-8 character at the start of `bytes`; 0 where there is none (overlong forms,
// surrogates and what lies beyond U+10FFFF are none), or it is NUL.
size_t CharacterSize(absl::string_view bytes) {
  const auto byte = [&bytes](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const auto continues = [&](size_t i) { return i < bytes.size() && (byte(i) & 0xC0) == 0x80; };
  const uint8_t first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// -1 where it is none of those that are written.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

bool IsUtf8(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t size = CharacterSize(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string ToUtf8(absl::string_view bytes) {
  return IsUtf8(bytes) ? std::string(bytes) : EscapedUtf8(bytes);
}

std::string EscapedUtf8(absl::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size() * 2);
  while (!bytes.empty()) {
    const size_t size = CharacterSize(bytes);
    if (size == 0) {
      const auto byte = static_cast<uint8_t>(bytes[0]);
      text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
      bytes.remove_prefix(1);
      continue;
    }
    if (bytes[0] == '\\') text += '\\';
    text.append(bytes.data(), size);
    bytes.remove_prefix(size);
  }
  return text;
}

std::string UnescapedUtf8(absl::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view rest = text.substr(i);
    if (rest.substr(0, 2) == "\\\\") {
      ++i;
    } else if (rest.size() >= 4 && rest.substr(0, 2) == "\\x") {
      const int high = HexDigit(rest[2]), low = HexDigit(rest[3]);
      if (high >= 0 && low >= 0) {
        bytes += static_cast<char>(high * 16 + low);
        i += 3;
        continue;
      }
    }
    bytes += text[i];
  }
  return bytes;
}

}  // namespace varve
