#include "snapshot/rules/type_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "snapshot/rules/column_family.h"
#include "snapshot/rules/model_type.h"

namespace varve {
namespace {

constexpr uint32_t kInts = kInt2 | kInt4 | kInt8;
constexpr uint32_t kFloats = kFloat4 | kFloat8;
constexpr uint32_t kNumerics = kNumeric | kFraction;
constexpr uint32_t kMoments = kTimestamp | kTimestampTz;
constexpr uint32_t kStrings = kText | kChar;
constexpr int64_t kUuidLength = 36;

// Python types and the columns they fit; what no set of a row names does not fit.
struct Row {
  std::initializer_list<absl::string_view> types;
  uint32_t fits;
  uint32_t nearly;
  uint32_t by_convention;
};
const Row kRows[] = {
    {{"UUID", "UUID1", "UUID3", "UUID4", "UUID5"}, kUuid, kStrings, kBytea},
    {{"str", "EmailStr", "NameEmail", "HttpUrl", "AnyUrl", "AnyHttpUrl", "Path", "Color",
      "PhoneNumber", "Pattern"},
     kText,
     kChar | kEnum | kUuid | kXml | kSearch,
     kNumerics | kFloats | kDate | kTime | kTimeTz | kMoments | kInterval | kJson | kNet | kMac |
         kMoney},
    {{"SecretStr", "SecretBytes"}, kText | kBytea, kChar, 0},
    {{"int"}, kInt4 | kInt8 | kNumeric, kInt2 | kFraction, kFloats | kStrings | kMoney | kJson},
    {{"bool"}, kBool, 0, kInt2 | kInt4 | kStrings},
    {{"float"}, kFloat8 | kNumerics, kFloat4, kInts | kStrings | kMoney},
    {{"Decimal"}, kNumerics, 0, kFloats | kMoney | kInts},
    {{"datetime", "PastDatetime", "FutureDatetime"}, kTimestampTz, kTimestamp, kDate | kStrings},
    {{"AwareDatetime"}, kTimestampTz, 0, kTimestamp | kDate | kStrings},
    {{"NaiveDatetime"}, kTimestamp, 0, kTimestampTz | kDate | kStrings},
    {{"date", "PastDate", "FutureDate"}, kDate, kMoments, kStrings},
    {{"time"}, kTime, kTimeTz, kStrings},
    {{"timedelta"}, kInterval, 0, kInts | kFloats | kNumerics | kStrings},
    {{"bytes", "Base64Bytes", "bytearray"}, kBytea, 0, kStrings | kUuid},
    {{"dict", "Mapping", "OrderedDict", "defaultdict"}, kJson, kHstore | kComposite, kStrings},
    {{"Json"}, kJson | kStrings, 0, 0},
    {{"IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network", "IPv4Interface", "IPv6Interface",
      "IPvAnyAddress", "IPvAnyNetwork", "IPvAnyInterface"},
     kNet,
     kStrings,
     0},
    {{"MacAddress"}, kMac, kStrings, 0},
};
const Row kTextEnum = {{}, kEnum | kStrings, 0, kInts};
const Row kNumberEnum = {{}, kInts | kNumerics, 0, kStrings};

const Row* RowOf(absl::string_view type) {
  for (const Row& row : kRows) {
    if (std::find(row.types.begin(), row.types.end(), type) != row.types.end()) return &row;
  }
  return nullptr;
}

// What a driver makes of these is as the application teaches it: what no row names is not known.
constexpr uint32_t kSpecial =
    kHstore | kSearch | kRange | kComposite | kVector | kIntVector | kXml | kMac;
Fit FitOfNone(uint32_t family) { return (family & kSpecial) != 0 ? Fit::kUnknown : Fit::kNot; }

Fit FitOfRow(const Row& row, uint32_t family) {
  if ((family & row.fits) != 0) return Fit::kFits;
  if ((family & row.nearly) != 0) return Fit::kNearly;
  return (family & row.by_convention) != 0 ? Fit::kByConvention : FitOfNone(family);
}

bool IsAny(absl::string_view type) { return type == "Any" || type == "object"; }
bool IsSet(absl::string_view type) { return type == "set" || type == "frozenset"; }
bool IsList(const SpelledType& type) {
  const bool has_any_length = type.arguments.size() == 2 && type.arguments[1] == "...";
  return type.name == "list" || type.name == "Sequence" || IsSet(type.name) ||
         (type.name == "tuple" && has_any_length);
}

using FitOfElement = Fit (*)(absl::string_view type, const v1::DataType& column);

Fit FitOfList(const SpelledType& type, const v1::DataType& column, FitOfElement fit_of) {
  const ColumnFamily family = FamilyOf(column);
  const absl::string_view element =
      type.arguments.empty() ? absl::string_view() : type.arguments[0];
  if (family == kJson) return Fit::kFits;
  if (family == kVector) return element == "float" ? Fit::kNearly : Fit::kNot;
  if (family == kIntVector) return element == "int" ? Fit::kNearly : Fit::kNot;
  if ((family & kStrings) != 0) return Fit::kByConvention;
  if (family != kArray) return FitOfNone(family);
  if (element.empty()) return Fit::kUnknown;
  // PostgreSQL does not hold the number of dimensions: a list of lists is an array of the same
  // element.
  const SpelledType inner = TakeApart(element);
  if (IsList(inner)) return FitOfList(inner, column, fit_of);
  v1::DataType of_column = column;
  of_column.set_array(false);
  return fit_of(element, of_column);
}

// Of a fixed length, each place with a type of its own.
Fit FitOfTuple(const SpelledType& type, const v1::DataType& column) {
  const ColumnFamily family = FamilyOf(column);
  if (family == kJson || family == kComposite) return Fit::kFits;
  if (type.arguments.empty() && family == kArray) return Fit::kUnknown;
  if (family == kRange) return type.arguments.size() == 2 ? Fit::kFits : Fit::kNot;
  return family == kArray || (family & kStrings) != 0 ? Fit::kByConvention : FitOfNone(family);
}

Fit FitOfLiteral(const SpelledType& type, uint32_t family) {
  const LiteralValues values = ValuesOfLiteral(type);
  if (!values.texts.empty()) return FitOfRow(kTextEnum, family);
  return values.numbers.empty() ? Fit::kUnknown : FitOfRow(kNumberEnum, family);
}

// Of a union the worst that is known: a value of any member may come. A document takes them all.
Fit FitOfUnion(const std::vector<absl::string_view>& members, const v1::DataType& column) {
  Fit worst = Fit::kFits;
  bool none_fits = true;
  for (const absl::string_view member : members) {
    if (member == "None") continue;
    const Fit fit = FitOf(member, column);
    if (fit == Fit::kUnknown && FamilyOf(column) != kJson) return Fit::kUnknown;
    worst = std::max(worst, fit);
    none_fits &= fit == Fit::kNot;
  }
  if (worst <= Fit::kNearly && worst != Fit::kUnknown) return worst;
  if (FamilyOf(column) == kJson) return Fit::kNearly;
  return none_fits ? Fit::kNot : Fit::kByConvention;
}

bool IsKnown(absl::string_view type) {
  const SpelledType spelled = TakeApart(type);
  if (spelled.name == "Literal") return true;
  const bool is_known = RowOf(spelled.name) != nullptr || IsList(spelled) ||
                        spelled.name == "tuple" || spelled.name == "Optional" ||
                        spelled.name == "Union" || spelled.name == "None" ||
                        spelled.name == "..." || IsAny(spelled.name);
  return is_known && std::all_of(spelled.arguments.begin(), spelled.arguments.end(), IsKnown);
}

// The least and the greatest value of a column of numbers; nothing of others.
struct Range {
  double least;
  double most;
};
std::optional<Range> RangeOf(const v1::DataType& column) {
  switch (FamilyOf(column)) {
    case kInt2:
      return Range{-32768, 32767};
    case kInt4:
      return Range{-2147483648.0, 2147483647.0};
    case kInt8:
      return Range{-9223372036854775808.0, 9223372036854775807.0};
    default:
      break;
  }
  const std::optional<NumericSize> size = NumericSizeOf(column);
  if (!size.has_value()) return std::nullopt;
  const double most = std::pow(10.0, static_cast<double>(size->precision - size->scale));
  return Range{-most, most};
}

std::optional<int64_t> WholeOf(const v1::ModelField& field, absl::string_view constraint) {
  for (const v1::Option& option : field.constraints()) {
    int64_t value = 0;
    if (option.name() == constraint && absl::SimpleAtoi(option.value(), &value)) return value;
  }
  return std::nullopt;
}

void AddBoundsBeyond(const v1::ModelField& field, const Range& range, bool is_whole,
                     std::vector<std::string>& beyond) {
  for (const v1::Option& option : field.constraints()) {
    double bound = 0;
    if (!absl::SimpleAtod(absl::string_view(option.value()), &bound)) continue;
    // Below 5 is at most 4 where there are whole numbers only.
    const double step = is_whole ? 1 : 0;
    const bool is_over = (option.name() == "le" && bound > range.most) ||
                         (option.name() == "lt" && bound - step > range.most);
    const bool is_under = (option.name() == "ge" && bound < range.least) ||
                          (option.name() == "gt" && bound + step < range.least);
    if (is_over || is_under) {
      beyond.push_back(absl::StrCat(option.name(), " ", option.value()));
    }
  }
}

void AddDigitsBeyond(const v1::ModelField& field, const NumericSize& size,
                     std::vector<std::string>& beyond) {
  const std::optional<int64_t> digits = WholeOf(field, "max_digits");
  const std::optional<int64_t> places = WholeOf(field, "decimal_places");
  if (places.has_value() && *places > size.scale) {
    beyond.push_back(absl::StrCat("decimal_places ", *places, " of ", size.scale));
  }
  const int64_t room = size.precision - size.scale;
  if (digits.has_value() && *digits - places.value_or(0) > room) {
    beyond.push_back(
        absl::StrCat(*digits - places.value_or(0), " digits before the point of ", room));
  }
}

}  // namespace

Fit FitOf(absl::string_view model_type, const v1::DataType& column) {
  const SpelledType type = TakeApart(model_type);
  if (IsAny(type.name)) return Fit::kFits;
  const ColumnFamily family = FamilyOf(column);
  if (family == kFamilyUnknown) return Fit::kUnknown;
  if (type.name == "Optional" && type.arguments.size() == 1) {
    return FitOf(type.arguments[0], column);
  }
  if (type.name == "Union") return FitOfUnion(type.arguments, column);
  if (type.name == "Literal") return FitOfLiteral(type, family);
  if (IsList(type)) return FitOfList(type, column, FitOf);
  if (type.name == "tuple") return FitOfTuple(type, column);
  const Row* const row = RowOf(type.name);
  if (row == nullptr) return Fit::kUnknown;
  const bool is_uuid = (row->fits & kUuid) != 0;
  if (is_uuid && LengthOf(column).value_or(kUuidLength) < kUuidLength) return Fit::kByConvention;
  return FitOfRow(*row, family);
}

Fit FitOfEnum(EnumValues values, absl::string_view model_type, const v1::DataType& column) {
  if (FamilyOf(column) == kFamilyUnknown) return Fit::kUnknown;
  const SpelledType type = TakeApart(WithoutNone(model_type));
  if (!IsList(type)) {
    if (!type.arguments.empty()) return Fit::kUnknown;
    return FitOfRow(values == EnumValues::kTexts ? kTextEnum : kNumberEnum, FamilyOf(column));
  }
  return FitOfList(
      type, column,
      values == EnumValues::kTexts
          ? [](absl::string_view element,
               const v1::DataType& of) { return FitOfEnum(EnumValues::kTexts, element, of); }
          : [](absl::string_view element, const v1::DataType& of) {
              return FitOfEnum(EnumValues::kNumbers, element, of);
            });
}

bool HasOnlyKnownTypes(absl::string_view model_type) { return IsKnown(model_type); }

std::string TooLong(const v1::ModelField& field, const v1::DataType& column) {
  const std::optional<int64_t> room = LengthOf(column);
  const std::optional<int64_t> most = WholeOf(field, "max_length");
  if (!room.has_value() || !most.has_value() || *most <= *room) return "";
  return absl::StrCat(*most, " of ", *room);
}

std::vector<std::string> BeyondBounds(const v1::ModelField& field, const v1::DataType& column) {
  const absl::string_view type = WithoutNone(field.type());
  std::vector<std::string> beyond;
  if (type != "int" && type != "float" && type != "Decimal") return beyond;
  const std::optional<Range> range = RangeOf(column);
  if (range.has_value()) AddBoundsBeyond(field, *range, type == "int", beyond);
  const std::optional<NumericSize> size = NumericSizeOf(column);
  if (size.has_value()) AddDigitsBeyond(field, *size, beyond);
  return beyond;
}

}  // namespace varve
