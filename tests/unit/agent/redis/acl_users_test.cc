#include "agent/source/redis/acl_users.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/matchers.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AclUser UserFrom(const std::string& rules) {
  return AclUserFrom(absl::StrCat("user eve ", rules)).value_or(AclUser());
}

TEST(AclUser, EachWordIsTakenForWhatItIs) {
  const AclUser user = UserFrom(
      "on sanitize-payload #b1 #a2 %R~app:* ~b resetchannels &news.* +@all -get "
      "(~other:* resetchannels -@all +get) (%W~z resetchannels &c -@all +set)");
  EXPECT_EQ(user.name, "eve");
  EXPECT_TRUE(user.enabled);
  EXPECT_FALSE(user.no_password);
  EXPECT_THAT(user.password_hashes, ElementsAre("#a2", "#b1"));
  EXPECT_THAT(user.flags, ElementsAre("resetchannels"));
  EXPECT_THAT(user.keys, ElementsAre("%R~app:*", "~b"));
  EXPECT_THAT(user.channels, ElementsAre("&news.*"));
  EXPECT_THAT(user.commands, ElementsAre("+@all", "-get"));
  EXPECT_THAT(user.selectors, ElementsAre("(~other:* resetchannels -@all +get)",
                                          "(%W~z resetchannels &c -@all +set)"));
}

TEST(AclUser, OneThatIsOffAndNeedsNoPassword) {
  const AclUser user = UserFrom("off nopass ~* &* +@all");
  EXPECT_FALSE(user.enabled);
  EXPECT_TRUE(user.no_password);
  EXPECT_THAT(user.password_hashes, IsEmpty());
}

struct OrderCase {
  const char* name;
  const char* rules;
  const char* ordered;
};
class AclOrderTest : public ::testing::TestWithParam<OrderCase> {};

TEST_P(AclOrderTest, WhatHasNoOrderByMeaningIsSorted) {
  EXPECT_EQ(absl::StrJoin(UserFrom(absl::StrCat("on ", GetParam().rules)).commands, " "),
            GetParam().ordered);
}
INSTANTIATE_TEST_SUITE_P(
    All, AclOrderTest,
    ::testing::Values(
        OrderCase{"SingleCommands", "-@all +get +config|get", "-@all +config|get +get"},
        OrderCase{"AllowedAndDenied", "+@all -set -get +dump", "+@all +dump -get -set"},
        OrderCase{"CategoriesStay", "-@all +@read -@dangerous +keys",
                  "-@all +@read -@dangerous +keys"},
        OrderCase{"NothingPassesACategory", "+set -@all +get", "+set -@all +get"},
        OrderCase{"OneCommandKeepsItsOrder", "-@all +get -get", "-@all +get -get"},
        OrderCase{"SubcommandsOfOne", "-@all +config|set +config|get",
                  "-@all +config|get +config|set"},
        OrderCase{"TheWholeCommandParts", "-@all +config|set -config +config|get",
                  "-@all +config|set -config +config|get"},
        OrderCase{"ASubcommandTwice", "-@all +config|get -config|get",
                  "-@all +config|get -config|get"},
        OrderCase{"None", "", ""}),
    [](const auto& info) { return info.param.name; });

TEST(AclUser, SelectorsAreSortedLikewise) {
  EXPECT_EQ(UserFrom("on (~b ~a -@all +set +get)").selectors,
            UserFrom("on (~b ~a -@all +get +set)").selectors);
}

TEST(AclUser, WhatIsNoUserIsNone) {
  for (const char* const line : {"", "user", "group eve on", "user eve on (~a"}) {
    EXPECT_FALSE(AclUserFrom(line).has_value()) << line;
  }
}

TEST(AclUser, BytesThatAreNoTextAreEscaped) {
  EXPECT_THAT(UserFrom("on ~\xff*").keys, ElementsAre("~\\xFF*"));
}

}  // namespace
}  // namespace varve::redis
