#include "snapshot/rules/default_value.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "snapshot/masked.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/sql_text.h"

namespace varve {
namespace {

using Json = nlohmann::json;
using Kind = DefaultValue::Kind;

constexpr uint32_t kNumbers = kInt2 | kInt4 | kInt8 | kNumeric | kFraction | kFloat4 | kFloat8;

bool IsMasked(absl::string_view text) { return absl::StrContains(text, kMasked); }

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// "1.1" of "1.10", "+1.1" and "01.1"; nothing where the text is no number or has an exponent.
std::optional<std::string> PlainNumber(absl::string_view text) {
  const bool is_negative = absl::ConsumePrefix(&text, "-");
  if (!is_negative) absl::ConsumePrefix(&text, "+");
  const size_t point = text.find('.');
  absl::string_view whole = text.substr(0, point);
  absl::string_view part =
      point == absl::string_view::npos ? absl::string_view() : text.substr(point + 1);
  if ((whole.empty() && part.empty()) || !AreDigits(whole) || !AreDigits(part)) return std::nullopt;
  while (absl::ConsumePrefix(&whole, "0")) {
  }
  while (absl::ConsumeSuffix(&part, "0")) {
  }
  const bool is_zero = whole.empty() && part.empty();
  return absl::StrCat(is_negative && !is_zero ? "-" : "", whole.empty() ? "0" : whole,
                      part.empty() ? "" : ".", part);
}

std::optional<std::string> PlainBool(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  for (const absl::string_view yes : {"t", "true", "y", "yes", "on", "1"}) {
    if (lower == yes) return "true";
  }
  for (const absl::string_view no : {"f", "false", "n", "no", "off", "0"}) {
    if (lower == no) return "false";
  }
  return std::nullopt;
}

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;

// Seconds of "00:01:30", or of "2 days 00:01:30".
std::optional<double> SecondsOfClock(absl::string_view text) {
  double seconds = 0;
  const size_t days = text.find(" day");
  if (days != absl::string_view::npos) {
    double count = 0;
    if (!absl::SimpleAtod(text.substr(0, days), &count)) return std::nullopt;
    seconds = count * kDay;
    text.remove_prefix(days + 4);
    absl::ConsumePrefix(&text, "s");
    text = absl::StripAsciiWhitespace(text);
    if (text.empty()) return seconds;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  double hours = 0, minutes = 0, rest = 0;
  const bool is_clock = parts.size() == 3 && !absl::StartsWith(text, "-") &&
                        absl::SimpleAtod(parts[0], &hours) &&
                        absl::SimpleAtod(parts[1], &minutes) && absl::SimpleAtod(parts[2], &rest);
  if (!is_clock) return std::nullopt;
  return seconds + hours * kHour + minutes * kMinute + rest;
}

// Seconds of ISO 8601 as values of models have it: "P1DT2H", "PT90S".
std::optional<double> SecondsOfIso(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "P")) return std::nullopt;
  double seconds = 0;
  while (!text.empty()) {
    if (absl::ConsumePrefix(&text, "T")) continue;
    const size_t end = text.find_first_of("DHMS");
    double count = 0;
    if (end == absl::string_view::npos || !absl::SimpleAtod(text.substr(0, end), &count)) {
      return std::nullopt;
    }
    const char unit = text[end];
    seconds += count * (unit == 'D' ? kDay : unit == 'H' ? kHour : unit == 'M' ? kMinute : 1);
    text.remove_prefix(end + 1);
  }
  return seconds;
}

std::optional<std::string> PlainInterval(absl::string_view text) {
  std::optional<double> seconds = SecondsOfIso(text);
  if (!seconds.has_value()) seconds = SecondsOfClock(text);
  if (!seconds.has_value()) return std::nullopt;
  return absl::StrCat(static_cast<int64_t>(*seconds * 1e6));
}

std::optional<std::string> PlainJson(absl::string_view text) {
  const Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

DefaultValue OfTextValue(absl::string_view text, const v1::DataType& type);

DefaultValue OfElements(const std::vector<DefaultValue>& elements) {
  std::vector<absl::string_view> texts;
  bool are_sure = true;
  for (const DefaultValue& element : elements) {
    are_sure &= element.kind == Kind::kLiteral;
    texts.emplace_back(element.text);
  }
  return {are_sure ? Kind::kLiteral : Kind::kUncertain,
          absl::StrCat("{", absl::StrJoin(texts, ","), "}")};
}

v1::DataType ElementOf(const v1::DataType& array) {
  v1::DataType element = array;
  element.set_array(false);
  return element;
}

// An array as PostgreSQL writes it, of plain elements.
DefaultValue OfArrayText(absl::string_view text, const v1::DataType& type) {
  const bool is_plain = text.size() >= 2 && text.front() == '{' && text.back() == '}' &&
                        text.find_first_of("\"\\{}", 1) == text.size() - 1;
  if (!is_plain) return {Kind::kUncertain, std::string(text)};
  std::vector<DefaultValue> elements;
  const absl::string_view inner = text.substr(1, text.size() - 2);
  if (!inner.empty()) {
    for (const absl::string_view element : absl::StrSplit(inner, ',')) {
      elements.push_back(OfTextValue(element, ElementOf(type)));
    }
  }
  return OfElements(elements);
}

DefaultValue Sure(std::optional<std::string> plain, absl::string_view text) {
  if (plain.has_value()) return {Kind::kLiteral, *std::move(plain)};
  return {Kind::kUncertain, std::string(text)};
}

// A text that a column of the type reads.
DefaultValue OfTextValue(absl::string_view text, const v1::DataType& type) {
  const ColumnFamily family = FamilyOf(type);
  if ((family & kNumbers) != 0) return Sure(PlainNumber(text), text);
  switch (family) {
    case kText:
    case kEnum:
      return {Kind::kLiteral, std::string(text)};
    case kChar:
      return {Kind::kLiteral, std::string(absl::StripTrailingAsciiWhitespace(text))};
    case kUuid:
      return {Kind::kLiteral, absl::AsciiStrToLower(text)};
    case kBool:
      return Sure(PlainBool(text), text);
    case kJson:
      return Sure(PlainJson(text), text);
    case kInterval:
      return Sure(PlainInterval(text), text);
    case kArray:
      return OfArrayText(text, type);
    default:
      return {Kind::kUncertain, std::string(text)};
  }
}

// "array['a','b']" in plain form, of texts alone.
std::optional<DefaultValue> OfArrayExpression(absl::string_view plain, const v1::DataType& type) {
  if (!type.array() || !absl::ConsumePrefix(&plain, "array[")) return std::nullopt;
  if (!absl::ConsumeSuffix(&plain, "]")) return std::nullopt;
  if (plain.empty()) return OfElements({});
  std::vector<DefaultValue> elements;
  for (const absl::string_view part : absl::StrSplit(plain, ',')) {
    const std::optional<std::string> text = TextOfLiteral(part);
    if (!text.has_value() && !PlainNumber(part).has_value()) return std::nullopt;
    elements.push_back(OfTextValue(text.has_value() ? *text : part, ElementOf(type)));
  }
  return OfElements(elements);
}

DefaultValue OfJsonValue(const Json& value, const v1::DataType& type);

DefaultValue OfJsonArray(const Json& value, const v1::DataType& type) {
  std::vector<DefaultValue> elements;
  for (const Json& element : value) elements.push_back(OfJsonValue(element, ElementOf(type)));
  return OfElements(elements);
}

// What has no form in JSON is an object with one such name: {"$float": "NaN"}.
bool IsMarker(const Json& value) {
  return value.is_object() && value.size() == 1 && absl::StartsWith(value.begin().key(), "$");
}

DefaultValue OfJsonValue(const Json& value, const v1::DataType& type) {
  if (IsMarker(value)) return {Kind::kUnknown, ""};
  const ColumnFamily family = FamilyOf(type);
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (family == kJson) return {Kind::kLiteral, text};
  if (value.is_null()) return {};
  if (value.is_array() && family == kArray) return OfJsonArray(value, type);
  if (value.is_string()) return OfTextValue(value.get<std::string>(), type);
  const bool is_number = value.is_number() && (family & kNumbers) != 0;
  if (is_number || (value.is_boolean() && family == kBool)) return OfTextValue(text, type);
  return {Kind::kUncertain, text};
}

bool IsBareCall(absl::string_view plain) {
  return absl::ConsumeSuffix(&plain, "()") && !plain.empty() &&
         std::all_of(plain.begin(), plain.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '.';
         });
}

// A function by its name alone: which schema it is in is the search path's matter. The makers of
// random UUIDs are one.
absl::string_view CalledName(absl::string_view bare_call) {
  const size_t dot = bare_call.rfind('.');
  const absl::string_view name =
      dot == absl::string_view::npos ? bare_call : bare_call.substr(dot + 1);
  return name == "uuid_generate_v4()" ? "gen_random_uuid()" : name;
}

Comparison CompareExpressions(const DefaultValue& a, const DefaultValue& b) {
  if (a.text == b.text) return Comparison::kSame;
  if (!IsBareCall(a.text) || !IsBareCall(b.text)) return Comparison::kCannotSay;
  return CalledName(a.text) == CalledName(b.text) ? Comparison::kSame : Comparison::kDiffer;
}

}  // namespace

