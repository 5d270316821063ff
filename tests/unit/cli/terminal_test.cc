#include "cli/terminal.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using Values = std::map<std::string, std::string>;

struct LocaleCase {
  const char* name;
  Values variables;
  bool utf8;
};
class Locales : public ::testing::TestWithParam<LocaleCase> {};

TEST_P(Locales, AreUtf8WhereTheFirstThatIsSetSaysSo) {
  const Values values = GetParam().variables;
  EXPECT_EQ(LocaleIsUtf8([&values](absl::string_view name) -> std::optional<std::string> {
              const auto found = values.find(std::string(name));
              if (found == values.end()) return std::nullopt;
              return found->second;
            }),
            GetParam().utf8);
}

INSTANTIATE_TEST_SUITE_P(
    All, Locales,
    ::testing::Values(LocaleCase{"NothingSet", {}, false},
                      LocaleCase{"Lang", {{"LANG", "en_US.UTF-8"}}, true},
                      LocaleCase{"LowerCase", {{"LANG", "C.utf8"}}, true},
                      LocaleCase{"OtherCharset", {{"LANG", "de_DE.ISO-8859-1"}}, false},
                      LocaleCase{"AllWins", {{"LC_ALL", "C"}, {"LANG", "en_US.UTF-8"}}, false},
                      LocaleCase{"TypeWins", {{"LC_CTYPE", "C.UTF-8"}, {"LANG", "C"}}, true},
                      LocaleCase{"EmptyIsNotSet", {{"LC_ALL", ""}, {"LANG", "C.UTF-8"}}, true}),
    [](const auto& info) { return info.param.name; });

TEST(WriteMessage, IsOneLineWhateverAServerSays) {
  ::testing::internal::CaptureStderr();
  WriteMessage("first\nsecond\x1b[2J\tend");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "varve: first second [2J end\n");
}

TEST(WriteToStdout, WritesAll) {
  ::testing::internal::CaptureStdout();
  VARVE_EXPECT_OK(WriteToStdout("a\nb\n"));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "a\nb\n");
}

}  // namespace
}  // namespace varve
