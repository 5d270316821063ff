#include "base/log.h"

#include <algorithm>

#include "base/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::log {
namespace {

struct ValueCase {
  const char* name;
  std::string value;
  const char* shown;
};
class LoggedValue : public ::testing::TestWithParam<ValueCase> {};

TEST_P(LoggedValue, StaysOneFactOfOneLine) {
  EXPECT_EQ(Line(Level::kInfo, "read", {{"path", GetParam().value}}),
            std::string("[info] read path=") + GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    All, LoggedValue,
    ::testing::Values(
        ValueCase{"Plain", "prod-eu", "prod-eu"}, ValueCase{"Empty", "", "\"\""},
        ValueCase{"Space", "a b=c", "\"a b=c\""}, ValueCase{"Quote", "say \"x\"", R"("say \"x\"")"},
        ValueCase{"Backslash", "a\\nb", R"("a\\nb")"},
        ValueCase{"Newline", "x\n[error] forged", R"("x\n[error] forged")"},
        ValueCase{"CarriageReturn", "x\ry", R"("x\ry")"},
        ValueCase{"Escape", "\x1b[2J", R"("\033[2J")"}, ValueCase{"Delete", "a\x7f", R"("a\177")"},
        ValueCase{"Umlaut",
                  "stra\xC3\x9F"
                  "e",
                  "stra\xC3\x9F"
                  "e"},
        // What a terminal of UTF-8 takes for "next line", and for the begin of a control sequence.
        ValueCase{"NextLine", "a\xC2\x85z", R"("a\xc2\x85z")"},
        ValueCase{"ControlSequence",
                  "\xC2\x9B"
                  "2J",
                  R"("\xc2\x9b\x32J")"},
        ValueCase{"LineSeparator", "a\xE2\x80\xA8z", R"("a\xe2\x80\xa8z")"},
        ValueCase{"TurnedAround", "\xE2\x80\xAEtxt", R"("\xe2\x80\xaetxt")"},
        ValueCase{"Isolated", "\xE2\x81\xA6txt", R"("\xe2\x81\xa6txt")"},
        ValueCase{"Euro", "\xE2\x82\xAC", "\xE2\x82\xAC"},
        ValueCase{"NoUtf8", "M\xFCller", R"("M\xfcller")"},
        ValueCase{"CutCharacter", "a\xE2\x80", R"("a\xe2\x80")"},
        ValueCase{"NulByte", std::string("a\0z", 3), R"("a\x00z")"}),
    [](const auto& info) { return info.param.name; });

TEST(Log, NoByteOfAValueEndsOrSteersALine) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string value = {static_cast<char>(first), static_cast<char>(second)};
      const std::string line = Line(Level::kInfo, "read", {{"value", value}});
      const bool steers = std::any_of(line.begin(), line.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
      });
      ASSERT_FALSE(steers) << first << " " << second;
      ASSERT_TRUE(IsUtf8(line)) << first << " " << second;
    }
  }
}

TEST(Log, ALineIsLevelThenEventThenFactsInOrder) {
  EXPECT_EQ(Line(Level::kWarning, "snapshot rejected", {{"environment", "prod"}, {"seq", 42}}),
            "[warning] snapshot rejected environment=prod seq=42");
  EXPECT_EQ(Line(Level::kError, "stopped", {}), "[error] stopped");
  EXPECT_EQ(Line(Level::kDebug, "tick", {}), "[debug] tick");
}

TEST(Log, WhatIsBelowTheLevelIsNotWritten) {
  ::testing::internal::CaptureStderr();
  Debug("quiet");
  Info("loud");
  SetLevel(Level::kError);
  Warning("quiet too");
  Error("last", {{"n", 1}});
  SetLevel(Level::kInfo);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "[info] loud\n[error] last n=1\n");
}

}  // namespace
}  // namespace varve::log
