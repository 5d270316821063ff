#include "agent/source/redis/key_tokens.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

std::string Pattern(absl::string_view name) {
  std::string text;
  for (const Token& token : TokensOf(name)) absl::StrAppend(&text, token.text);
  return text;
}

struct NameCase {
  const char* name;
  std::string key;
  std::string pattern;
};

class TokensOfTest : public ::testing::TestWithParam<NameCase> {};

TEST_P(TokensOfTest, ClassesStandForWhatVaries) {
  EXPECT_EQ(Pattern(GetParam().key), GetParam().pattern);
}

INSTANTIATE_TEST_SUITE_P(
    All, TokensOfTest,
    ::testing::Values(
        NameCase{"Empty", "", ""}, NameCase{"Word", "config", "config"},
        NameCase{"Number", "doc:state:12345", "doc:state:<int>"},
        NameCase{"HashTag", "user:{42}:profile", "user:{<int>}:profile"},
        NameCase{"Uuid", "session:0918e177-83c9-4629-ab34-61ca12751412", "session:<uuid>"},
        NameCase{"UuidAfterUnderscore", "job_0918e177-83c9-4629-ab34-61ca12751412", "job_<uuid>"},
        NameCase{"Date", "events:2024-02-29:7", "events:<date>:<int>"},
        NameCase{"DateWithTime", "at:2024-02-29T10:11:12.5Z:x", "at:<date>:x"},
        NameCase{"NoSuchMonth", "v:2024-13-01", "v:<int>-<int>-<int>"},
        NameCase{"Ip", "rate:10.0.255.7:60", "rate:<ip>:<int>"},
        NameCase{"Email", "reset:ann.lee@mail.example", "reset:<email>"},
        NameCase{"Jwt", "token:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "token:<jwt>"},
        NameCase{"Ulid", "job:01HV5YG6DS6F1ZA0G1HWME2ME2", "job:<ulid>"},
        NameCase{"Sha1", "cache:4e18c9a0d052679e1e20454efb31d5f333237b54", "cache:<hex40>"},
        NameCase{"Md5", "c:900150983cd24fb0d6963f7d28e17f72", "c:<hex32>"},
        NameCase{"Hex", "files/ab12cd34/meta", "files/<hex>/meta"},
        NameCase{"HexWithoutDigitIsAWord", "deadbeef", "deadbeef"},
        NameCase{"MixedId", "wr9dnmgb5a5wc0", "<id>"},
        NameCase{"WordWithNumber", "page2024", "page2024"},
        NameCase{"RandomLetters", "k:qzxwvkjhgfdp", "k:<str>"},
        NameCase{"Base64", "sess:V1StGXR8_Z5jdHi6B-myT:cart", "sess:<base64>:cart"},
        NameCase{"Base64WithPadding", "b:V1StGXR8Z5jdHi6B+yT/4w==", "b:<base64>"},
        NameCase{"Base64AfterUnderscore", "sess_V1StGXR8_Z5jdHi6B-myT", "sess_<base64>"},
        NameCase{"Base64BetweenWords", "user-V1StGXR8Z5jdHi6BmyT7-cart", "user-<base64>-cart"},
        NameCase{"LongSegment", "k:" + std::string(65, 'a'), "k:<long>"},
        NameCase{"LongestLiteral", "k:" + std::string(64, 'a'), "k:" + std::string(64, 'a')},
        NameCase{"NotUtf8", "bin:\xff\xfe:x", "bin:<bin>"},
        NameCase{"ControlByte", "a:b\nc:d", "a:<bin>"}, NameCase{"Unicode", "café:7", "café:<int>"},
        NameCase{"ManyDelimiters", "a:::b", "a:::b"}),
    [](const auto& info) { return info.param.name; });

TEST(TokensOf, NothingVariesInWhatComesAfter24Parts) {
  std::string name;
  std::string pattern;
  for (int i = 0; i < 24; ++i) {
    name += "a:";
    pattern += "a:";
  }
  pattern.pop_back();
  EXPECT_EQ(Pattern(name + "b:c:1"), pattern + "<rest>");
}

TEST(TokensOf, BoundsANameOfDelimitersAlone) {
  EXPECT_LE(TokensOf(std::string(100'000, ':')).size(), 65u);
}

TEST(TokensOf, OfAHugeNameTheBeginningDecides) {
  EXPECT_EQ(Pattern("blob:" + std::string(1 << 20, 'x')), "blob:<long>");
}

TEST(LooksRandom, WordsThatCanBeSpokenAreNone) {
  EXPECT_FALSE(LooksRandom("notifications"));
  EXPECT_FALSE(LooksRandom("subscriptions2024"));
  EXPECT_TRUE(LooksRandom("qzxwvkjhgfdp"));
  EXPECT_TRUE(LooksRandom("ab12cd34ef56"));
  EXPECT_FALSE(LooksRandom("xkcd")) << "too short to say";
}

}  // namespace
}  // namespace varve::redis
