#include "agent/redaction/key_name.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/agent/odd_text.h"

namespace varve {
namespace {

bool IsMasked(absl::string_view name) {
  Masked masked;
  const std::string shown = MaskKeyName(Redactor({"key-1", std::string(32, 'k')}), name, masked);
  return !masked.empty() || shown != name;
}

struct NameCase {
  const char* name;
  std::string key;
};

class PlainNameTest : public ::testing::TestWithParam<NameCase> {};

TEST_P(PlainNameTest, IsToldAtAGlance) {
  EXPECT_TRUE(IsPlainKeyName(GetParam().key));
  EXPECT_FALSE(IsMasked(GetParam().key));
}

INSTANTIATE_TEST_SUITE_P(
    All, PlainNameTest,
    ::testing::Values(NameCase{"Empty", ""}, NameCase{"Number", "doc:state:17"},
                      NameCase{"Uuid", "session:6e1e0d3a-7c1f-4b2a-a123-0123456789ab"},
                      NameCase{"Digest", "cache:0123456789abcdef0123456789abcdef01234567"},
                      NameCase{"HashTag", "user:{17}:profile"},
                      NameCase{"ASecretsNameAlone", "password:reset:17"},
                      NameCase{"AboutASecret", "token_count:0123456789abcdef"},
                      NameCase{"Query", "page:/items?sort=price&page=2"},
                      NameCase{"Unicode", "café:menü:17"},
                      NameCase{"LongestSegment", std::string(64, 'x')}),
    [](const auto& info) { return info.param.name; });

class SecretNameTest : public ::testing::TestWithParam<NameCase> {};

TEST_P(SecretNameTest, IsMaskedAndNotPlain) {
  EXPECT_FALSE(IsPlainKeyName(GetParam().key));
  EXPECT_TRUE(IsMasked(GetParam().key));
}

INSTANTIATE_TEST_SUITE_P(
    All, SecretNameTest,
    ::testing::Values(NameCase{"Jwt", "t:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"},
                      NameCase{"VendorsKey", "apikey:sk_live_0123456789"},
                      NameCase{"VendorsKeyInsideASegment", "x=ghp_0123456789abcdef"},
                      NameCase{"Email", "reset:ann@mail.example"},
                      NameCase{"PasswordOfAUrl", "db:postgresql://app:hunter2@db/x"},
                      NameCase{"Assignment", "cfg:Password=hunter2"},
                      NameCase{"Bearer", "h:bearer 0123456789abcdef"},
                      NameCase{"OpaqueBehindASecretsName", "reset_token:zb12cd3-0k23q56789ab"},
                      NameCase{"OpaqueBehindAnEmptySegment", "resetToken::zb12cd3-0k23q56789ab"},
                      NameCase{"LongSegment", std::string(65, 'x')},
                      NameCase{"LongName",
                               absl::StrCat(std::string(60, 'x'), ":", std::string(500, ':'))}),
    [](const auto& info) { return info.param.name; });

TEST(IsPlainKeyName, NeverTakesANameForPlainOfWhichSomethingIsMasked) {
  std::mt19937 random(20260301);
  int plain = 0, masked = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string name = testing::OddText(random, 10);
    const bool is_masked = IsMasked(name);
    const bool is_plain = IsPlainKeyName(name);
    plain += is_plain ? 1 : 0;
    masked += is_masked ? 1 : 0;
    ASSERT_FALSE(is_plain && is_masked) << ::testing::PrintToString(name);
  }
  EXPECT_GT(plain, 10'000);  // else it proves little
  EXPECT_GT(masked, 10'000);
}

}  // namespace
}  // namespace varve
