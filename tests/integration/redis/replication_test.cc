// A primary and its replica, found by a Sentinel or by themselves.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/redis_cluster.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RedisReplicationTest : public RedisServerTest {
 protected:
  // The server is the primary.
  void SetUp() override {
    RedisServerTest::SetUp();
    // Or the replica waits five seconds.
    Run({{"CONFIG", "SET", "repl-diskless-sync-delay", "0"},
         {"SET", "doc:1", "v"},
         {"SET", "doc:2", "v"}});
    RedisServerOptions options;
    options.command = GetParam().command;
    options.config = {absl::StrCat("replicaof 127.0.0.1 ", server().port())};
    absl::StatusOr<std::unique_ptr<RedisServer>> replica = RedisServer::Start(options);
    VARVE_ASSERT_OK(replica);
    replica_ = *std::move(replica);
    VARVE_ASSERT_OK(AskUntil(*replica_, {"INFO", "replication"}, "master_link_status:up"));
    VARVE_ASSERT_OK(AskUntil(server(), {"INFO", "replication"}, "state=online"));
  }
  void Watch(const std::string& sentinel_password = "") {
    RedisServerOptions options;
    options.command = GetParam().command;
    options.sentinel = true;
    options.config = {absl::StrCat("sentinel monitor shop 127.0.0.1 ", server().port(), " 1")};
    options.password = sentinel_password;
    absl::StatusOr<std::unique_ptr<RedisServer>> sentinel = RedisServer::Start(options);
    VARVE_ASSERT_OK(sentinel);
    sentinel_ = *std::move(sentinel);
  }
  RedisConfig ByTheSentinel(const std::string& primary = "shop", const std::string& more = "") {
    RedisConfig config;
    config.url = absl::StrCat("redis+sentinel://127.0.0.1:", sentinel_->port(), "/", primary, more);
    return config;
  }
  RedisServer& replica() { return *replica_; }
  RedisServer& sentinel() { return *sentinel_; }
  static std::string AddressOf(const RedisServer& server) {
    return absl::StrCat("127.0.0.1:", server.port());
  }

 private:
  std::unique_ptr<RedisServer> replica_;
  std::unique_ptr<RedisServer> sentinel_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisReplicationTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisReplicationTest, APrimaryIsReadWhereNothingElseIsSaid) {
  const Section section = Gather(server());
  EXPECT_EQ(section.header.address(), AddressOf(server()));
  EXPECT_EQ(CallsOf(replica(), "scan"), 0);
}

TEST_P(RedisReplicationTest, AReplicaIsReadWhereItIsPreferred) {
  RedisConfig config = ConfigFor(server());
  config.prefer = RedisPrefer::kReplica;
  const Section section = Gather(config);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.address(), AddressOf(replica()));
  EXPECT_EQ(section.measures->redis().total_keys(), 2u);
  EXPECT_EQ(CallsOf(server(), "scan"), 0);
}

TEST_P(RedisReplicationTest, WithoutAReplicaThePrimaryIsReadAndItIsSaid) {
  replica().Kill();
  RedisConfig config = ConfigFor(server());
  config.prefer = RedisPrefer::kReplica;
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(section.measures->redis().total_keys(), 2u);
  EXPECT_THAT(Troubles(section), ElementsAre(HasSubstr("warning: looking for a replica")));
}

TEST_P(RedisReplicationTest, ASentinelTellsWhereThePrimaryIs) {
  Watch();
  const Section section = Gather(ByTheSentinel());
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(section.header.address(), AddressOf(server()));
  EXPECT_EQ(section.measures->redis().total_keys(), 2u);
}

TEST_P(RedisReplicationTest, ASentinelTellsWhereAReplicaIs) {
  Watch();
  VARVE_ASSERT_OK(AskUntil(sentinel(), {"SENTINEL", "REPLICAS", "shop"}, "master-link-status\nok"));
  RedisConfig config = ByTheSentinel();
  config.prefer = RedisPrefer::kReplica;
  const Section section = Gather(config);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.address(), AddressOf(replica()));
}

TEST_P(RedisReplicationTest, AfterAFailoverTheNewPrimaryIsRead) {
  Watch();
  VARVE_ASSERT_OK(AskUntil(sentinel(), {"SENTINEL", "FAILOVER", "shop"}, "OK"));
  VARVE_ASSERT_OK(AskUntil(sentinel(), {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "shop"},
                           absl::StrCat(replica().port())));
  VARVE_ASSERT_OK(AskUntil(replica(), {"INFO", "replication"}, "role:master"));
  EXPECT_EQ(Gather(ByTheSentinel()).header.address(), AddressOf(replica()));
}

TEST_P(RedisReplicationTest, ASentinelThatWatchesNoSuchPrimaryIsTold) {
  Watch();
  const Section section = Gather(ByTheSentinel("other"));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(Troubles(section), ElementsAre(AllOf(HasSubstr("sentinel 127.0.0.1:"),
                                                   HasSubstr("watches no primary called other"))));
}

TEST_P(RedisReplicationTest, TheNextSentinelIsAskedWhereOneIsDown) {
  Watch();
  RedisConfig config;
  config.url = absl::StrCat("redis+sentinel://127.0.0.1:1,127.0.0.1:", sentinel().port(), "/shop");
  EXPECT_EQ(Gather(config).header.address(), AddressOf(server()));
}

TEST_P(RedisReplicationTest, ASentinelMayHaveAPasswordOfItsOwn) {
  if (GetParam().label == "redis-6.0") GTEST_SKIP() << "its Sentinels have none before 6.2";
  Watch("secret");
  EXPECT_EQ(Gather(ByTheSentinel()).header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  const Section section = Gather(ByTheSentinel("shop", "?sentinel_password=secret"));
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.address(), AddressOf(server()));
}

}  // namespace
}  // namespace varve::testing
