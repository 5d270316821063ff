#include "agent/source/redis/text_type.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr size_t kMostDigits = 18;

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// A text that is cut may end within a character.
bool IsText(absl::string_view text, bool is_cut) {
  if (std::any_of(text.begin(), text.end(), IsControl)) return false;
  if (IsUtf8(text)) return true;
  for (size_t missing = 1; is_cut && missing <= 3 && missing < text.size(); ++missing) {
    if (IsUtf8(text.substr(0, text.size() - missing))) return true;
  }
  return false;
}

bool AreDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool IsInteger(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  return AreDigits(text) && text.size() <= kMostDigits && (text.size() == 1 || text[0] != '0');
}

bool IsNumber(absl::string_view text) {
  const size_t point = text.find('.');
  if (point == absl::string_view::npos || point + 1 == text.size()) return false;
  const absl::string_view whole = text.substr(0, point);
  if (whole != "-0" && !IsInteger(whole)) return false;
  absl::string_view rest = text.substr(point + 1);
  const size_t exponent = rest.find_first_of("eE");
  if (exponent == absl::string_view::npos) return AreDigits(rest);
  absl::string_view power = rest.substr(exponent + 1);
  if (!absl::ConsumePrefix(&power, "-")) absl::ConsumePrefix(&power, "+");
  return AreDigits(rest.substr(0, exponent)) && AreDigits(power);
}

void Drop(std::set<std::string>& words, const char* where,
          std::initializer_list<const char*> dropped) {
  if (words.count(where) == 0) return;
  for (const char* const word : dropped) words.erase(word);
}

}  // namespace

ValueType TextType(absl::string_view text, bool is_cut) {
  if (!is_cut && IsInteger(text)) return ValueType::kInteger;
  if (!is_cut && IsNumber(text)) return ValueType::kNumber;
  if (!is_cut && (text == "true" || text == "false")) return ValueType::kBoolean;
  return IsText(text, is_cut) ? ValueType::kString : ValueType::kBinary;
}

absl::string_view TextFormat(absl::string_view text, bool is_cut) {
  if (text.empty()) return "empty";
  if (absl::StartsWith(text, "HYLL") && text.size() >= 16) return "hyperloglog";
  if (absl::StartsWith(text, "\x1f\x8b")) return "gzip";
  if (absl::StartsWith(text, "\x28\xb5\x2f\xfd")) return "zstd";
  switch (TextType(text, is_cut)) {
    case ValueType::kInteger:
      return "integer";
    case ValueType::kNumber:
      return "number";
    case ValueType::kBinary:
      return "binary";
    default:
      return "text";
  }
}

void DropNarrowerTypes(std::set<std::string>& types, bool is_text) {
  Drop(types, "number", {"integer"});
  if (!is_text) return;
  Drop(types, "string", {"integer", "number", "boolean"});
  Drop(types, "binary", {"integer", "number", "boolean", "string"});
}

void DropNarrowerFormats(std::set<std::string>& formats) {
  Drop(formats, "number", {"integer"});
  Drop(formats, "text", {"integer", "number"});
  Drop(formats, "binary", {"integer", "number", "text", "gzip", "zstd"});
}

}  // namespace varve::redis
