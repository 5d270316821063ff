#include "snapshot/rules/cycles.h"

#include <gmock/gmock.h>

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Cycles, AreGroupsOfNodesThatReachEachOther) {
  //  0 → 1 → 2 → 0, 2 → 3, 3 ⇄ 4, 5 → 5
  EXPECT_THAT(Cycles({{1}, {2}, {0, 3}, {4}, {3}, {5}}),
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4)));
}

TEST(Cycles, AreNoneOfATreeAndNoneOfNothing) {
  EXPECT_THAT(Cycles({}), IsEmpty());
  EXPECT_THAT(Cycles({{1, 2}, {3}, {3}, {}}), IsEmpty());
}

TEST(Cycles, ThatShareANodeAreOne) {
  EXPECT_THAT(Cycles({{1}, {0, 2}, {1}}), ElementsAre(ElementsAre(0, 1, 2)));
}

TEST(Cycles, OfALongPathTakeNoStack) {
  constexpr size_t kNodes = 200'000;
  std::vector<std::vector<size_t>> targets(kNodes);
  for (size_t node = 0; node < kNodes; ++node) targets[node] = {(node + 1) % kNodes};
  const auto cycles = Cycles(targets);
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0].size(), kNodes);
}

}  // namespace
}  // namespace varve
