#include "snapshot/rules/default_value.h"

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

struct DefaultCase {
  const char* name;
  v1::DataType type;
  const char* column;  // as PostgreSQL prints it
  const char* json;    // of a field
  Comparison comparison;
};
class Defaults : public ::testing::TestWithParam<DefaultCase> {};

TEST_P(Defaults, AreComparedByTheTypeOfTheColumn) {
  EXPECT_EQ(Compare(DefaultOfText(GetParam().column, GetParam().type),
                    DefaultOfJson(GetParam().json, GetParam().type)),
            GetParam().comparison);
}

constexpr Comparison kSame = Comparison::kSame;
constexpr Comparison kDiffer = Comparison::kDiffer;
constexpr Comparison kCannotSay = Comparison::kCannotSay;

INSTANTIATE_TEST_SUITE_P(
    All, Defaults,
    ::testing::Values(
        DefaultCase{"Text", CatalogType("varchar"), "'x'::character varying", "\"x\"", kSame},
        DefaultCase{"OtherText", CatalogType("varchar"), "'x'::character varying", "\"y\"",
                    kDiffer},
        DefaultCase{"Padded", CatalogType("bpchar", "3"), "'x  '::bpchar", "\"x\"", kSame},
        DefaultCase{"Enum", UserType("enum", "public", "mood"), "'A'::mood", "\"A\"", kSame},
        DefaultCase{"Number", CatalogType("numeric"), "1.10", "1.1", kSame},
        DefaultCase{"NumberAsText", CatalogType("numeric"), "0.5", "\"0.50\"", kSame},
        DefaultCase{"Negative", CatalogType("int4"), "'-1'::integer", "-1", kSame},
        DefaultCase{"Whole", CatalogType("float8"), "1", "1.0", kSame},
        DefaultCase{"OtherNumber", CatalogType("int4"), "0", "1", kDiffer},
        DefaultCase{"Exponent", CatalogType("float8"), "'1e+21'::double precision", "1e20",
                    kCannotSay},
        DefaultCase{"Bool", CatalogType("bool"), "false", "false", kSame},
        DefaultCase{"OtherBool", CatalogType("bool"), "false", "true", kDiffer},
        DefaultCase{"Uuid", CatalogType("uuid"), "'ABCD'::uuid", "\"abcd\"", kSame},
        DefaultCase{"Json", CatalogType("jsonb"), "'{\"b\": 1, \"a\": [1.0]}'::jsonb",
                    R"({"a":[1.0],"b":1})", kSame},
        DefaultCase{"OtherJson", CatalogType("jsonb"), "'{}'::jsonb", "[]", kDiffer},
        DefaultCase{"EmptyArray", ArrayOf(CatalogType("text")), "'{}'::text[]", "[]", kSame},
        DefaultCase{"Array", ArrayOf(CatalogType("text")), "ARRAY['a'::text, 'b'::text]",
                    R"(["a","b"])", kSame},
        DefaultCase{"ArrayOfNumbers", ArrayOf(CatalogType("int4")), "'{1,2}'::integer[]", "[1,2]",
                    kSame},
        DefaultCase{"OtherArray", ArrayOf(CatalogType("text")), "'{a}'::text[]", "[]", kDiffer},
        DefaultCase{"QuotedArray", ArrayOf(CatalogType("text")), "'{\"a b\"}'::text[]",
                    R"(["a b"])", kCannotSay},
        DefaultCase{"Interval", CatalogType("interval"), "'00:01:30'::interval", "\"PT1M30S\"",
                    kSame},
        DefaultCase{"IntervalOfDays", CatalogType("interval"), "'2 days 01:00:00'::interval",
                    "\"P2DT1H\"", kSame},
        DefaultCase{"OtherInterval", CatalogType("interval"), "'1 day'::interval", "\"PT1H\"",
                    kDiffer},
        DefaultCase{"StrangeInterval", CatalogType("interval"), "'1 mon'::interval", "\"P30D\"",
                    kCannotSay},
        DefaultCase{"Date", CatalogType("date"), "'2020-01-01'::date", "\"2020-01-01\"", kSame},
        DefaultCase{"MomentInAnotherSpelling", CatalogType("timestamptz"),
                    "'2020-01-01 00:00:00+00'::timestamp with time zone",
                    "\"2020-01-01T00:00:00+00:00\"", kCannotSay},
        DefaultCase{"Call", CatalogType("timestamptz"), "now()", "\"2020-01-01\"", kDiffer},
        DefaultCase{"Expression", CatalogType("text"), "('a'::text || 'b'::text)", "\"ab\"",
                    kCannotSay},
        DefaultCase{"Masked", CatalogType("text"), "'‹masked›'::text", "\"x\"", kCannotSay},
        DefaultCase{"MaskedField", CatalogType("text"), "'x'::text", "\"‹masked›\"", kCannotSay},
        DefaultCase{"Marker", CatalogType("float8"), "1", R"({"$float":"NaN"})", kCannotSay},
        DefaultCase{"NoJson", CatalogType("text"), "'x'::text", "{", kCannotSay},
        DefaultCase{"Null", CatalogType("text"), "NULL::text", "null", kSame},
        DefaultCase{"OneHasNone", CatalogType("text"), "", "\"x\"", kDiffer}),
    [](const auto& info) { return info.param.name; });

