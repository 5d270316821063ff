#include "agent/source/models/json_text.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

std::string Nested(int depth) {
  return std::string(static_cast<size_t>(depth), '[') +
         std::string(static_cast<size_t>(depth), ']');
}

TEST(JsonText, KeysAreSortedAndNothingIsSpaced) {
  const absl::StatusOr<Json> value = ParseJson(R"( {"b": [1, null, true], "a": {"x": "y"}} )");
  VARVE_ASSERT_OK(value);
  EXPECT_EQ(JsonText(*value), R"({"a":{"x":"y"},"b":[1,null,true]})");
}

TEST(JsonText, CharactersStayAsTheyAre) {
  EXPECT_EQ(JsonText(*ParseJson("\"stra\\u00dfe \xE2\x82\xAC\"")),
            "\"stra\xC3\x9F"
            "e \xE2\x82\xAC\"");
}

TEST(JsonText, HalfACharacterIsReplacedAndDoesNotThrow) {
  EXPECT_EQ(JsonText(Json("a\xE2\x82")), "\"a\xEF\xBF\xBD\"");
}

struct BadCase {
  const char* name;
  std::string text;
};
class NoJson : public ::testing::TestWithParam<BadCase> {};

TEST_P(NoJson, IsRefused) {
  EXPECT_THAT(ParseJson(GetParam().text),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("JSON")));
}

INSTANTIATE_TEST_SUITE_P(
    All, NoJson,
    ::testing::Values(BadCase{"Empty", ""}, BadCase{"Word", "garbage"}, BadCase{"TwoValues", "1 2"},
                      BadCase{"OpenBracket", "[1"}, BadCase{"NotUtf8", "\"\xFF\""},
                      BadCase{"NotANumber", "NaN"}, BadCase{"NumberTooLarge", "1e999"},
                      BadCase{"TooDeep", Nested(201)}, BadCase{"FarTooDeep", Nested(1000000)},
                      BadCase{"NulByte", std::string("1\0", 2)},
                      BadCase{"TextBehindANul", std::string("{}\0hunter2", 10)}),
    [](const auto& info) { return info.param.name; });

TEST(ParseJson, DepthThatIsAllowedIsRead) { VARVE_EXPECT_OK(ParseJson(Nested(200))); }

TEST(ParseJson, BracketsInTextsDoNotNest) {
  VARVE_EXPECT_OK(
      ParseJson("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\""));
}

}  // namespace
}  // namespace varve
