#include "cli/render/redis_facts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {

static bool operator==(const PrefixCount& a, const PrefixCount& b) {
  return a.segment == b.segment && a.keys == b.keys;
}

namespace {

using ::testing::ElementsAre;

void AddPrefix(v1::RedisKeyspace& keyspace, const std::string& segment, uint64_t keys) {
  v1::RedisPrefix& prefix = *keyspace.add_prefixes();
  prefix.set_segment(segment);
  prefix.set_keys(keys);
}

TEST(KeyDistribution, IsByKeysThenBySegment) {
  v1::RedisKeyspace keyspace;
  AddPrefix(keyspace, "b", 5);
  AddPrefix(keyspace, "a", 5);
  AddPrefix(keyspace, "c", 9);
  EXPECT_THAT(KeyDistribution(keyspace),
              ElementsAre(PrefixCount{"c", 9}, PrefixCount{"a", 5}, PrefixCount{"b", 5}));
}

TEST(KeyDistribution, HasNoNameTwiceWhereBytesAreShownAlike) {
  v1::RedisKeyspace keyspace;
  AddPrefix(keyspace, "\xff", 2);
  AddPrefix(keyspace, "\\xFF", 3);
  EXPECT_THAT(KeyDistribution(keyspace), ElementsAre(PrefixCount{"\\xFF", 5}));
}

TEST(TtlSeconds, AreRoundedAsTheServerDoes) {
  v1::RedisKey key;
  EXPECT_EQ(TtlSeconds(key), std::nullopt);
  for (const auto& [ttl_ms, seconds] :
       {std::pair<int64_t, int64_t>{-1, -1}, {0, 0}, {499, 0}, {500, 1}, {3599600, 3600}}) {
    key.set_ttl_ms(ttl_ms);
    EXPECT_EQ(TtlSeconds(key), seconds) << ttl_ms;
  }
}

TEST(NameOfPattern, TellsTheDatabaseFromThePattern) {
  const PatternName name = NameOfPattern({"key_pattern", {"3", "doc:*"}});
  EXPECT_EQ(name.database, "3");
  EXPECT_EQ(name.pattern, "doc:*");
}

}  // namespace
}  // namespace varve
