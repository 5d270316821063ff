#include "agent/source/redis/acl_line.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(AclLine, Of6NamesNothingNewer) {
  EXPECT_THAT(
      AclLine("varve", "6.0.16", true),
      AllOf(StartsWith("ACL SETUSER varve ~* +scan +type"), Not(HasSubstr("%R")),
            Not(HasSubstr("shards")), Not(HasSubstr("function")), Not(HasSubstr("no-touch"))));
}

TEST(AclLine, Of7ReadsKeysAndWritesNone) {
  EXPECT_THAT(AclLine("varve", "7.0.15", true),
              AllOf(StartsWith("ACL SETUSER varve %R~* +scan"), HasSubstr("+cluster|shards"),
                    HasSubstr("+function|list"), Not(HasSubstr("no-touch"))));
}

TEST(AclLine, OfNewerLeavesUsageAlone) {
  for (const char* const version : {"7.2.0", "8.0.1", "10.0"}) {
    EXPECT_THAT(AclLine("varve", version, true), HasSubstr("+client|no-touch"));
  }
}

TEST(AclLine, KeysAreGrantedWhereTheyAreRefused) {
  EXPECT_THAT(AclLine("varve", "8.0.1", false), StartsWith("ACL SETUSER varve +scan"));
}

TEST(AclLine, OfAnUnknownVersionIsWhatAllTake) {
  EXPECT_EQ(AclLine("varve", "", true), AclLine("varve", "6.0.0", true));
}

}  // namespace
}  // namespace varve::redis
