#include "snapshot/rules/type_fit.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace varve {
namespace {

// Families of column types, as bits of a set.
enum Family : uint32_t {
  kUuid = 1u << 0,
  kText = 1u << 1,
  kChar = 1u << 2,
  kInt = 1u << 3,
  kNumeric = 1u << 4,
  kFloat = 1u << 5,
  kBool = 1u << 6,
  kDate = 1u << 7,
  kTime = 1u << 8,
  kTimestamp = 1u << 9,
  kTimestampTz = 1u << 10,
  kInterval = 1u << 11,
  kBytea = 1u << 12,
  kJson = 1u << 13,
  kNet = 1u << 14,
  kEnum = 1u << 15,
  kMoney = 1u << 16,
  kXml = 1u << 17,
  kArray = 1u << 18,
};
constexpr uint32_t kStrings = kText | kChar;

struct CatalogFamily {
  absl::string_view name;
  Family family;
};
constexpr CatalogFamily kCatalog[] = {
    {"bool", kBool},
    {"bpchar", kChar},
    {"bytea", kBytea},
    {"cidr", kNet},
    {"date", kDate},
    {"float4", kFloat},
    {"float8", kFloat},
    {"inet", kNet},
    {"int2", kInt},
    {"int4", kInt},
    {"int8", kInt},
    {"interval", kInterval},
    {"json", kJson},
    {"jsonb", kJson},
    {"money", kMoney},
    {"name", kChar},
    {"numeric", kNumeric},
    {"text", kText},
    {"time", kTime},
    {"timestamp", kTimestamp},
    {"timestamptz", kTimestampTz},
    {"timetz", kTime},
    {"uuid", kUuid},
    {"varchar", kText},
    {"xml", kXml},
};

// 0 where this table has no family for it.
uint32_t FamilyOf(const v1::DataType& column) {
  if (column.array()) return kArray;
  const v1::Identity& type = column.type();
  if (type.kind() == "enum") return kEnum;
  if (type.names_size() < 2) return 0;
  if (type.names(1) == "citext") return kText;
  if (type.names(0) != "pg_catalog") return 0;
  for (const CatalogFamily& row : kCatalog) {
    if (row.name == type.names(1)) return row.family;
  }
  return 0;
}

// Python types and the columns they fit; what neither set names does not fit.
struct Row {
  absl::string_view model_type;
  uint32_t fits;
  uint32_t by_convention;
};
constexpr uint32_t kStrFits = kStrings | kEnum | kUuid | kXml;
constexpr uint32_t kStrLoose = kNumeric | kFloat | kDate | kTime | kTimestamp | kTimestampTz |
                               kInterval | kJson | kNet | kMoney;
constexpr Row kRows[] = {
    {"str", kStrFits, kStrLoose},
    {"EmailStr", kStrFits, kStrLoose},
    {"NameEmail", kStrFits, kStrLoose},
    {"HttpUrl", kStrFits, kStrLoose},
    {"AnyUrl", kStrFits, kStrLoose},
    {"AnyHttpUrl", kStrFits, kStrLoose},
    {"Path", kStrFits, kStrLoose},
    {"SecretStr", kStrings | kBytea, kJson},
    {"SecretBytes", kStrings | kBytea, kJson},
    {"UUID", kUuid | kStrings, kBytea},
    {"UUID1", kUuid | kStrings, kBytea},
    {"UUID3", kUuid | kStrings, kBytea},
    {"UUID4", kUuid | kStrings, kBytea},
    {"UUID5", kUuid | kStrings, kBytea},
    {"int", kInt | kNumeric, kFloat | kStrings | kMoney | kJson},
    {"bool", kBool, kInt | kStrings | kJson},
    {"float", kFloat | kNumeric, kInt | kStrings | kMoney},
    {"Decimal", kNumeric, kFloat | kMoney | kInt},
    {"datetime", kTimestampTz | kTimestamp, kDate | kStrings},
    {"AwareDatetime", kTimestampTz, kTimestamp | kDate | kStrings},
    {"NaiveDatetime", kTimestamp, kTimestampTz | kDate | kStrings},
    {"PastDatetime", kTimestampTz | kTimestamp, kDate | kStrings},
    {"FutureDatetime", kTimestampTz | kTimestamp, kDate | kStrings},
    {"date", kDate | kTimestamp | kTimestampTz, kStrings},
    {"PastDate", kDate | kTimestamp | kTimestampTz, kStrings},
    {"FutureDate", kDate | kTimestamp | kTimestampTz, kStrings},
    {"time", kTime, kStrings},
    {"timedelta", kInterval, kInt | kFloat | kNumeric | kStrings},
    {"bytes", kBytea, kStrings | kUuid},
    {"dict", kJson, kStrings},
    {"Mapping", kJson, kStrings},
    {"Json", kJson | kStrings, 0},
    {"set", kJson | kArray, kStrings},
    {"frozenset", kJson | kArray, kStrings},
    {"tuple", kJson | kArray, kStrings},
    {"IPv4Address", kNet | kStrings, 0},
    {"IPv6Address", kNet | kStrings, 0},
    {"IPv4Network", kNet | kStrings, 0},
    {"IPv6Network", kNet | kStrings, 0},
    {"IPv4Interface", kNet | kStrings, 0},
    {"IPv6Interface", kNet | kStrings, 0},
    {"IPvAnyAddress", kNet | kStrings, 0},
};

// "list" and {"UUID"} of "list[UUID]"; commas within brackets or quotes do not divide.
struct Spelled {
  absl::string_view name;
  std::vector<absl::string_view> arguments;
};

std::vector<absl::string_view> SplitArguments(absl::string_view text) {
  std::vector<absl::string_view> arguments;
  int depth = 0;
  char quote = 0;
  size_t begin = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[' || c == '(') {
      ++depth;
    } else if (c == ']' || c == ')') {
      --depth;
    } else if (c == ',' && depth == 0) {
      arguments.push_back(absl::StripAsciiWhitespace(text.substr(begin, at - begin)));
      begin = at + 1;
    }
  }
  arguments.push_back(absl::StripAsciiWhitespace(text.substr(begin)));
  return arguments;
}

Spelled Take(absl::string_view type) {
  type = absl::StripAsciiWhitespace(type);
  const size_t bracket = type.find('[');
  if (bracket == absl::string_view::npos || type.back() != ']') return {type, {}};
  return {type.substr(0, bracket),
          SplitArguments(type.substr(bracket + 1, type.size() - bracket - 2))};
}

Fit FitOfLiteral(const std::vector<absl::string_view>& values, uint32_t family) {
  const bool are_texts = std::all_of(values.begin(), values.end(), [](absl::string_view value) {
    return value == "None" || absl::StartsWith(value, "'") || absl::StartsWith(value, "\"");
  });
  if (!are_texts) return Fit::kUnknown;
  return (family & (kStrings | kEnum)) != 0 ? Fit::kFits : Fit::kNot;
}

Fit FitOfList(const std::vector<absl::string_view>& arguments, const v1::DataType& column,
              uint32_t family) {
  if ((family & kJson) != 0) return Fit::kFits;
  if ((family & kStrings) != 0) return Fit::kByConvention;
  if ((family & kArray) == 0) return Fit::kNot;
  if (arguments.size() != 1) return Fit::kUnknown;
  // PostgreSQL does not hold the number of dimensions: a list of lists is an array of the same
  // element.
  const Spelled inner = Take(arguments[0]);
  if (inner.name == "list") return FitOf(arguments[0], column);
  v1::DataType element = column;
  element.set_array(false);
  return FitOf(arguments[0], element);
}

// Of a union the worst that is known: a value of any member may come.
Fit FitOfUnion(const std::vector<absl::string_view>& members, const v1::DataType& column) {
  if ((FamilyOf(column) & kJson) != 0) return Fit::kFits;
  bool all_fit = true, none_fits = true;
  for (const absl::string_view member : members) {
    if (member == "None") continue;
    const Fit fit = FitOf(member, column);
    if (fit == Fit::kUnknown) return Fit::kUnknown;
    all_fit &= fit == Fit::kFits;
    none_fits &= fit == Fit::kNot;
  }
  if (all_fit) return Fit::kFits;
  return none_fits ? Fit::kNot : Fit::kByConvention;
}

}  // namespace

