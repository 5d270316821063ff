#include "agent/source/redis/pattern_memo.h"

#include <string>

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

TEST(PatternMemo, KnowsWhatWasKeptForNamesThatLookAlike) {
  PatternMemo memo;
  PatternCounts docs, users;
  EXPECT_EQ(memo.Find(TokensOf("doc:1")), nullptr);
  memo.Keep(docs);
  EXPECT_EQ(memo.Find(TokensOf("user:1")), nullptr);
  memo.Keep(users);
  EXPECT_EQ(memo.Find(TokensOf("doc:2")), &docs);
  EXPECT_EQ(memo.Find(TokensOf("user:2")), &users);
}

TEST(PatternMemo, ALiteralThatReadsLikeAClassIsAnother) {
  PatternMemo memo;
  PatternCounts numbers;
  memo.Find(TokensOf("doc:1"));
  memo.Keep(numbers);
  EXPECT_EQ(memo.Find(TokensOf("doc:<int>")), nullptr);
  EXPECT_EQ(memo.Find(TokensOf("doc:")), nullptr);
}

TEST(PatternMemo, ForgetsAll) {
  PatternMemo memo;
  PatternCounts docs;
  memo.Find(TokensOf("doc:1"));
  memo.Keep(docs);
  memo.Forget();
  EXPECT_EQ(memo.Find(TokensOf("doc:1")), nullptr);
}

TEST(PatternMemo, DoesNotKeepLongNames) {
  PatternMemo memo;
  PatternCounts counts;
  std::string name;
  for (int i = 0; i < 30; ++i) name += "orders:";
  memo.Find(TokensOf(name));
  memo.Keep(counts);
  EXPECT_EQ(memo.Find(TokensOf(name)), nullptr);
}

}  // namespace
}  // namespace varve::redis
