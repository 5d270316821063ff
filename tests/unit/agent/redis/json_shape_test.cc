#include "agent/source/redis/json_shape.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void AppendLines(const PathNode& node, const std::string& path, std::vector<std::string>& lines) {
  for (const auto& [piece, child] : node.children) {
    std::vector<absl::string_view> types;
    for (size_t i = 0; i < kValueTypes; ++i) {
      if (child.types[i] > 0) types.push_back(ValueTypeWord(static_cast<ValueType>(i)));
    }
    lines.push_back(absl::StrCat(path, piece, " ", absl::StrJoin(types, ",")));
    AppendLines(child, path + piece, lines);
  }
}

std::string Name(absl::string_view key) { return PathName(key, false); }

// One line a place; "none" of what is no JSON.
std::vector<std::string> Lines(absl::string_view text, bool is_cut = false,
                               const JsonLimits& limits = {}) {
  const std::optional<PathNode> root = ShapeOfJson(text, is_cut, Name, limits);
  if (!root.has_value()) return {"none"};
  std::vector<std::string> lines;
  AppendLines(*root, "", lines);
  return lines;
}

TEST(JsonShape, HasEachPlaceWithItsTypes) {
  EXPECT_THAT(Lines(R"({"id": 7, "user": {"name": "Ann", "rate": 1.5, "ok": true, "at": null}})"),
              ElementsAre(".id integer", ".user object", ".user.at null", ".user.name string",
                          ".user.ok boolean", ".user.rate number"));
}

TEST(JsonShape, ElementsOfAnArrayAreOnePlace) {
  EXPECT_THAT(Lines(R"([{"a": 1}, {"b": "x"}, 3])"),
              ElementsAre("[*] integer,object", "[*].a integer", "[*].b string"));
}

TEST(JsonShape, KeysThatIdentifySomethingAreAnyName) {
  EXPECT_THAT(Lines(R"({"items": {"17": 1, "18": 2}, "3f0c1c9e-0000-4000-a000-000000000000": {}})"),
              ElementsAre(".* object", ".items object", ".items.* integer"));
}

TEST(JsonShape, WhatHasAMeaningInPathsStandsBehindABackslash) {
  EXPECT_THAT(Lines(R"({"a.b": {"c[0]": 1, "$": 2}})"),
              ElementsAre(R"(.a\.b object)", R"(.a\.b.\$ integer)", R"(.a\.b.c\[0] integer)"));
}

TEST(JsonShape, ScalarsAndOtherTextsAreNoDocuments) {
  for (const char* const text : {"", "17", "\"x\"", "null", "{", "{\"a\":}", "[1,]", "{} {}", "x{}",
                                 "{\"a\": NaN}", "{\"a\": \"\xff\"}"}) {
    EXPECT_THAT(Lines(text), ElementsAre("none")) << text;
  }
}

TEST(JsonShape, OfACutTextWhatItHolds) {
  EXPECT_THAT(Lines(R"({"a": 1, "b": {"c": "te)", true), ElementsAre(".a integer", ".b object"));
  EXPECT_THAT(Lines(R"({"a": 1, "b": {"c": "te)", false), ElementsAre("none"));
  EXPECT_THAT(Lines(R"({"a": x, "b": {"c": "te)", true), ElementsAre("none"));
}

TEST(JsonShape, NoDeeperAndNoMoreThanTheLimits) {
  EXPECT_THAT(Lines(R"({"a": {"b": {"c": {"d": 1}}}})", false, {.depth = 2}),
              ElementsAre(".a object", ".a.b object"));
  EXPECT_THAT(Lines(R"({"a": 1, "b": 2, "c": 3, "a": "x"})", false, {.places = 2}),
              ElementsAre(".a integer,string", ".b integer"));
  const std::string deep = std::string(30'000, '[') + std::string(30'000, ']');
  EXPECT_EQ(Lines(deep).size(), 8u);
}

TEST(JsonShape, AnEmptyDocumentHasNoPlaces) {
  EXPECT_THAT(Lines("{}"), IsEmpty());
  EXPECT_THAT(Lines(" [ ] "), IsEmpty());
}

}  // namespace
}  // namespace varve::redis
