#include "agent/source/redis/known_words.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::IsNull;
using ::testing::UnorderedElementsAre;

TEST(KnownWords, AreThoseOfEachPlace) {
  const std::vector<std::string> patterns = {"t:a",          "t:b:<int>",     "t:c:x_<int>",
                                             "t:<rare>",     "config",        "t:<rare>:y",
                                             "u:<any>:\\<z", "user:{<int>}:q"};
  const KnownWords known(patterns);
  EXPECT_THAT(known.Find("", true)->words, UnorderedElementsAre("config"));
  EXPECT_THAT(known.Find("", false)->words, UnorderedElementsAre("t", "u", "user"));
  EXPECT_THAT(known.Find("t:", true)->words, UnorderedElementsAre("a", "<rare>"));
  EXPECT_THAT(known.Find("t:", false)->words, UnorderedElementsAre("b", "c", "<rare>"));
  EXPECT_THAT(known.Find("t:c:", false)->words, UnorderedElementsAre("x"));
  EXPECT_THAT(known.Find("t:<rare>:", true)->words, UnorderedElementsAre("y"));
  EXPECT_THAT(known.Find("u:<any>:", true)->words, UnorderedElementsAre("\\<z"));
  EXPECT_THAT(known.Find("user:{<int>}:", true)->words, UnorderedElementsAre("q"));
  EXPECT_THAT(known.Find("t:b:", true), IsNull());
  EXPECT_THAT(known.Find("t:a", true), IsNull());
}

}  // namespace
}  // namespace varve::redis
