#include "agent/source/models/mask_json.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/models/json_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Redactor& TestRedactor() {
  static const Redactor* const redactor = new Redactor(MaskKey{"test", std::string(32, 'k')});
  return *redactor;
}

struct ValueCase {
  const char* name;
  const char* json;
  const char* of;  // what it is the value of
  bool all = false;
  const char* masked;
  std::vector<std::string> parts;
};
class MaskedValue : public ::testing::TestWithParam<ValueCase> {};

TEST_P(MaskedValue, HoldsNoSecret) {
  Masked masked;
  JsonMask mask(TestRedactor(), masked);
  EXPECT_EQ(mask.Value(GetParam().json, GetParam().of, GetParam().all), GetParam().masked);
  EXPECT_EQ(masked.parts, GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(
    All, MaskedValue,
    ::testing::Values(
        // What has nothing to mask keeps its very text.
        ValueCase{"PlainStaysAsItIs",
                  R"({"b": 1.0, "a": "x"})",
                  "size",
                  false,
                  R"({"b": 1.0, "a": "x"})",
                  {}},
        ValueCase{
            "TextBySecretName", R"("hunter2")", "api_key", false, "\"‹masked›\"", {"hunter2"}},
        ValueCase{"NumberBySecretName", "1234", "password", false, "\"‹masked›\"", {"1234"}},
        ValueCase{"NobodysSecrets",
                  R"([null,true,false,""])",
                  "password",
                  false,
                  R"([null,true,false,""])",
                  {}},
        ValueCase{"NameAbove",
                  R"({"password":{"old":["a","b"]}})",
                  "",
                  false,
                  R"({"password":{"old":["‹masked›","‹masked›"]}})",
                  {"a", "b"}},
        ValueCase{"NameInside",
                  R"({"host":"db","token":"abc"})",
                  "",
                  false,
                  R"({"host":"db","token":"‹masked›"})",
                  {"abc"}},
        ValueCase{"ByItsLook",
                  R"("postgresql://app:hunter2@db/x")",
                  "dsl",
                  false,
                  R"("postgresql://app:‹masked›@db/x")",
                  {"hunter2"}},
        ValueCase{"MarkedByTheProbe",
                  R"({"$secret":"hunter2"})",
                  "x",
                  false,
                  "\"‹masked›\"",
                  {"hunter2"}},
        ValueCase{"MarkedWhole",
                  R"({"$secret":{"a":1,"b":["x",null]}})",
                  "x",
                  false,
                  R"({"a":"‹masked›","b":["‹masked›",null]})",
                  {"1", "x"}},
        ValueCase{"MarkBesideMoreIsNoMark",
                  R"({"$secret":"x","b":1})",
                  "size",
                  false,
                  R"({"$secret":"‹masked›","b":1})",
                  {"x"}},
        ValueCase{"AllOfASettingsClass",
                  R"({"host":"db","port":5432})",
                  "",
                  true,
                  R"({"host":"‹masked›","port":"‹masked›"})",
                  {"db", "5432"}},
        ValueCase{
            "StarsOfTheLibraryStay", R"("**********")", "password", false, R"("**********")", {}},
        ValueCase{"MaskedOnceStays", "\"‹masked›\"", "password", false, "\"‹masked›\"", {}},
        ValueCase{"SecretInAKey",
                  R"({"jane.doe@example.org":1})",
                  "owners",
                  false,
                  R"({"‹masked›":1})",
                  {"jane.doe@example.org"}},
        ValueCase{"NoJsonIsMaskedAsText",
                  "postgresql://app:hunter2@db/x",
                  "size",
                  false,
                  "postgresql://app:‹masked›@db/x",
                  {"hunter2"}},
        ValueCase{"NoJsonOfASecretName", "hunter2", "password", false, "‹masked›", {"hunter2"}}),
    [](const auto& info) { return info.param.name; });

TEST(JsonMask, WhatIsMaskedTwiceIsTheSame) {
  Masked first, second;
  const std::string once = JsonMask(TestRedactor(), first)
                               .Value(R"({"password":"a","list":["b@c.example"]})", "", false);
  EXPECT_EQ(JsonMask(TestRedactor(), second).Value(once, "", false), once);
  EXPECT_THAT(second.parts, IsEmpty());
}

Json Schema(const std::string& json, const SchemaSecrets& secrets = {}, bool all = false,
            const std::string& name = "Login") {
  Masked masked;
  return Json::parse(MaskSchema(TestRedactor(), masked, json, secrets, name, all));
}

TEST(MaskSchema, DefaultsAreThoseOfTheirProperty) {
  EXPECT_EQ(Schema(R"({"properties":{"password":{"default":"hunter2","type":"string"},
                       "size":{"default":"xl","examples":["s"]}}})"),
            Json::parse(R"({"properties":{"password":{"default":"‹masked›","type":"string"},
                       "size":{"default":"xl","examples":["s"]}}})"));
}

TEST(MaskSchema, AnExampleInsideAnArmIsOfTheProperty) {
  EXPECT_EQ(
      Schema(R"({"properties":{"api_key":{"anyOf":[{"examples":["hunter2"]},{"type":"null"}]}}})"),
      Json::parse(
          R"({"properties":{"api_key":{"anyOf":[{"examples":["‹masked›"]},{"type":"null"}]}}})"));
}

