#include "agent/source/redis/key_slot.h"

#include "gtest/gtest.h"

namespace varve::redis {
namespace {

struct SlotCase {
  const char* name;
  const char* key;
  int slot;
};
class KeySlotTest : public ::testing::TestWithParam<SlotCase> {};

TEST_P(KeySlotTest, IsWhatTheServerSays) { EXPECT_EQ(SlotOf(GetParam().key), GetParam().slot); }

// By CLUSTER KEYSLOT.
INSTANTIATE_TEST_SUITE_P(All, KeySlotTest,
                         ::testing::Values(SlotCase{"Check", "123456789", 12739},
                                           SlotCase{"Plain", "foo", 12182},
                                           SlotCase{"Empty", "", 0},
                                           SlotCase{"Tag", "user:{foo}:cart", 12182},
                                           SlotCase{"FirstTag", "{foo}{bar}", 12182},
                                           SlotCase{"EmptyTagIsNone", "foo{}{bar}", 8363},
                                           SlotCase{"TagWithBrace", "foo{{bar}}zap", 4015},
                                           SlotCase{"OpenTagIsNone", "foo{bar", 15278}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::redis
