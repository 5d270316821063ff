// A cluster is one keyspace: all primaries are read, each key once, also while slots move.
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/key_slot.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/redis_cluster.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RedisClusterTest : public ::testing::TestWithParam<RedisProgram> {
 protected:
  void Start(size_t primaries, size_t replicas, RedisServerOptions options = {}) {
    options.command = GetParam().command;
    absl::StatusOr<std::unique_ptr<RedisCluster>> cluster =
        RedisCluster::Start(options, primaries, replicas);
    VARVE_ASSERT_OK(cluster);
    cluster_ = *std::move(cluster);
  }
  RedisCluster& cluster() { return *cluster_; }
  void Fill(int keys) {
    std::vector<std::vector<std::string>> commands;
    for (int i = 0; i < keys; ++i) {
      commands.push_back({"SET", absl::StrCat("doc:", i), "{\"a\": 1}"});
    }
    commands.push_back({"HSET", "user:{7}:profile", "name", "Ann"});
    VARVE_ASSERT_OK(cluster_->Commands(commands));
  }
  RedisConfig Config() { return ConfigFor(cluster_->node(0)); }

 private:
  std::unique_ptr<RedisCluster> cluster_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisClusterTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisClusterTest, AllPrimariesAreReadAsOneKeyspace) {
  Start(3, 0);
  Fill(3000);
  const Section section = Gather(Config());
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(section.measures->redis().total_keys(), 3001u);
  EXPECT_THAT(PatternLines(section), ElementsAre("0/doc:<int>: string; ttl never",
                                                 "0/user:{<int>}:profile: hash; ttl never"));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "doc:<int>"), "keys"), 3000);
  EXPECT_NE(ListedKey(section, "user:{7}:profile")->sample(), "");
  for (const v1::RedisKey& key : section.measures->redis().keys()) EXPECT_NE(key.sample(), "");
  for (const char* const slots : {"0-5461", "5462-10922", "10923-16383"}) {
    EXPECT_TRUE(IsSeen(section, {"redis_shard", {slots}})) << slots;
  }
}

TEST_P(RedisClusterTest, AnyNodeWillDoAndTheSectionIsTheSame) {
  Start(3, 0);
  Fill(500);
  const Section of_first = Gather(Config());
  const Section of_last = Gather(ConfigFor(cluster().node(2)));
  EXPECT_EQ(of_first.header.manifest_hash(), of_last.header.manifest_hash());
  EXPECT_EQ(ListedNames(of_first), ListedNames(of_last));
}

TEST_P(RedisClusterTest, ANodeThatIsDownIsMissingAndSaid) {
  Start(3, 0);
  Fill(3000);
  const int64_t lost = cluster().node(1).DbSize(0).value_or(0);
  cluster().node(1).Kill();
  const Section section = Gather(Config());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(section.measures->redis().total_keys(), static_cast<uint64_t>(3001 - lost));
  EXPECT_THAT(Troubles(section),
              Contains(AllOf(HasSubstr("error: reading the keys of 127.0.0.1:"),
                             HasSubstr("(slots 5462-10922) (SCAN), 0 read: Connection refused"))));
  EXPECT_THAT(PatternLines(section), Contains("0/doc:<int>: unseen: failed"));
}

