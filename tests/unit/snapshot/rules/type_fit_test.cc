#include "snapshot/rules/type_fit.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::UserType;

v1::DataType ArrayOf(v1::DataType type) {
  type.set_array(true);
  return type;
}

// "numeric(5,0)", "text[]" of the catalog; "enum mood", "type vector" of schema public.
v1::DataType ColumnType(absl::string_view text) {
  const bool is_array = absl::ConsumeSuffix(&text, "[]");
  const size_t space = text.find(' ');
  if (space != absl::string_view::npos) {
    const v1::DataType type = UserType(text.substr(0, space), "public", text.substr(space + 1));
    return is_array ? ArrayOf(type) : type;
  }
  const size_t open = text.find('(');
  const absl::string_view size =
      open == absl::string_view::npos ? "" : text.substr(open + 1, text.size() - open - 2);
  const v1::DataType type = CatalogType(text.substr(0, open), size);
  return is_array ? ArrayOf(type) : type;
}

using Columns = std::vector<const char*>;

// A type of a model with columns of each fit.
struct FitRow {
  const char* type;
  Columns fits;
  Columns nearly;
  Columns by_convention;
  Columns not_at_all;
};
class Fits : public ::testing::TestWithParam<FitRow> {};

TEST_P(Fits, AreAsTheTableSays) {
  const FitRow& row = GetParam();
  for (const auto& [columns, fit] :
       {std::pair(row.fits, Fit::kFits), std::pair(row.nearly, Fit::kNearly),
        std::pair(row.by_convention, Fit::kByConvention), std::pair(row.not_at_all, Fit::kNot)}) {
    for (const char* const column : columns) {
      EXPECT_EQ(FitOf(row.type, ColumnType(column)), fit) << row.type << " in " << column;
    }
  }
}

const Columns kTexts = {"text", "varchar", "varchar(40)", "bpchar(40)"};

