#include "agent/source/redis/biggest_keys.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void Offer(BiggestKeys& keys, const std::string& name, std::optional<uint64_t> size_bytes) {
  KeyFacts facts;
  facts.size_bytes = size_bytes;
  keys.Offer(KeyHash(0, name), 0, name, facts);
}

std::vector<std::string> Names(BiggestKeys& keys) {
  std::vector<std::string> names;
  for (const ListedKey& key : keys.Finish()) names.push_back(key.name);
  return names;
}

TEST(BiggestKeys, MostMemoryFirstWhateverTheOrder) {
  BiggestKeys keys(3);
  for (int i = 0; i < 100; ++i)
    Offer(keys, absl::StrCat("k", i), static_cast<uint64_t>(i * 37 % 100));
  EXPECT_THAT(Names(keys), ElementsAre("k27", "k54", "k81"));
}

TEST(BiggestKeys, OfEqualOnesTheFirstByName) {
  BiggestKeys keys(2);
  for (const char* const name : {"c", "a", "b", "a"}) Offer(keys, name, 10);
  EXPECT_THAT(Names(keys), ElementsAre("a", "b"));
}

TEST(BiggestKeys, OfUnknownSizeNone) {
  BiggestKeys keys;
  Offer(keys, "a", std::nullopt);
  EXPECT_THAT(Names(keys), IsEmpty());
}

}  // namespace
}  // namespace varve::redis
