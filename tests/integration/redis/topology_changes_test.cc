// Who follows whom, and who serves which slots: a change of it moves the state, or is one of the
// shards, and is seen of them alone.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/change_count.h"
#include "tests/support/redis_cluster.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr char kState[] = "changed redis_server server state: ";

std::string AddressOf(const RedisServer& server) {
  return absl::StrCat("127.0.0.1:", server.port());
}

std::vector<std::string> DifferencesOf(absl::string_view kind, const Section& before,
                                       const Section& after) {
  std::vector<std::string> lines;
  for (std::string& line : Differences(before, after)) {
    if (absl::StrContains(line, absl::StrCat(" ", kind, " "))) lines.push_back(std::move(line));
  }
  return lines;
}

class RedisRolesTest : public RedisServerTest {
 protected:
  void SetUp() override {
    RedisServerTest::SetUp();
    other_ = Another();
    // Or a replica waits five seconds.
    for (RedisServer* const each : {&server(), other_.get()}) {
      VARVE_ASSERT_OK(each->Commands({{"CONFIG", "SET", "repl-diskless-sync", "yes"},
                                      {"CONFIG", "SET", "repl-diskless-sync-delay", "0"}}));
    }
  }
  static std::unique_ptr<RedisServer> Another(RedisServerOptions options = {}) {
    options.command = GetParam().command;
    absl::StatusOr<std::unique_ptr<RedisServer>> server = RedisServer::Start(std::move(options));
    VARVE_EXPECT_OK(server);
    return server.ok() ? *std::move(server) : nullptr;
  }
  static void Follow(RedisServer& replica, RedisServer& primary) {
    VARVE_ASSERT_OK(replica.Command({"REPLICAOF", "127.0.0.1", absl::StrCat(primary.port())}));
    VARVE_ASSERT_OK(AskUntil(replica, {"INFO", "replication"}, "master_link_status:up"));
    VARVE_ASSERT_OK(AskUntil(primary, {"INFO", "replication"}, "state=online"));
  }
  RedisServer& other() { return *other_; }

 private:
  std::unique_ptr<RedisServer> other_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisRolesTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisRolesTest, AReplicaThatComesAndGoesIsSeen) {
  CountSingleChange();
  const Section alone = Gather(server());
  Follow(other(), server());
  const Section followed = Gather(server());
  const std::string replica = absl::StrCat(kState, "replicas.", AddressOf(other()));
  EXPECT_THAT(Differences(alone, followed),
              ElementsAre(absl::StrCat(replica, ": - → state online")));
  CountSingleChange();
  VARVE_ASSERT_OK(other().Command({"REPLICAOF", "NO", "ONE"}));
  VARVE_ASSERT_OK(AskUntil(server(), {"INFO", "replication"}, "connected_slaves:0"));
  EXPECT_THAT(Differences(followed, Gather(server())),
              ElementsAre(absl::StrCat(replica, ": state online → -")));
}

TEST_P(RedisRolesTest, AReplicaThatCatchesUpIsSeen) {
  CountSingleChange();
  Run({{"CONFIG", "SET", "repl-diskless-sync-delay", "600"}});
  VARVE_ASSERT_OK(other().Command({"REPLICAOF", "127.0.0.1", absl::StrCat(server().port())}));
  VARVE_ASSERT_OK(AskUntil(server(), {"INFO", "replication"}, "state=wait_bgsave"));
  const Section waiting = Gather(server());
  Run({{"CONFIG", "SET", "repl-diskless-sync-delay", "0"}});
  VARVE_ASSERT_OK(AskUntil(server(), {"INFO", "replication"}, "state=online"));
  Run({{"CONFIG", "SET", "repl-diskless-sync-delay", "600"}});
  EXPECT_THAT(Differences(waiting, Gather(server())),
              ElementsAre(absl::StrCat(kState, "replicas.", AddressOf(other()),
                                       ".state: wait_bgsave → online")));
}

TEST_P(RedisRolesTest, AnotherPrimaryIsSeen) {
  CountSingleChange();
  const std::unique_ptr<RedisServer> third = Another();
  ASSERT_NE(third, nullptr);
  VARVE_ASSERT_OK(third->Command({"CONFIG", "SET", "repl-diskless-sync-delay", "0"}));
  Follow(other(), server());
  const Section before = Gather(other());
  Follow(other(), *third);
  EXPECT_THAT(Differences(before, Gather(other())),
              ElementsAre(absl::StrCat(kState, "primary: ", AddressOf(server()), " → ",
                                       AddressOf(*third))));
}

TEST_P(RedisRolesTest, AReplicaThatStandsAloneIsSeen) {
  CountSingleChange();
  Follow(other(), server());
  const Section before = Gather(other());
  VARVE_ASSERT_OK(other().Command({"REPLICAOF", "NO", "ONE"}));
  EXPECT_THAT(Differences(before, Gather(other())),
              ElementsAre(absl::StrCat(kState, "role: slave → master"),
                          absl::StrCat(kState, "primary: ", AddressOf(server()), " → -")));
}

// The two swap their roles: the state of each moves, and nothing else.
TEST_P(RedisRolesTest, AFailoverMovesTheStateAlone) {
  Follow(other(), server());
  const Section first = Gather(server());
  const Section second = Gather(other());
  VARVE_ASSERT_OK(other().Command({"REPLICAOF", "NO", "ONE"}));
  Follow(server(), other());
  const std::string here = AddressOf(server());
  const std::string there = AddressOf(other());
  CountSingleChange();
  EXPECT_THAT(Differences(first, Gather(server())),
              ElementsAre(absl::StrCat(kState, "role: master → slave"),
                          absl::StrCat(kState, "primary: - → ", there),
                          StartsWith(absl::StrCat(kState, "replicas.", there))));
  CountSingleChange();
  EXPECT_THAT(Differences(second, Gather(other())),
              ElementsAre(absl::StrCat(kState, "role: slave → master"),
                          absl::StrCat(kState, "primary: ", here, " → -"),
                          StartsWith(absl::StrCat(kState, "replicas.", here))));
}