DefaultValue DefaultOfText(absl::string_view expression, const v1::DataType& type) {
  if (expression.empty()) return {};
  if (IsMasked(expression)) return {Kind::kUnknown, ""};
  const std::string plain = PlainExpression(expression);
  if (plain == "null") return {};
  const std::optional<std::string> text = TextOfLiteral(plain);
  if (text.has_value()) return OfTextValue(*text, type);
  const bool is_word = PlainNumber(plain).has_value() || plain == "true" || plain == "false";
  if (is_word) return OfTextValue(plain, type);
  const std::optional<DefaultValue> array = OfArrayExpression(plain, type);
  if (array.has_value()) return *array;
  return {Kind::kExpression, plain};
}

DefaultValue DefaultOfJson(absl::string_view json, const v1::DataType& type) {
  if (IsMasked(json)) return {Kind::kUnknown, ""};
  const Json value = Json::parse(json.begin(), json.end(), nullptr, false);
  if (value.is_discarded()) return {Kind::kUnknown, ""};
  if (value.is_null()) return {};
  return OfJsonValue(value, type);
}

DefaultValue DefaultOfField(const v1::ModelField& field, const v1::DataType& type) {
  if (absl::c_linear_search(field.unknown(), "default")) return {Kind::kUnknown, ""};
  switch (field.default_case()) {
    case v1::ModelField::kDefaultJson:
      return DefaultOfJson(field.default_json(), type);
    case v1::ModelField::kDefaultFactory: {
      absl::string_view factory = field.default_factory();
      absl::ConsumePrefix(&factory, "builtins.");
      if (factory == "list" || factory == "tuple" || factory == "set") {
        return DefaultOfJson("[]", type);
      }
      return factory == "dict" ? DefaultOfJson("{}", type) : DefaultValue();
    }
    case v1::ModelField::kDefaultText:
      return {Kind::kUnknown, ""};
    case v1::ModelField::DEFAULT_NOT_SET:
      break;
  }
  return {};
}

Comparison Compare(const DefaultValue& a, const DefaultValue& b) {
  if (a.kind == Kind::kUnknown || b.kind == Kind::kUnknown) return Comparison::kCannotSay;
  if (a.kind == Kind::kNone || b.kind == Kind::kNone) {
    return a.kind == b.kind ? Comparison::kSame : Comparison::kDiffer;
  }
  if (a.kind == Kind::kExpression && b.kind == Kind::kExpression) return CompareExpressions(a, b);
  if (a.kind == Kind::kExpression || b.kind == Kind::kExpression) {
    const DefaultValue& expression = a.kind == Kind::kExpression ? a : b;
    return IsBareCall(expression.text) ? Comparison::kDiffer : Comparison::kCannotSay;
  }
  if (a.text == b.text) return Comparison::kSame;
  const bool are_sure = a.kind == Kind::kLiteral && b.kind == Kind::kLiteral;
  return are_sure ? Comparison::kDiffer : Comparison::kCannotSay;
}

}  // namespace varve
