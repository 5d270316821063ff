#include "base/console.h"

#include <map>

#include "gtest/gtest.h"

namespace varve {
namespace {

using Environment = std::map<std::string, std::string>;

struct LocaleCase {
  const char* name;
  Environment environment;
  const char* yes;
};
class SignsTest : public ::testing::TestWithParam<LocaleCase> {};

TEST_P(SignsTest, FollowTheLocale) {
  const Environment& environment = GetParam().environment;
  const Signs signs = SignsOfLocale([&](absl::string_view name) -> std::optional<std::string> {
    const auto found = environment.find(std::string(name));
    if (found == environment.end()) return std::nullopt;
    return found->second;
  });
  EXPECT_EQ(signs.yes, GetParam().yes);
}

INSTANTIATE_TEST_SUITE_P(
    All, SignsTest,
    ::testing::Values(LocaleCase{"Nothing", {}, "OK"}, LocaleCase{"C", {{"LANG", "C"}}, "OK"},
                      LocaleCase{"Utf8", {{"LANG", "de_DE.UTF-8"}}, "✓"},
                      LocaleCase{"OtherSpelling", {{"LC_CTYPE", "C.utf8"}}, "✓"},
                      LocaleCase{"AllDecides", {{"LC_ALL", "C"}, {"LANG", "C.UTF-8"}}, "OK"},
                      LocaleCase{"EmptyIsNotSet", {{"LC_ALL", ""}, {"LANG", "C.UTF-8"}}, "✓"}),
    [](const auto& info) { return info.param.name; });

TEST(OneLine, ControlCharactersCannotMakeAnother) {
  EXPECT_EQ(OneLine("a\nb\r\x1b[1m\x7f"), "a b  [1m ");
  EXPECT_EQ(OneLine("✓ ü"), "✓ ü");
}

}  // namespace
}  // namespace varve