TEST_P(RedisRolesTest, AServerThatIsOfAClusterIsSeen) {
  CountSingleChange();
  RedisServerOptions options;
  options.config = {"cluster-enabled yes"};
  const std::unique_ptr<RedisServer> node = Another(std::move(options));
  ASSERT_NE(node, nullptr);
  EXPECT_THAT(DifferencesOf("redis_server", Gather(server()), Gather(*node)),
              ElementsAre("changed redis_server server structure: mode: standalone → cluster"));
}

// Each pair of neighbours in the list of programs.
TEST(RedisVersions, AnotherProductOrVersionIsSeen) {
  std::optional<Section> before;
  for (const RedisProgram& program : RedisPrograms()) {
    SCOPED_TRACE(program.label);
    RedisServerOptions options;
    options.command = program.command;
    const absl::StatusOr<std::unique_ptr<RedisServer>> server = RedisServer::Start(options);
    VARVE_ASSERT_OK(server);
    Section section = Gather(**server);
    if (before.has_value()) {
      CountSingleChange();
      const std::vector<std::string> seen = DifferencesOf("redis_server", *before, section);
      const std::string structure = "changed redis_server server structure: ";
      if (absl::StartsWith(program.label, "valkey")) {
        EXPECT_THAT(seen, ElementsAre(structure + "product: redis → valkey",
                                      StartsWith(structure + "version: ")));
      } else {
        EXPECT_THAT(seen, ElementsAre(StartsWith(structure + "version: ")));
      }
    }
    before = std::move(section);
  }
}

class RedisShardsTest : public ::testing::TestWithParam<RedisProgram> {
 protected:
  void Start(size_t primaries, size_t replicas) {
    RedisServerOptions options;
    options.command = GetParam().command;
    absl::StatusOr<std::unique_ptr<RedisCluster>> cluster =
        RedisCluster::Start(options, primaries, replicas);
    VARVE_ASSERT_OK(cluster);
    cluster_ = *std::move(cluster);
  }
  RedisServer& node(size_t index) { return cluster_->node(index); }
  RedisCluster& cluster() { return *cluster_; }

 private:
  std::unique_ptr<RedisCluster> cluster_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisShardsTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisShardsTest, ASlotThatMovesIsSeen) {
  CountSingleChange();
  Start(2, 0);
  const Section before = Gather(node(0));
  VARVE_ASSERT_OK(cluster().MoveSlot(0, 0, 1));
  EXPECT_THAT(
      DifferencesOf("redis_shard", before, Gather(node(0))),
      ElementsAre("added redis_shard 0,8192-16383 structure",
                  "added redis_shard 0,8192-16383 state", "removed redis_shard 0-8191 structure",
                  "removed redis_shard 0-8191 state", "added redis_shard 1-8191 structure",
                  "added redis_shard 1-8191 state", "removed redis_shard 8192-16383 structure",
                  "removed redis_shard 8192-16383 state"));
}

TEST_P(RedisShardsTest, AFailoverAndAReplicaThatGoesAreSeen) {
  CountSingleChange();
  Start(1, 1);
  // Redis 6.0 takes a primary that nothing was written to for one that has not answered.
  VARVE_ASSERT_OK(node(0).Command({"SET", "doc:1", "some text"}));
  VARVE_ASSERT_OK(AskUntil(node(1), {"DBSIZE"}, "1"));
  const Section before = Gather(node(0));
  VARVE_ASSERT_OK(node(1).Command({"CLUSTER", "FAILOVER"}));
  VARVE_ASSERT_OK(AskUntil(node(1), {"INFO", "replication"}, "role:master"));
  VARVE_ASSERT_OK(AskUntil(node(0), {"INFO", "replication"}, "role:slave"));
  VARVE_ASSERT_OK(AskUntil(node(1), {"INFO", "replication"}, "state=online"));
  // The new primary learns by a message of its own that the other follows it.
  VARVE_ASSERT_OK(AskUntil(node(1), {"CLUSTER", "SLOTS"}, absl::StrCat(node(0).port())));
  const Section swapped = Gather(node(1));
  const auto role = [this](size_t index, absl::string_view change) {
    return absl::StrCat("changed redis_shard 0-16383 state: nodes.", AddressOf(node(index)),
                        change);
  };
  EXPECT_THAT(DifferencesOf("redis_shard", before, swapped),
              ::testing::UnorderedElementsAre(role(0, ".role: master → replica"),
                                              role(1, ".role: replica → master")));

  CountSingleChange();
  const absl::StatusOr<std::string> id = node(0).Command({"CLUSTER", "MYID"});
  VARVE_ASSERT_OK(id);
  VARVE_ASSERT_OK(node(0).Command({"CLUSTER", "RESET"}));
  VARVE_ASSERT_OK(node(1).Command({"CLUSTER", "FORGET", *id}));
  EXPECT_THAT(DifferencesOf("redis_shard", swapped, Gather(node(1))),
              ElementsAre("changed redis_shard 0-16383 structure: replicas: 1 → 0",
                          role(0, ": role replica → -")));
}

}  // namespace
}  // namespace varve::testing
