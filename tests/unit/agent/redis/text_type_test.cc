#include "agent/source/redis/text_type.h"

#include <string>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

struct Case {
  const char* name;
  std::string text;
  const char* type;
  const char* format;
  bool is_cut = false;
};

class TextTypeTest : public ::testing::TestWithParam<Case> {};

TEST_P(TextTypeTest, SaysWhatATextIs) {
  const Case& tried = GetParam();
  EXPECT_EQ(ValueTypeWord(TextType(tried.text, tried.is_cut)), tried.type);
  EXPECT_EQ(TextFormat(tried.text, tried.is_cut), tried.format);
}

INSTANTIATE_TEST_SUITE_P(
    All, TextTypeTest,
    ::testing::Values(
        Case{"Integer", "17", "integer", "integer"}, Case{"Negative", "-5", "integer", "integer"},
        Case{"Zero", "0", "integer", "integer"}, Case{"LeadingZero", "007", "string", "text"},
        Case{"LongDigits", "12345678901234567890", "string", "text"},
        Case{"Number", "1.5", "number", "number"}, Case{"Exponent", "-0.5e-7", "number", "number"},
        Case{"DigestLikeANumber", "1e52", "string", "text"},
        Case{"Version", "2026.03.1", "string", "text"}, Case{"Point", "1.", "string", "text"},
        Case{"Boolean", "true", "boolean", "text"}, Case{"Word", "ready", "string", "text"},
        Case{"Empty", "", "string", "empty"}, Case{"Unicode", "na\xc3\xafve", "string", "text"},
        Case{"Binary", "\xff\xfe", "binary", "binary"},
        Case{"Control", std::string("a\0b", 3), "binary", "binary"},
        Case{"CutInACharacter", "na\xc3", "string", "text", true},
        Case{"NotCut", "na\xc3", "binary", "binary"},
        Case{"CutDigits", "17", "string", "text", true},
        Case{"HyperLogLog", std::string("HYLL") + std::string(20, '\1'), "binary", "hyperloglog"},
        Case{"Gzip", "\x1f\x8b\x08", "binary", "gzip"},
        Case{"Zstd", "\x28\xb5\x2f\xfd", "binary", "zstd"}),
    [](const auto& info) { return info.param.name; });

TEST(TextTypes, TheWiderOnesHoldTheNarrower) {
  std::set<std::string> json = {"integer", "number", "string"};
  DropNarrowerTypes(json, false);
  EXPECT_EQ(json, (std::set<std::string>{"number", "string"}));
  std::set<std::string> text = {"boolean", "integer", "object", "string"};
  DropNarrowerTypes(text, true);
  EXPECT_EQ(text, (std::set<std::string>{"object", "string"}));
  std::set<std::string> formats = {"binary", "empty", "gzip", "json", "text"};
  DropNarrowerFormats(formats);
  EXPECT_EQ(formats, (std::set<std::string>{"binary", "empty", "json"}));
}

}  // namespace
}  // namespace varve::redis
