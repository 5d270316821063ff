#include "agent/source/models/line_splitter.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kPlenty = 1000;

// What a splitter gives for pieces, until it refuses one.
struct Taken {
  std::vector<std::string> lines;
  bool within = true;
};

Taken TakeAll(LineSplitter& splitter, const std::vector<std::string>& pieces) {
  Taken taken;
  for (const std::string& piece : pieces) {
    taken.within =
        splitter.Take(piece, [&](absl::string_view line) { taken.lines.emplace_back(line); });
    if (!taken.within) break;
  }
  return taken;
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesCome) {
  const std::string text = "one\n\ntwo and a half\nthree\n";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    LineSplitter splitter(kPlenty, kPlenty);
    const Taken taken = TakeAll(splitter, {text.substr(0, cut), text.substr(cut)});
    EXPECT_THAT(taken.lines, ElementsAre("one", "two and a half", "three")) << cut;
    EXPECT_TRUE(taken.within);
  }
}

TEST(LineSplitter, ALineWithoutItsEndWaits) {
  LineSplitter splitter(kPlenty, kPlenty);
  EXPECT_THAT(TakeAll(splitter, {"beg"}).lines, IsEmpty());
  EXPECT_THAT(TakeAll(splitter, {"un\nne"}).lines, ElementsAre("begun"));
}

TEST(LineSplitter, ALineOfTheLongestSizeIsTakenALongerOneIsNot) {
  LineSplitter splitter(4, kPlenty);
  EXPECT_THAT(TakeAll(splitter, {"1234\n"}).lines, ElementsAre("1234"));
  const Taken taken = TakeAll(splitter, {"ab\n12345"});
  EXPECT_THAT(taken.lines, ElementsAre("ab"));
  EXPECT_FALSE(taken.within);
}

TEST(LineSplitter, ALongLineIsNoticedBeforeItsEnd) {
  LineSplitter splitter(4, kPlenty);
  EXPECT_TRUE(TakeAll(splitter, {"12", "34"}).within);
  EXPECT_FALSE(TakeAll(splitter, {"5"}).within);
}

TEST(LineSplitter, BeyondTheMostOfAllNothingIsTaken) {
  LineSplitter splitter(kPlenty, 6);
  EXPECT_TRUE(TakeAll(splitter, {"a\nb\nc\n"}).within);
  const Taken taken = TakeAll(splitter, {"d\n"});
  EXPECT_FALSE(taken.within);
  EXPECT_THAT(taken.lines, IsEmpty());
}

TEST(LineSplitter, WhatIsRefusedOnceIsRefusedForEver) {
  LineSplitter splitter(4, kPlenty);
  EXPECT_FALSE(TakeAll(splitter, {"too long a line"}).within);
  const Taken taken = TakeAll(splitter, {"\nok\n"});
  EXPECT_FALSE(taken.within);
  EXPECT_THAT(taken.lines, IsEmpty());
}

}  // namespace
}  // namespace varve