INSTANTIATE_TEST_SUITE_P(
    All, Fits,
    ::testing::Values(
        FitRow{"UUID",
               {"uuid"},
               {"text", "varchar", "varchar(36)", "bpchar(36)"},
               {"varchar(35)", "bpchar(32)", "bytea"},
               {"int4", "bool", "jsonb", "timestamptz"}},
        FitRow{"UUID4", {"uuid"}, {"text"}, {"bytea"}, {"int8"}},
        FitRow{"str",
               {"text", "varchar", "varchar(5)", "type citext"},
               {"bpchar(3)", "name", "enum mood", "uuid", "xml", "type ltree", "tsvector"},
               {"numeric", "numeric(5,2)", "float8", "date", "time", "timestamptz", "interval",
                "json", "jsonb", "inet", "macaddr", "money"},
               {"bool", "int2", "int4", "int8", "bytea", "text[]"}},
        FitRow{"EmailStr", {"text", "varchar"}, {"bpchar(9)"}, {"jsonb"}, {"int4"}},
        FitRow{"HttpUrl", {"text", "varchar"}, {"bpchar(9)"}, {"jsonb"}, {"int4"}},
        FitRow{"Path", {"text"}, {}, {}, {"bytea"}},
        FitRow{"PhoneNumber", {"text"}, {}, {}, {"int8"}},
        FitRow{"SecretStr", {"text", "varchar", "bytea"}, {"bpchar(9)"}, {}, {"int4", "jsonb"}},
        FitRow{"int",
               {"int4", "int8", "numeric", "numeric(9,0)"},
               {"int2", "numeric(9,2)"},
               {"float4", "float8", "text"},
               {"bool", "uuid", "date", "timestamptz", "enum mood"}},
        FitRow{"bool",
               {"bool"},
               {},
               {"int2", "int4", "bpchar(1)", "varchar", "text"},
               {"int8", "jsonb", "date", "uuid"}},
        FitRow{"float",
               {"float8", "numeric", "numeric(9,2)"},
               {"float4"},
               {"int4", "int8", "text", "money"},
               {"bool", "json", "date"}},
        FitRow{"Decimal",
               {"numeric", "numeric(9,2)", "numeric(9,0)"},
               {},
               {"float4", "float8", "money", "int4"},
               {"text", "bool"}},
        FitRow{
            "datetime", {"timestamptz"}, {"timestamp"}, {"date", "text"}, {"int8", "time", "uuid"}},
        FitRow{"AwareDatetime", {"timestamptz"}, {}, {"timestamp", "date", "text"}, {"int8"}},
        FitRow{"NaiveDatetime", {"timestamp"}, {}, {"timestamptz", "date", "text"}, {"int8"}},
        FitRow{"date", {"date"}, {"timestamp", "timestamptz"}, {"text"}, {"int4", "time"}},
        FitRow{"time", {"time"}, {"timetz"}, {"text"}, {"int4", "date"}},
        FitRow{"timedelta", {"interval"}, {}, {"int4", "float8", "text"}, {"date", "bool"}},
        FitRow{"bytes", {"bytea"}, {}, {"text", "uuid"}, {"int4", "bool"}},
        FitRow{"dict[str, Any]",
               {"jsonb", "json"},
               {"type hstore", "composite_type address"},
               {"text"},
               {"int4", "uuid", "bool"}},
        FitRow{"Mapping", {"jsonb"}, {}, {"text"}, {"int4"}},
        FitRow{"Any", {"int4", "text", "jsonb", "tsvector", "type money2"}, {}, {}, {}},
        FitRow{"object", {"int4"}, {}, {}, {}},
        FitRow{"list[str]",
               {"text[]", "varchar[]", "jsonb", "json"},
               {},
               {"text"},
               {"int4", "int4[]", "bool"}},
        FitRow{"list[float]", {"float8[]"}, {"float4[]", "type vector"}, {"int4[]"}, {"bool[]"}},
        FitRow{"list[int]", {"int4[]"}, {"int2vector"}, {}, {"type vector"}},
        FitRow{"list[list[int]]", {"int4[]"}, {}, {}, {"uuid[]"}},
        FitRow{"Sequence[str]", {"text[]"}, {}, {}, {"int4"}},
        FitRow{"tuple[int, ...]", {"int4[]", "jsonb"}, {}, {"text"}, {"int4"}},
        FitRow{"set[str]", {"text[]", "jsonb"}, {}, {"text"}, {"int4"}},
        FitRow{"frozenset[str]", {"text[]", "jsonb"}, {}, {}, {"int4"}},
        FitRow{"tuple[int, int]",
               {"jsonb", "composite_type pair", "int4range", "range_type floats"},
               {},
               {"int4[]", "text"},
               {"int4"}},
        FitRow{"tuple[int, int, int]", {"jsonb"}, {}, {}, {"int4range"}},
        FitRow{"Json", {"jsonb", "json", "text"}, {}, {}, {"int4"}},
        FitRow{"Literal['a', 'b,]']",
               {"text", "varchar", "enum mood"},
               {},
               {"int4"},
               {"uuid", "bool"}},
        FitRow{"Literal[1, -2]", {"int4", "int2", "numeric"}, {}, {"text"}, {"enum mood", "uuid"}},
        FitRow{"IPv4Address", {"inet", "cidr"}, {"text", "varchar"}, {}, {"int8"}},
        FitRow{"IPv6Network", {"cidr"}, {"text"}, {}, {"bytea"}},
        FitRow{"MacAddress", {"macaddr", "macaddr8"}, {"text"}, {}, {"int8"}},
        FitRow{"Optional[int]", {"int4"}, {"int2"}, {"text"}, {"uuid"}},
        FitRow{"Union[int, Decimal]", {"numeric"}, {"jsonb"}, {"int4"}, {"bool", "date"}},
        FitRow{"Union[int, None]", {"int4"}, {}, {}, {"uuid"}},
        FitRow{"Union[int, shop.Id]", {}, {"json"}, {}, {}}),
    [](const auto& info) {
      std::string name = absl::StrCat(info.index, "_", info.param.type);
      for (char& c : name) c = absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return name;
    });

