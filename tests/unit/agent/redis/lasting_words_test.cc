#include "agent/source/redis/lasting_words.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// What reads say that come an hour after another, of keys that are forgotten after three hours.
class LastingWordsTest : public ::testing::Test {
 protected:
  std::set<std::string> Read(const std::set<std::string>& now) {
    said_ = LastingWords(now, said_, absl::Hours(1), absl::Hours(3), missing_);
    return said_;
  }

  std::set<std::string> said_;
  MissingFor missing_;
};

TEST_F(LastingWordsTest, AWordStaysWhileAKeyHadItOfLate) {
  Read({"hash", "set"});
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash", "set"));
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash", "set"));
  EXPECT_THAT(missing_,
              ElementsAre(Pair("hash", absl::ZeroDuration()), Pair("set", absl::Hours(2))));
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash"));
  EXPECT_THAT(missing_, ElementsAre(Pair("hash", absl::ZeroDuration())));
}

TEST_F(LastingWordsTest, AKeyThatHasItBeginsTheTimeAnew) {
  Read({"hash", "set"});
  Read({"hash"});
  Read({"hash"});
  Read({"set"});
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash", "set"));
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash", "set"));
}

TEST_F(LastingWordsTest, ANewWordIsSaidAtOnce) {
  Read({"hash"});
  EXPECT_THAT(Read({"hash", "list"}), ElementsAre("hash", "list"));
}

TEST_F(LastingWordsTest, KeysThatWereReplacedAreSaidAlone) {
  Read({"hash"});
  EXPECT_THAT(Read({"set"}), ElementsAre("set"));
  EXPECT_THAT(Read({"set"}), ElementsAre("set"));
}

TEST_F(LastingWordsTest, KeysThatTurnBackAreOfBoth) {
  Read({"hash"});
  Read({"set"});
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash", "set"));
  EXPECT_THAT(Read({"set"}), ElementsAre("hash", "set"));
}

TEST_F(LastingWordsTest, KeysThatTurnBackLaterAreReplacedAgain) {
  Read({"hash"});
  for (int hour = 0; hour < 3; ++hour) Read({"set"});
  EXPECT_THAT(Read({"hash"}), ElementsAre("hash"));
}

}  // namespace
}  // namespace varve::redis
