#include "cli/render/json_writer.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "gtest/gtest.h"

namespace varve {
namespace {

// What `write` put into one object, parsed by a parser that is not ours.
template <typename Write>
nlohmann::ordered_json Written(const Write& write) {
  JsonWriter out;
  out.BeginObject();
  write(out);
  out.EndObject();
  return nlohmann::ordered_json::parse(out.Take());
}

TEST(JsonWriter, KeepsTheOrderOfKeysAndIndentsByTwo) {
  JsonWriter out;
  out.BeginObject();
  out.Text("b", "x");
  out.Number("a", 1);
  out.EndObject();
  EXPECT_EQ(out.Take(), "{\n  \"b\": \"x\",\n  \"a\": 1\n}\n");
}

TEST(JsonWriter, WritesEveryKindOfValue) {
  const auto json = Written([](JsonWriter& out) {
    out.TextOrNull("empty", "");
    out.TextOrNull("text", "t");
    out.NumberOrNull("unknown", std::nullopt);
    out.NumberOrNull("known", -1);
    out.Unsigned("most", std::numeric_limits<uint64_t>::max());
    out.Flag("flag", true);
    out.Texts("texts", std::vector<std::string>{"a", "b"});
  });
  EXPECT_TRUE(json["empty"].is_null());
  EXPECT_EQ(json["text"], "t");
  EXPECT_TRUE(json["unknown"].is_null());
  EXPECT_EQ(json["known"], -1);
  EXPECT_EQ(json["most"], std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(json["flag"], true);
  EXPECT_EQ(json["texts"], (nlohmann::json{"a", "b"}));
}

TEST(JsonWriter, EscapesWhatWouldEndAString) {
  const std::string hostile = "a\"b\\c\nd\x01</script>";
  const auto json = Written([&](JsonWriter& out) { out.Text(hostile, hostile); });
  EXPECT_EQ(json[hostile], hostile);
}

TEST(JsonWriter, BytesThatAreNotUtf8AreShownEscaped) {
  const auto json = Written([](JsonWriter& out) { out.Text("key", "a\\\xff"); });
  EXPECT_EQ(json["key"], "a\\\\\\xFF");
}

TEST(JsonWriter, JsonTextBecomesPartWithItsNumbersAsTheyAreSpelled) {
  JsonWriter out;
  out.BeginObject();
  out.Json("schema", R"({"weight": 1.10, "big": 123456789012345678901234567890})");
  out.EndObject();
  const std::string text = out.Take();
  EXPECT_NE(text.find("1.10"), std::string::npos);
  EXPECT_NE(text.find("123456789012345678901234567890"), std::string::npos);
}

TEST(JsonWriter, WhatIsNotJsonBecomesAString) {
  for (const char* const text : {"{", "", "nan", "{} trailing", "'x'", "[1,]"}) {
    const auto json = Written([&](JsonWriter& out) { out.Json("value", text); });
    EXPECT_EQ(json["value"], text);
  }
}

TEST(JsonWriter, JsonTextThatIsTooDeepBecomesAString) {
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');
  const auto json = Written([&](JsonWriter& out) { out.Json("deep", deep); });
  EXPECT_EQ(json["deep"], deep);
  const std::string fair = std::string(100, '[') + std::string(100, ']');
  EXPECT_TRUE(Written([&](JsonWriter& out) { out.Json("fair", fair); })["fair"].is_array());
}

}  // namespace
}  // namespace varve
