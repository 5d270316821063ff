#include "snapshot/rules/redis_declared_values.h"

#include <utility>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using Words = std::vector<std::pair<const char*, const char*>>;

struct ValueCase {
  const char* name;
  const char* type;
  const char* format;
  Words declared;  // places with their types
  Words seen;      // likewise, types with commas
  std::vector<std::string> told;
};
class DeclaredValues : public ::testing::TestWithParam<ValueCase> {};

v1::DeclaredKeys Declared(const Words& places) {
  v1::DeclaredKeys keys;
  for (const auto& [path, types] : places) {
    v1::CheckSetting& place = *keys.add_value();
    place.set_name(path);
    place.set_value(types);
  }
  return keys;
}

v1::ValueShape Seen(const ValueCase& of) {
  v1::ValueShape value;
  value.set_type(of.type);
  if (*of.format != '\0') value.add_formats(of.format);
  for (const auto& [path, types] : of.seen) {
    v1::ValuePath& added = *value.add_paths();
    added.set_path(path);
    for (const absl::string_view type : absl::StrSplit(types, ',')) {
      added.add_types(std::string(type));
    }
  }
  return value;
}

TEST_P(DeclaredValues, AreSeenOrToldOf) {
  EXPECT_EQ(NotAsDeclared(Declared(GetParam().declared), Seen(GetParam())), GetParam().told);
}

const Words kSession = {{"$", "object"},
                        {"$.user", "object"},
                        {"$.user.id", "integer"},
                        {"$.cart", "array"},
                        {"$.cart[*]", "integer,string"}};

INSTANTIATE_TEST_SUITE_P(
    All, DeclaredValues,
    ::testing::Values(
        ValueCase{"AllAsDeclared",
                  "string",
                  "json",
                  {{"$.user.id", "integer"}, {"$.cart[*]", "string|integer"}},
                  kSession,
                  {}},
        ValueCase{"NothingSaidOfWhatIsWithin",
                  "string",
                  "json",
                  {{"$.user", "object"}, {"$.cart", "any"}},
                  kSession,
                  {}},
        ValueCase{"AnotherType",
                  "string",
                  "json",
                  {{"$.user.id", "string"}, {"$.cart[*]", "string"}},
                  kSession,
                  {"$.user.id is integer, declared is string",
                   "$.cart[*] is integer, declared is string"}},
        ValueCase{"AnIntegerIsANumber",
                  "string",
                  "json",
                  {{"$.user.id", "number"}, {"$.cart", "array"}},
                  kSession,
                  {}},
        ValueCase{"APlaceThatIsNotDeclared",
                  "string",
                  "json",
                  {{"$.user.id", "integer"}},
                  kSession,
                  {"values have $.cart, $.cart[*], not declared"}},
        ValueCase{"APlaceThatIsNotThere",
                  "string",
                  "json",
                  {{"$.user", "any"}, {"$.cart", "any"}, {"$.note", "string"}},
                  kSession,
                  {"no value has $.note, as declared"}},
        ValueCase{"APlaceThatMayLack",
                  "string",
                  "json",
                  {{"$.user", "any"}, {"$.cart", "any"}, {"$.note", "string?"}},
                  kSession,
                  {}},
        ValueCase{"NoDocument",
                  "string",
                  "text",
                  {{"$.user", "any"}},
                  {},
                  {"no value has $.user, as declared"}},
        ValueCase{"AStarStandsForNames",
                  "string",
                  "json",
                  {{"$.prices.*", "number"}},
                  {{"$", "object"}, {"$.prices", "object"}, {"$.prices.eur", "integer"}},
                  {}},
        ValueCase{"NamesThatAreIdentifiersMayBeADeclaredOne",
                  "string",
                  "json",
                  {{"$.prices.eur", "number"}},
                  {{"$", "object"}, {"$.prices", "object"}, {"$.prices.*", "integer"}},
                  {"values have $.prices.*, not declared"}},
        ValueCase{"TextsOfAHashAreStrings",
                  "hash",
                  "",
                  {{"name", "string"}, {"age", "string"}},
                  {{"age", "integer"}, {"name", "string"}},
                  {}},
        ValueCase{"BytesAreNoString",
                  "hash",
                  "",
                  {{"name", "string"}},
                  {{"name", "binary"}},
                  {"name is binary, declared is string"}},
        ValueCase{"AStringOfADocumentIsNoInteger",
                  "hash",
                  "",
                  {{"body$.id", "string"}},
                  {{"body", "object"}, {"body$.id", "integer"}},
                  {"body$.id is integer, declared is string"}}),
    [](const auto& info) { return info.param.name; });

struct FormatCase {
  const char* name;
  const char* declared;
  const char* seen;
  bool fits;
};
class DeclaredFormat : public ::testing::TestWithParam<FormatCase> {};

TEST_P(DeclaredFormat, FitsOrIsTold) {
  v1::DeclaredKeys keys;
  keys.set_format(GetParam().declared);
  v1::ValueShape value;
  value.set_type("string");
  value.add_formats(GetParam().seen);
  EXPECT_EQ(NotAsDeclared(keys, value).empty(), GetParam().fits);
}

INSTANTIATE_TEST_SUITE_P(All, DeclaredFormat,
                         ::testing::Values(FormatCase{"Same", "json", "json", true},
                                           FormatCase{"Other", "json", "text", false},
                                           FormatCase{"Narrower", "text", "integer", true},
                                           FormatCase{"Wider", "integer", "number", false},
                                           FormatCase{"Any", "", "zstd", true}),
                         [](const auto& info) { return info.param.name; });

TEST(DeclaredValuesOfAType, ThatIsNotDeclaredAreNotLookedAt) {
  v1::DeclaredKeys keys = Declared({{"name", "string"}});
  keys.set_type("hash");
  v1::ValueShape value;
  value.set_type("string");
  EXPECT_THAT(NotAsDeclared(keys, value), ::testing::IsEmpty());
}

}  // namespace
}  // namespace varve