struct UnknownCase {
  const char* type;
  const char* column;
};
class UnknownFits : public ::testing::TestWithParam<UnknownCase> {};

TEST_P(UnknownFits, AreNoAnswer) {
  EXPECT_EQ(FitOf(GetParam().type, ColumnType(GetParam().column)), Fit::kUnknown)
      << GetParam().type << " in " << GetParam().column;
}

INSTANTIATE_TEST_SUITE_P(
    All, UnknownFits,
    ::testing::Values(UnknownCase{"shop.models.Money", "text"}, UnknownCase{"str", "type geometry"},
                      UnknownCase{"str", "type int4"}, UnknownCase{"Optional[", "text"},
                      UnknownCase{"", "text"}, UnknownCase{"list", "int4[]"},
                      UnknownCase{"tuple", "int4[]"}, UnknownCase{"str", "int4range"},
                      UnknownCase{"int", "type hstore"}, UnknownCase{"list[datetime]", "tstzrange"},
                      UnknownCase{"Union[int, shop.Id]", "int4"},
                      UnknownCase{"Literal[True]", "text"},
                      UnknownCase{"Literal[1, 'a']", "text"}));

struct EnumCase {
  EnumValues values;
  const char* type;
  const char* column;
  Fit fit;
};
class EnumFits : public ::testing::TestWithParam<EnumCase> {};

TEST_P(EnumFits, AreAsTheTableSays) {
  EXPECT_EQ(FitOfEnum(GetParam().values, GetParam().type, ColumnType(GetParam().column)),
            GetParam().fit)
      << GetParam().type << " in " << GetParam().column;
}

INSTANTIATE_TEST_SUITE_P(
    All, EnumFits,
    ::testing::Values(EnumCase{EnumValues::kTexts, "Mood", "enum mood", Fit::kFits},
                      EnumCase{EnumValues::kTexts, "Optional[Mood]", "text", Fit::kFits},
                      EnumCase{EnumValues::kTexts, "Mood", "int4", Fit::kByConvention},
                      EnumCase{EnumValues::kTexts, "Mood", "uuid", Fit::kNot},
                      EnumCase{EnumValues::kNumbers, "Rank", "int2", Fit::kFits},
                      EnumCase{EnumValues::kNumbers, "Rank", "text", Fit::kByConvention},
                      EnumCase{EnumValues::kNumbers, "Rank", "enum mood", Fit::kNot},
                      EnumCase{EnumValues::kTexts, "list[Mood]", "enum mood[]", Fit::kFits},
                      EnumCase{EnumValues::kNumbers, "list[Rank]", "int4[]", Fit::kFits},
                      EnumCase{EnumValues::kTexts, "list[Mood]", "enum mood", Fit::kNot},
                      EnumCase{EnumValues::kTexts, "Union[Mood, int]", "text", Fit::kUnknown},
                      EnumCase{EnumValues::kTexts, "Mood", "type geometry", Fit::kUnknown}));

TEST(KnownTypes, AreThoseThatHaveARow) {
  for (const char* const type :
       {"int", "Optional[str]", "list[UUID]", "dict[str, Any]", "Literal['a']", "Union[int, None]",
        "tuple[int, ...]", "set[list[date]]"}) {
    EXPECT_TRUE(HasOnlyKnownTypes(type)) << type;
  }
  for (const char* const type : {"Line", "list[Line]", "Optional[Line]", "dict[str, Line]", ""}) {
    EXPECT_FALSE(HasOnlyKnownTypes(type)) << type;
  }
}

v1::ModelField FieldWith(absl::string_view type,
                         const std::vector<std::pair<std::string, std::string>>& constraints) {
  v1::ModelField field = testing::Field("title", type);
  for (const auto& [name, value] : constraints) {
    v1::Option& constraint = *field.add_constraints();
    constraint.set_name(name);
    constraint.set_value(value);
  }
  return field;
}

