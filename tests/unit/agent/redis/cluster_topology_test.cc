#include "agent/source/redis/cluster_topology.h"

#include <string>
#include <vector>

#include "agent/source/redis/resp.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// A reply as a server writes it.
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

std::string Text(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}
std::string Number(int number) { return ":" + std::to_string(number) + "\r\n"; }
std::string List(const std::vector<std::string>& items) {
  std::string bytes = "*" + std::to_string(items.size()) + "\r\n";
  for (const std::string& item : items) bytes += item;
  return bytes;
}

std::string ShardNode(const std::string& host, int port, const std::string& role,
                      const std::string& health) {
  return List({Text("id"), Text("abc"), Text("port"), Number(port), Text("tls-port"),
               Number(port + 1000), Text("ip"), Text(host), Text("endpoint"), Text(host),
               Text("hostname"), Text("redis.test"), Text("role"), Text(role),
               Text("replication-offset"), Number(7), Text("health"), Text(health)});
}
std::string Shard(const std::vector<int>& slots, const std::vector<std::string>& nodes) {
  std::vector<std::string> numbers;
  for (const int slot : slots) numbers.push_back(Number(slot));
  return List({Text("slots"), List(numbers), Text("nodes"), List(nodes)});
}

std::vector<std::string> Told(const ClusterTopology& topology) {
  std::vector<std::string> lines;
  for (const ClusterShard& shard : topology.shards) {
    std::string line = shard.Name() + ":";
    for (const ClusterNode& node : shard.nodes) {
      line += " " + node.Address() + (node.is_primary ? " primary" : " replica") +
              (node.is_up ? "" : " down");
    }
    lines.push_back(line);
  }
  return lines;
}

TEST(TopologyOfShards, TellsEachShardWithItsNodes) {
  const Written written(
      List({Shard({8192, 16383}, {ShardNode("10.0.0.2", 7000, "master", "online")}),
            Shard({0, 99, 100, 8191, 200, 200}, {}),
            Shard({0, 99, 200, 200}, {ShardNode("10.0.0.3", 7000, "replica", "fail"),
                                      ShardNode("10.0.0.1", 7000, "master", "online")}),
            Shard({}, {ShardNode("10.0.0.9", 7000, "master", "online")})}));
  const absl::StatusOr<ClusterTopology> topology = TopologyOfShards(written.reply(), false);
  ASSERT_TRUE(topology.ok()) << topology.status();
  EXPECT_THAT(Told(*topology),
              ElementsAre("0-99,200: 10.0.0.1:7000 primary 10.0.0.3:7000 replica down",
                          "8192-16383: 10.0.0.2:7000 primary"));
  EXPECT_EQ(topology->shards[0].nodes[0].name, "redis.test");
  const std::vector<int> shard_of = topology->ShardOfSlots();
  EXPECT_EQ(shard_of[200], 0);
  EXPECT_EQ(shard_of[201], -1);
  EXPECT_EQ(shard_of[16383], 1);
}

TEST(TopologyOfShards, OfTwoPortsTheOneForTls) {
  const Written written(
      List({Shard({0, 16383}, {ShardNode("10.0.0.1", 7000, "master", "online")})}));
  const absl::StatusOr<ClusterTopology> topology = TopologyOfShards(written.reply(), true);
  ASSERT_TRUE(topology.ok());
  EXPECT_EQ(topology->shards[0].nodes[0].port, 8000);
}

std::string SlotsNode(const std::string& host, int port) {
  return List({Text(host), Number(port), Text("abc"), List({Text("hostname"), Text("h")})});
}

TEST(TopologyOfSlots, JoinsTheRangesOfOnePrimary) {
  const Written written(
      List({List({Number(0), Number(99), SlotsNode("10.0.0.1", 7000), SlotsNode("10.0.0.3", 7000)}),
            List({Number(100), Number(16383), SlotsNode("10.0.0.2", 7000)}),
            List({Number(50), Number(40), SlotsNode("10.0.0.2", 7000)})}));
  EXPECT_FALSE(TopologyOfSlots(written.reply()).ok()) << "a range that ends before it begins";
  const Written good(List(
      {List({Number(0), Number(98), SlotsNode("10.0.0.1", 7000), SlotsNode("10.0.0.3", 7000)}),
       List({Number(100), Number(16383), SlotsNode("", 7002)}),
       List({Number(99), Number(99), SlotsNode("10.0.0.1", 7000), SlotsNode("10.0.0.3", 7000)})}));
  const absl::StatusOr<ClusterTopology> topology = TopologyOfSlots(good.reply());
  ASSERT_TRUE(topology.ok()) << topology.status();
  EXPECT_THAT(Told(*topology), ElementsAre("0-99: 10.0.0.1:7000 primary 10.0.0.3:7000 replica",
                                           "100-16383: ?:7002 primary"));
}

struct BadCase {
  const char* name;
  std::string bytes;
};
class BadTopologyTest : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadTopologyTest, IsRefused) {
  const Written written(GetParam().bytes);
  EXPECT_EQ(TopologyOfShards(written.reply(), false).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(TopologyOfSlots(written.reply()).status().code(), absl::StatusCode::kDataLoss);
}
INSTANTIATE_TEST_SUITE_P(
    All, BadTopologyTest,
    ::testing::Values(
        BadCase{"Text", "+OK\r\n"}, BadCase{"Numbers", List({Number(1)})},
        BadCase{"EmptyEntry", List({List({Number(0), Number(1)})})},
        BadCase{"SlotTooHigh", List({Shard({0, 16384}, {ShardNode("h", 1, "master", "online")})})},
        BadCase{"OddSlots", List({Shard({0, 1, 2}, {ShardNode("h", 1, "master", "online")})})},
        BadCase{"SlotTwice", List({Shard({0, 5}, {ShardNode("a", 1, "master", "online")}),
                                   Shard({5, 9}, {ShardNode("b", 1, "master", "online")})})}),
    [](const auto& info) { return info.param.name; });

TEST(TopologyOfShards, NoShardsAreNone) {
  const Written written("*0\r\n");
  EXPECT_THAT(TopologyOfShards(written.reply(), false)->shards, SizeIs(0));
}

}  // namespace
}  // namespace varve::redis
