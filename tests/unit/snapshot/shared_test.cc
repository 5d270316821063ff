// What copies share, and when they stop; and the optional that is small while empty.
#include "snapshot/shared.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "snapshot/rarely.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using List = std::vector<std::string>;

TEST(Shared, IsEmptyAtFirst) {
  Shared<List> list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.size(), 0u);
  list.Edit().push_back("a");
  EXPECT_THAT(*list, ElementsAre("a"));
}

TEST(Shared, CopiesAreOneValue) {
  const Shared<List> list = List{"a", "b"};
  const Shared<List> copy = list;
  EXPECT_EQ(&*copy, &*list);
}

TEST(Shared, WhoChangesACopyChangesNoOther) {
  const Shared<List> list = List{"a"};
  Shared<List> copy = list;
  copy.Edit().push_back("b");
  EXPECT_THAT(*copy, ElementsAre("a", "b"));
  EXPECT_THAT(*list, ElementsAre("a"));
}

TEST(Shared, WhoHasItAloneChangesItInPlace) {
  Shared<List> list = List{"a"};
  const List* const before = &*list;
  { const Shared<List> gone = list; }
  list.Edit().push_back("b");
  EXPECT_EQ(&*list, before);
}

TEST(Shared, MovedFromItIsEmpty) {
  Shared<List> list = List{"a"};
  const Shared<List> taken = std::move(list);
  EXPECT_THAT(*taken, ElementsAre("a"));
  EXPECT_TRUE(list.empty());  // NOLINT(bugprone-use-after-move): promised
}

TEST(Shared, AssignedToItselfItStays) {
  Shared<List> list = List{"a"};
  const Shared<List>& same = list;
  list = same;
  EXPECT_THAT(*list, ElementsAre("a"));
}

// For the thread sanitizer: one reads while another makes its copy its own.
TEST(Shared, CopiesAreUsedOnThreadsOfTheirOwn) {
  Shared<List> list = List{"a"};
  std::atomic<size_t> seen = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([copy = list, &seen]() mutable {
      copy.Edit().push_back("b");
      seen += copy.size();
    });
  }
  list.Edit().push_back("c");
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen, 8u);
  EXPECT_THAT(*list, ElementsAre("a", "c"));
}

TEST(Rarely, HoldsOneOrNone) {
  Rarely<std::string> value;
  EXPECT_FALSE(value.has_value());
  EXPECT_EQ(value.get(), nullptr);
  value = std::string("a");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(*value, "a");
  value.reset();
  EXPECT_FALSE(value.has_value());
  EXPECT_FALSE(Rarely<std::string>(std::optional<std::string>()).has_value());
}

TEST(Rarely, CopiesAreTheirOwn) {
  Rarely<std::string> value = std::string("a");
  const Rarely<std::string> copy = value;
  EXPECT_TRUE(copy == value);
  value->push_back('b');
  EXPECT_EQ(*copy, "a");
  EXPECT_FALSE(copy == value);
  EXPECT_FALSE(copy == Rarely<std::string>());
}

}  // namespace
}  // namespace varve