Fit FitOf(absl::string_view model_type, const v1::DataType& column) {
  const uint32_t family = FamilyOf(column);
  if (family == 0) return Fit::kUnknown;
  const Spelled type = Take(model_type);
  if (type.name == "Optional" && type.arguments.size() == 1)
    return FitOf(type.arguments[0], column);
  if (type.name == "Union") return FitOfUnion(type.arguments, column);
  if (type.name == "Literal") return FitOfLiteral(type.arguments, family);
  if (type.name == "list" || type.name == "Sequence") {
    return FitOfList(type.arguments, column, family);
  }
  for (const Row& row : kRows) {
    if (row.model_type != type.name) continue;
    if ((family & row.fits) != 0) return Fit::kFits;
    return (family & row.by_convention) != 0 ? Fit::kByConvention : Fit::kNot;
  }
  return Fit::kUnknown;
}

std::string TooLong(const v1::ModelField& field, const v1::DataType& column) {
  const bool has_length =
      column.type().names_size() == 2 && !column.array() &&
      column.type().names(0) == "pg_catalog" &&
      (column.type().names(1) == "varchar" || column.type().names(1) == "bpchar");
  int64_t room = 0;
  if (!has_length || !absl::SimpleAtoi(column.modifier(), &room)) return "";
  for (const v1::Option& constraint : field.constraints()) {
    int64_t most = 0;
    if (constraint.name() != "max_length" || !absl::SimpleAtoi(constraint.value(), &most)) continue;
    if (most > room) return absl::StrCat(most, " of ", room);
  }
  return "";
}

}  // namespace varve
