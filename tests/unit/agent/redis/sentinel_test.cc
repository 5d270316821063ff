#include "agent/source/redis/sentinel.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;

class Written {
 public:
  explicit Written(const std::string& bytes) {
    reader_.Feed(bytes);
    reply_ = **reader_.Next();
  }
  const Reply& reply() const { return reply_; }

 private:
  RespReader reader_;
  Reply reply_;
};

std::string Texts(const std::vector<std::string>& texts) {
  std::string bytes = absl::StrCat("*", texts.size(), "\r\n");
  for (const std::string& text : texts) {
    absl::StrAppend(&bytes, "$", text.size(), "\r\n", text, "\r\n");
  }
  return bytes;
}

TEST(PrimaryFrom, TellsHostAndPort) {
  const Written written(Texts({"10.0.0.1", "6379"}));
  const absl::StatusOr<std::optional<Place>> place = PrimaryFrom(written.reply());
  ASSERT_TRUE(place.ok());
  EXPECT_EQ((*place)->host, "10.0.0.1");
  EXPECT_EQ((*place)->port, 6379);
}

TEST(PrimaryFrom, NullIsNone) {
  const Written written("*-1\r\n");
  EXPECT_EQ(PrimaryFrom(written.reply())->has_value(), false);
}

class BadPrimaryTest : public ::testing::TestWithParam<std::string> {};

TEST_P(BadPrimaryTest, IsRefused) {
  const Written written(GetParam());
  EXPECT_EQ(PrimaryFrom(written.reply()).status().code(), absl::StatusCode::kDataLoss);
}
INSTANTIATE_TEST_SUITE_P(All, BadPrimaryTest,
                         ::testing::Values("+OK\r\n", Texts({"h"}), Texts({"h", "0"}),
                                           Texts({"h", "65536"}), Texts({"", "1"}),
                                           Texts({"h", "x"}), Texts({"h", "1", "2"}),
                                           "*2\r\n:1\r\n:2\r\n"));

std::string Replica(const std::string& host, const std::string& flags, const std::string& link) {
  return Texts(
      {"name", "x", "ip", host, "port", "6380", "flags", flags, "master-link-status", link});
}

TEST(ReplicasFrom, TellsThoseThatAreUpByAddress) {
  const Written written(absl::StrCat(
      "*5\r\n", Replica("10.0.0.3", "slave", "ok"), Replica("10.0.0.2", "slave", "ok"),
      Replica("10.0.0.4", "s_down,slave", "ok"), Replica("10.0.0.5", "slave,disconnected", "ok"),
      Replica("10.0.0.6", "slave", "err")));
  const absl::StatusOr<std::vector<Place>> places = ReplicasFrom(written.reply());
  ASSERT_TRUE(places.ok());
  std::vector<std::string> hosts;
  for (const Place& place : *places) hosts.push_back(place.host);
  EXPECT_THAT(hosts, ElementsAre("10.0.0.2", "10.0.0.3"));
}

TEST(ReplicasFrom, WhatIsNoListOfPairsIsRefused) {
  for (const std::string& bytes :
       {std::string("+OK\r\n"), std::string("*1\r\n:1\r\n"), absl::StrCat("*1\r\n", Texts({"ip"})),
        std::string("*1\r\n*2\r\n:1\r\n:2\r\n")}) {
    const Written written(bytes);
    EXPECT_EQ(ReplicasFrom(written.reply()).status().code(), absl::StatusCode::kDataLoss) << bytes;
  }
}

}  // namespace
}  // namespace varve::redis
