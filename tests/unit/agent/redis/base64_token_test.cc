#include "agent/source/redis/base64_token.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

struct Base64Case {
  std::string text;
  size_t size;
};

TEST(Base64, IsToldFromWords) {
  const Base64Case cases[] = {
      {"", 0},
      {"V1StGXR8Z5jdHi6BmyT", 0},  // 19 characters
      {"V1StGXR8Z5jdHi6BmyTq", 20},
      {"V1StGXR8_Z5jdHi6B-myT", 21},
      {"V1StGXR8_Z5jdHi6B-myT:cart", 21},
      {"V1StGXR8Z5jdHi6B+yT/4w==", 24},
      {"V1StGXR8Z5jdHi6B+yT/4w==x", 0},
      {"V1StGXR8Z5jdHi6BmyT7-cart", 20},
      {"V1StGXR8Z5jdHi6BmyT7/profile/2024", 20},
      {"user-V1StGXR8Z5jdHi6BmyT7", 0},  // its second part is
      {"v1stgxr8z5jdhi6bmyt7", 0},
      {"V1STGXR8Z5JDHI6BMYT7", 0},
      {"ProductCatalogueOfSpring2024", 0},
      {"Invoice-2024-Final-Version-3", 0},
      {"getUserByIdAndTenantName2", 0},
      {"HTTPServerRequestHandler2XX", 0},
  };
  for (const Base64Case& one : cases) {
    EXPECT_EQ(Base64Size(one.text), one.size) << one.text;
  }
}

// A token that is missed becomes a pattern of its own.
TEST(Base64, OfRandomBytesHardlyAnyIsMissed) {
  constexpr absl::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::mt19937 random(7);
  int missed = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string token;
    while (token.size() < 43) token += kLetters[random() % kLetters.size()];
    if (Base64Size(token) != token.size()) ++missed;
  }
  EXPECT_LT(missed, 400);
}

}  // namespace
}  // namespace varve::redis
