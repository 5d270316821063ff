#include "agent/source/redis/info.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Databases(absl::string_view text) {
  std::vector<std::string> lines;
  const Info info = Info::Parse(text);
  for (const DatabaseInfo& database : info.databases()) {
    lines.push_back(absl::StrCat(database.number, ": ", database.keys, ", ", database.with_ttl));
  }
  return lines;
}

TEST(Info, ReadsFieldsOfEverySection) {
  const Info info = Info::Parse(
      "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n\r\n# Memory\r\n"
      "used_memory:1048576\r\nmaxmemory_policy:allkeys-lru\r\n");
  EXPECT_EQ(info.Product(), "redis");
  EXPECT_EQ(info.Version(), "7.0.15");
  EXPECT_EQ(info.Mode(), "standalone");
  EXPECT_EQ(info.Number("used_memory"), 1048576);
  EXPECT_EQ(info.Text("maxmemory_policy"), "allkeys-lru");
}

TEST(Info, ValkeyIsToldFromTheRedisVersionThatItSaysToo) {
  const Info info = Info::Parse(
      "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nserver_mode:"
      "cluster\r\n");
  EXPECT_EQ(info.Product(), "valkey");
  EXPECT_EQ(info.Version(), "8.0.1");
  EXPECT_EQ(info.Mode(), "cluster");
}

TEST(Info, AFieldThatIsNotThereIsEmptyAndNoNumber) {
  const Info info = Info::Parse("role:master\r\n");
  EXPECT_EQ(info.Text("used_memory"), "");
  EXPECT_EQ(info.Number("used_memory"), std::nullopt);
  EXPECT_EQ(info.Number("role"), std::nullopt);
}

TEST(Info, ListsDatabasesByNumber) {
  EXPECT_THAT(Databases("# Keyspace\r\ndb10:keys=3,expires=1,avg_ttl=0\r\n"
                        "db0:keys=9,expires=0,avg_ttl=0,subexpiry=0\r\n"),
              ElementsAre("0: 9, 0", "10: 3, 1"));
}

TEST(Info, WhatIsNoDatabaseIsNone) {
  EXPECT_THAT(Databases("db0_distrib_strings_sizes:1=663,2=1136\r\ndbx:keys=1\r\ndb-1:keys=1\r\n"
                        "db3:other\r\n"),
              IsEmpty());
}

TEST(Info, ANumberOfKeysThatIsNoneIsZero) {
  EXPECT_THAT(Databases("db1:keys=many,expires=-1\r\n"), ElementsAre("1: 0, 0"));
}

struct IncompleteCase {
  const char* name;
  const char* info;
  const char* why;
};
class InfoOfAServer : public ::testing::TestWithParam<IncompleteCase> {};

TEST_P(InfoOfAServer, SaysWhetherItHasAllOfItsKeys) {
  EXPECT_EQ(Info::Parse(GetParam().info).WhyIncomplete(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    All, InfoOfAServer,
    ::testing::Values(
        IncompleteCase{"Primary", "loading:0\r\nrole:master\r\n", ""},
        IncompleteCase{"Loading", "loading:1\r\nrole:master\r\ndb0:keys=1,expires=0\r\n",
                       "the server is loading its data from disk"},
        IncompleteCase{"Replica", "role:slave\r\nmaster_link_status:up\r\n", ""},
        IncompleteCase{"ReplicaInSync",
                       "role:slave\r\nmaster_link_status:down\r\nmaster_sync_in_progress:1\r\n",
                       "this replica is loading its data from its primary"},
        IncompleteCase{"ReplicaWithout", "role:slave\r\nmaster_link_status:down\r\n",
                       "this replica has no data, and no link to its primary"},
        IncompleteCase{"ReplicaWithOldData",
                       "role:slave\r\nmaster_link_status:down\r\ndb0:keys=1,expires=0\r\n", ""}),
    [](const auto& info) { return info.param.name; });

TEST(Info, TextWithoutFormIsEmpty) {
  EXPECT_EQ(Info::Parse("\r\n\n:::\n# x:y\nnothing").Version(), "");
  EXPECT_EQ(Info::Parse("").Mode(), "");
}

TEST(Info, OfAFieldThatIsSaidTwiceTheFirstHolds) {
  EXPECT_EQ(Info::Parse("role:master\r\nrole:slave\r\n").Text("role"), "master");
}

}  // namespace
}  // namespace varve::redis
