#include <random>
#include <string>

#include "agent/redaction/masker.h"
#include "gtest/gtest.h"
#include "tests/unit/agent/odd_text.h"

namespace varve {
namespace {

struct TextCase {
  const char* name;
  std::string text;
};

class PlainTextTest : public ::testing::TestWithParam<TextCase> {};

TEST_P(PlainTextTest, IsToldAtAGlance) { EXPECT_TRUE(IsPlainText(GetParam().text)); }

INSTANTIATE_TEST_SUITE_P(
    All, PlainTextTest,
    ::testing::Values(TextCase{"Empty", ""}, TextCase{"Number", "0"},
                      TextCase{"Default", "nextval('public.orders_id_seq'::regclass)"},
                      TextCase{"Check", "((total_cents >= 0) AND (state <> 'paid'::text))"},
                      TextCase{"Comment", "-- one row per order; see https://wiki.example/orders"},
                      TextCase{"Unicode", "Zahlung für 用户"},
                      TextCase{"LongerThanAnyName", std::string(5000, 'x')}),
    [](const auto& info) { return info.param.name; });

TEST(IsPlainText, NeverTakesATextForPlainOfWhichSomethingIsMasked) {
  std::mt19937 random(20261127);
  int plain = 0, masked = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string text = testing::OddText(random, 12);
    Masked found;
    const bool is_masked = MaskSecrets(text, found) != text || !found.empty();
    const bool is_plain = IsPlainText(text);
    plain += is_plain ? 1 : 0;
    masked += is_masked ? 1 : 0;
    ASSERT_FALSE(is_plain && is_masked) << ::testing::PrintToString(text);
  }
  EXPECT_GT(plain, 10'000);  // else it proves little
  EXPECT_GT(masked, 10'000);
}

}  // namespace
}  // namespace varve