struct TextCase {
  const char* name;
  const char* mapper;
  const char* column;
  Comparison comparison;
};
class DefaultTexts : public ::testing::TestWithParam<TextCase> {};

TEST_P(DefaultTexts, OfMappersAreComparedAsExpressions) {
  const v1::DataType type = CatalogType("text");
  EXPECT_EQ(Compare(DefaultOfText(GetParam().mapper, type), DefaultOfText(GetParam().column, type)),
            GetParam().comparison);
}

INSTANTIATE_TEST_SUITE_P(
    All, DefaultTexts,
    ::testing::Values(TextCase{"Literal", "'it''s'", "'it''s'::character varying", kSame},
                      TextCase{"Now", "CURRENT_TIMESTAMP", "now()", kSame},
                      TextCase{"MakersOfUuids", "gen_random_uuid()", "public.uuid_generate_v4()",
                               kSame},
                      TextCase{"OtherCall", "now()", "clock_timestamp()", kDiffer},
                      TextCase{"SchemaOfACall", "app.code()", "code()", kSame},
                      TextCase{"CastsWithin", "lower('X')", "lower('X'::text)", kSame},
                      TextCase{"OtherExpressions", "now() AT TIME ZONE 'utc'",
                               "timezone('utc'::text, now())", kCannotSay},
                      TextCase{"LiteralAgainstACall", "'x'", "current_user()", kDiffer}),
    [](const auto& info) { return info.param.name; });

TEST(DefaultOfField, AFunctionIsNoValueButWhereItMakesAnEmptyOne) {
  const v1::DataType json = CatalogType("jsonb");
  v1::ModelField field = testing::Field("x", "dict");
  EXPECT_EQ(DefaultOfField(field, json).kind, DefaultValue::Kind::kNone);
  field.set_default_factory("dict");
  EXPECT_EQ(DefaultOfField(field, json).text, "{}");
  field.set_default_factory("builtins.list");
  EXPECT_EQ(DefaultOfField(field, json).text, "[]");
  field.set_default_factory("uuid.uuid4");
  EXPECT_EQ(DefaultOfField(field, json).kind, DefaultValue::Kind::kNone);
}

TEST(DefaultOfField, WhatWasNotFollowedIsNotKnown) {
  v1::ModelField field = testing::Field("x", "str");
  field.set_default_text("settings.NAME");
  EXPECT_EQ(DefaultOfField(field, CatalogType("text")).kind, DefaultValue::Kind::kUnknown);
  field.clear_default_text();
  field.add_unknown("default");
  EXPECT_EQ(DefaultOfField(field, CatalogType("text")).kind, DefaultValue::Kind::kUnknown);
}

}  // namespace
}  // namespace varve