TEST_P(RedisClusterTest, KeysOfSlotsThatMoveAreCountedOnce) {
  Start(3, 0);
  Fill(30'000);
  RedisConfig config = Config();
  config.pace = RedisPace::kGentle;
  config.key_list_cap = 100'000;
  config.samples = SampleMode::kOff;
  Section section;
  std::thread gathering([&] { section = Gather(config); });
  while (CallsOf(cluster().node(0), "scan") < 5) {
  }
  // There and back: keys that were met, keys that were not, and keys that pass by.
  for (int slot = 0; slot < 60; ++slot) {
    VARVE_EXPECT_OK(cluster().MoveSlot(slot, 0, slot % 2 == 0 ? 1 : 2));
  }
  for (int slot = 6000; slot < 6020; ++slot) VARVE_EXPECT_OK(cluster().MoveSlot(slot, 1, 0));
  gathering.join();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(Troubles(section), Contains(HasSubstr("slots moved to other nodes meanwhile")));
  const auto total = static_cast<int64_t>(section.measures->redis().total_keys());
  EXPECT_LE(total, 30'001);
  EXPECT_THAT(Troubles(section), Contains(HasSubstr("counts are approximate")));
  EXPECT_GE(total, 29'000);
  const std::vector<std::string> names = ListedNames(section);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST_P(RedisClusterTest, AClusterThatTellsNoLongerWhoServesWhatIsSaid) {
  Start(3, 0);
  Fill(30'000);
  RedisConfig config = Config();
  config.pace = RedisPace::kGentle;
  config.samples = SampleMode::kOff;
  Section section;
  std::thread gathering([&] { section = Gather(config); });
  while (CallsOf(cluster().node(0), "scan") < 5) {
  }
  for (int node = 0; node < 3; ++node) {
    VARVE_EXPECT_OK(cluster().node(node).Command({"ACL", "SETUSER", "default", "-cluster"}));
  }
  gathering.join();
  EXPECT_EQ(section.measures->redis().total_keys(), 30'001u);
  EXPECT_THAT(
      Troubles(section),
      Contains(AllOf(HasSubstr("did not say afterwards which slots moved"), HasSubstr("NOPERM"))));
}

TEST_P(RedisClusterTest, AReplicaIsReadWhereItIsPreferred) {
  Start(1, 1);
  Fill(200);
  VARVE_ASSERT_OK(AskUntil(cluster().node(1), {"DBSIZE"}, "201"));
  RedisConfig config = Config();
  config.prefer = RedisPrefer::kReplica;
  const int64_t scans = CallsOf(cluster().node(0), "scan");
  const Section section = Gather(config);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.measures->redis().total_keys(), 201u);
  EXPECT_THAT(PatternLines(section), Contains("0/doc:<int>: string; ttl never"));
  EXPECT_EQ(CallsOf(cluster().node(0), "scan"), scans);
  EXPECT_GT(CallsOf(cluster().node(1), "scan"), 0);
}

TEST_P(RedisClusterTest, AReplicaTakesOverWhileItIsRead) {
  Start(1, 1);
  Fill(200);
  VARVE_ASSERT_OK(AskUntil(cluster().node(1), {"DBSIZE"}, "201"));
  VARVE_ASSERT_OK(cluster().node(1).Command({"CLUSTER", "FAILOVER"}));
  VARVE_ASSERT_OK(AskUntil(cluster().node(1), {"INFO", "replication"}, "role:master"));
  VARVE_ASSERT_OK(AskUntil(cluster().node(0), {"INFO", "replication"}, "role:slave"));
  const Section section = Gather(Config());
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.measures->redis().total_keys(), 201u);
  EXPECT_EQ(CallsOf(cluster().node(0), "scan"), 0);
}

TEST_P(RedisClusterTest, EveryNodeIsEnteredWithThePassword) {
  RedisServerOptions options;
  options.password = "right";
  Start(3, 0, options);
  Fill(300);
  RedisConfig config = Config();
  config.password = "right";
  const Section section = Gather(config);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.measures->redis().total_keys(), 301u);
}

TEST_P(RedisClusterTest, EveryNodeIsEnteredByTls) {
  RedisServerOptions options;
  options.tls = true;
  options.tls_client_certificate = true;
  Start(3, 0, options);
  Fill(300);
  RedisConfig config = Config();
  RedisServer& first = cluster().node(0);
  config.tls_ca = first.ca_file();
  EXPECT_EQ(Gather(config).header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  absl::StrAppend(&config.url, "?ssl_certfile=", first.client_certificate(),
                  "&ssl_keyfile=", first.client_key());
  const Section section = Gather(config);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.measures->redis().total_keys(), 301u);
}

TEST_P(RedisClusterTest, WithoutClusterOneNodesKeysAreReadAndItIsSaid) {
  Start(3, 0);
  Fill(300);
  const std::string rules = "~* +@all -cluster";
  std::vector<std::string> user = {"ACL", "SETUSER", "varve", "on", ">pw"};
  for (const absl::string_view rule : absl::StrSplit(rules, ' ')) user.emplace_back(rule);
  VARVE_ASSERT_OK(cluster().node(0).Command(user));
  const int64_t own = cluster().node(0).DbSize(0).value_or(-1);
  const Section section = Gather(ConfigAsVarve(cluster().node(0)));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(section.measures->redis().total_keys(), static_cast<uint64_t>(own));
  EXPECT_THAT(Troubles(section),
              ElementsAre(AllOf(HasSubstr("error: finding the nodes of the cluster"),
                                HasSubstr("ACL SETUSER varve +cluster"))));
}

TEST_P(RedisClusterTest, ADeadlineEndsAllNodesAndWhatWasReadIsSaid) {
  constexpr int kKeys = 120'000;  // seconds at the gentle pace
  Start(3, 0);
  Fill(kKeys);
  RedisConfig config = Config();
  config.pace = RedisPace::kGentle;
  config.stall_limit = absl::Seconds(60);
  Section section;
  std::thread gathering([&] { section = Gather(config, absl::Seconds(8)); });
  for (size_t i = 0; i < cluster().size(); ++i) {
    while (CallsOf(cluster().node(i), "scan") < 5) {
    }
    cluster().node(i).Pause();
  }
  gathering.join();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(section.measures->redis().total_keys(), kKeys + 1u) << "the servers said so";
  const int64_t read = MeasureOf(section, Database(0), "keys_read").value_or(0);
  EXPECT_GT(read, 0);
  EXPECT_LT(read, kKeys);
  EXPECT_THAT(Troubles(section), SizeIs(3));
  EXPECT_THAT(PatternLines(section), Contains("0/doc:<int>: unseen: capped"));
}

}  // namespace
}  // namespace varve::testing