struct LengthCase {
  const char* name;
  v1::DataType column;
  const char* max_length;
  const char* said;
};
class Lengths : public ::testing::TestWithParam<LengthCase> {};

TEST_P(Lengths, AreComparedWhereTheColumnHasOne) {
  EXPECT_EQ(TooLong(FieldWith("str", {{"max_length", GetParam().max_length}}), GetParam().column),
            GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    All, Lengths,
    ::testing::Values(LengthCase{"Longer", CatalogType("varchar", "200"), "201", "201 of 200"},
                      LengthCase{"Equal", CatalogType("varchar", "200"), "200", ""},
                      LengthCase{"Padded", CatalogType("bpchar", "2"), "3", "3 of 2"},
                      LengthCase{"NoLimit", CatalogType("varchar"), "201", ""},
                      LengthCase{"Text", CatalogType("text"), "201", ""},
                      LengthCase{"Numeric", CatalogType("numeric", "4"), "201", ""},
                      LengthCase{"Array", ArrayOf(CatalogType("varchar", "2")), "3", ""},
                      LengthCase{"OwnType", UserType("type", "public", "varchar"), "3", ""},
                      LengthCase{"NotANumber", CatalogType("varchar", "200"), "many", ""}),
    [](const auto& info) { return info.param.name; });

struct BoundCase {
  const char* name;
  const char* type;
  std::vector<std::pair<std::string, std::string>> constraints;
  const char* column;
  std::vector<std::string> beyond;
};
class Bounds : public ::testing::TestWithParam<BoundCase> {};

TEST_P(Bounds, AreHeldAgainstTheColumn) {
  EXPECT_EQ(BeyondBounds(FieldWith(GetParam().type, GetParam().constraints),
                         ColumnType(GetParam().column)),
            GetParam().beyond);
}

INSTANTIATE_TEST_SUITE_P(
    All, Bounds,
    ::testing::Values(
        BoundCase{"Above", "int", {{"le", "32768"}}, "int2", {"le 32768"}},
        BoundCase{"AtTheMost", "int", {{"le", "32767"}, {"ge", "-32768"}}, "int2", {}},
        BoundCase{"Below", "Optional[int]", {{"ge", "-32769"}}, "int2", {"ge -32769"}},
        BoundCase{"LessThanOneMore", "int", {{"lt", "32768"}, {"gt", "-32769"}}, "int2", {}},
        BoundCase{"LessThanTwoMore", "int", {{"lt", "32769"}}, "int2", {"lt 32769"}},
        BoundCase{"Unbounded", "int", {}, "int2", {}},
        BoundCase{"FourBytes", "int", {{"le", "3000000000"}}, "int4", {"le 3000000000"}},
        BoundCase{"EightBytes", "int", {{"le", "3000000000"}}, "int8", {}},
        BoundCase{"Numeric", "Decimal", {{"le", "1000"}}, "numeric(4,2)", {"le 1000"}},
        BoundCase{"NumericFits", "Decimal", {{"ge", "0"}, {"le", "1"}}, "numeric(4,3)", {}},
        BoundCase{"Digits",
                  "Decimal",
                  {{"decimal_places", "3"}, {"max_digits", "12"}},
                  "numeric(10,2)",
                  {"decimal_places 3 of 2", "9 digits before the point of 8"}},
        BoundCase{"DigitsFit",
                  "Decimal",
                  {{"decimal_places", "2"}, {"max_digits", "10"}},
                  "numeric(10,2)",
                  {}},
        BoundCase{"AnyNumeric", "Decimal", {{"max_digits", "99"}}, "numeric", {}},
        BoundCase{"NoNumber", "str", {{"le", "70000"}}, "int2", {}},
        BoundCase{"NotParsed", "int", {{"le", "\"many\""}}, "int2", {}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