TEST(MaskSchema, WordsOfTheVocabularyStay) {
  const std::string schema =
      R"({"properties":{"password":{"title":"Password","type":"string","format":"password","pattern":"^x$"}},"required":["password"],"title":"Login"})";
  Masked masked;
  EXPECT_EQ(MaskSchema(TestRedactor(), masked, schema, {}, "Login", false), schema);
  EXPECT_THAT(masked.parts, IsEmpty());
}

TEST(MaskSchema, DescriptionsAreMaskedByTheirLook) {
  EXPECT_EQ(Schema(R"({"description":"ask jane.doe@example.org"})"),
            Json::parse(R"({"description":"ask ‹masked›"})"));
}

TEST(MaskSchema, AllDefaultsOfASettingsClassGo) {
  const Json schema = Json::parse(R"({"properties":{"host":{"default":"db"}}})");
  const Json masked = Json::parse(R"({"properties":{"host":{"default":"‹masked›"}}})");
  EXPECT_EQ(Schema(schema.dump(), {}, true), masked);
  SchemaSecrets secrets;
  secrets.settings = {"Settings"};
  EXPECT_EQ(Schema(R"({"$defs":{"shop__conf__Settings":)" + schema.dump() + R"(,"Other":)" +
                       schema.dump() + "}}",
                   secrets),
            Json::parse(R"({"$defs":{"shop__conf__Settings":)" + masked.dump() + R"(,"Other":)" +
                        schema.dump() + "}}"));
}

// Login has a field `password`, whose property is called by its alias.
SchemaSecrets LoginSecrets() {
  SchemaSecrets secrets;
  secrets.defaults["Login"]["entry"] = {"admin", "4711"};
  return secrets;
}

TEST(MaskSchema, ADefaultIsMaskedUnderAnAliasToo) {
  EXPECT_EQ(
      Schema(
          R"({"properties":{"entry":{"default":"admin","examples":[4711,"x"]},"role":{"default":"admin"}}})",
          LoginSecrets()),
      Json::parse(
          R"({"properties":{"entry":{"default":"‹masked›","examples":["‹masked›","x"]},"role":{"default":"admin"}}})"));
}

TEST(MaskSchema, ADefaultIsMaskedInWhatHoldsItsClass) {
  const std::string login = R"({"properties":{"entry":{"default":"admin"}},"title":"Login"})";
  const std::string masked = R"({"properties":{"entry":{"default":"‹masked›"}},"title":"Login"})";
  const std::string other = R"({"properties":{"entry":{"default":"admin"}},"title":"Other"})";
  const auto holder = [&](absl::string_view defs, absl::string_view name, absl::string_view held) {
    return absl::StrCat("{\"", defs, "\":{\"", name, "\":", held, ",\"Other\":", other, "}}");
  };
  for (const char* const defs : {"$defs", "definitions"}) {
    for (const char* const name : {"Login", "shop__models__Login", "Renamed"}) {
      EXPECT_EQ(Schema(holder(defs, name, login), LoginSecrets(), false, "Holder"),
                Json::parse(holder(defs, name, masked)));
    }
  }
}

TEST(MaskSchema, AnotherModelsDefaultFalsifiesNothing) {
  const std::string user =
      R"({"description":"admin","properties":{"entry":{"default":"admin","enum":["admin","guest"]}}})";
  EXPECT_EQ(Schema(user, LoginSecrets(), false, "User"), Json::parse(user));
}

TEST(MaskSchema, WhatAFieldMayBeIsNotItsDefault) {
  EXPECT_EQ(
      Schema(
          R"({"properties":{"entry":{"default":"admin","const":"admin","enum":["admin"],"description":"admin"}}})",
          LoginSecrets()),
      Json::parse(
          R"({"properties":{"entry":{"default":"‹masked›","const":"admin","enum":["admin"],"description":"admin"}}})"));
}

TEST(MaskSchema, AnExampleOfAClassHoldsItsProperties) {
  EXPECT_EQ(
      Schema(R"({"examples":[{"entry":"admin","role":"admin"}],"properties":{}})", LoginSecrets()),
      Json::parse(R"({"examples":[{"entry":"‹masked›","role":"admin"}],"properties":{}})"));
}

TEST(MaskSchema, ANamesakeOfASettingsClassIsNone) {
  SchemaSecrets secrets;
  secrets.settings = {"Login"};
  const std::string schema = R"({"properties":{"host":{"default":"db"}}})";
  EXPECT_EQ(Schema(schema, secrets, false, "Login"), Json::parse(schema));
}

TEST(MaskSchema, ARootModelsDefaultIsItsOwn) {
  SchemaSecrets secrets;
  secrets.defaults["Token"][""] = {"hunter2"};
  EXPECT_EQ(Schema(R"({"default":"hunter2","title":"Token"})", secrets, false, "Token"),
            Json::parse(R"({"default":"‹masked›","title":"Token"})"));
}

TEST(MaskSchema, WhatIsNoSchemaIsNotSent) {
  Masked masked;
  EXPECT_EQ(MaskSchema(TestRedactor(), masked, "password=hunter2", {}, "Login", false), "");
}

TEST(MaskSchema, WhatItMasksIsTold) {
  Masked masked;
  MaskSchema(TestRedactor(), masked, R"({"properties":{"token":{"default":"hunter2"}}})", {},
             "Login", false);
  EXPECT_THAT(masked.parts, ElementsAre("hunter2"));
}

}  // namespace
}  // namespace varve
