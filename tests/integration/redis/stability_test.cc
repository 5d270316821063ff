// A keyspace that stands still in its structure reads the same, however its keys come and go.
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::SizeIs;

class RedisStabilityTest : public RedisServerTest {};
INSTANTIATE_TEST_SUITE_P(Servers, RedisStabilityTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

std::vector<std::vector<std::string>> Shop(int first, int last) {
  std::vector<std::vector<std::string>> commands;
  for (int i = first; i < last; ++i) {
    const std::string n = absl::StrCat(i);
    commands.push_back({"SET", "doc:state:" + n, "{}"});
    commands.push_back({"SET", "session:" + n, "s", "EX", "86400"});
    commands.push_back({"HSET", "user:{" + n + "}:profile", "name", "n" + n});
    commands.push_back({"SADD", "tags:" + n, "a"});
    if (i % 2 == 0) commands.push_back({"PEXPIRE", "tags:" + n, "86400000"});
  }
  commands.push_back({"SET", "config", "c"});
  return commands;
}

std::string Fingerprint(const Section& section) {
  std::string text;
  for (const v1::FacetFingerprint& fingerprint : section.header.fingerprints()) {
    absl::StrAppend(&text, fingerprint.facet(), fingerprint.hash());
  }
  return text;
}

TEST_P(RedisStabilityTest, ChurnLeavesTheFingerprint) {
  Run(Shop(0, 1000));
  const Section before = Gather(server());
  std::vector<std::vector<std::string>> gone;
  for (int i = 0; i < 700; ++i) {
    for (const char* const name : {"doc:state:", "session:", "tags:"}) {
      gone.push_back({"DEL", absl::StrCat(name, i)});
    }
  }
  Run(gone);
  Run(Shop(5000, 5400));
  const Section after = Gather(server());
  EXPECT_NE(after.measures->redis().total_keys(), before.measures->redis().total_keys());
  // Structure, options, access, state.
  EXPECT_THAT(Fingerprint(before), SizeIs(4 * 33));
  EXPECT_EQ(Fingerprint(after), Fingerprint(before));
  EXPECT_EQ(after.header.manifest_hash(), before.header.manifest_hash());
}

TEST_P(RedisStabilityTest, ReadingTwiceChangesNothing) {
  Run(Shop(0, 300));
  const Section before = Gather(server());
  const Section after = Gather(server());
  EXPECT_EQ(after.header.manifest_hash(), before.header.manifest_hash());
  EXPECT_EQ(ListedNames(after), ListedNames(before));
}

TEST_P(RedisStabilityTest, AKeyOfAnotherTypeChangesTheFingerprint) {
  Run(Shop(0, 300));
  const Section before = Gather(server());
  Run({{"DEL", "doc:state:7"}, {"RPUSH", "doc:state:7", "x"}});
  EXPECT_NE(Fingerprint(Gather(server())), Fingerprint(before));
}

TEST_P(RedisStabilityTest, ACapThatIsReachedIsTheSameAtEveryRead) {
  Run(Shop(0, 300));
  RedisConfig config = ConfigFor(server());
  config.key_list_cap = 50;
  const Section before = Gather(config);
  Run(Shop(300, 400));
  EXPECT_EQ(Gather(config).header.manifest_hash(), before.header.manifest_hash());
}

// An upgrade of the server is one change, of the server.
TEST(RedisVersions, TheSameKeysReadAlikeOnEveryServer) {
  std::map<std::string, std::vector<std::string>> patterns;
  for (const RedisProgram& program : RedisPrograms()) {
    RedisServerOptions options;
    options.command = program.command;
    const absl::StatusOr<std::unique_ptr<RedisServer>> server = RedisServer::Start(options);
    VARVE_ASSERT_OK(server);
    VARVE_ASSERT_OK((*server)->Commands(Shop(0, 300)));
    patterns[program.label] = PatternLines(Gather(**server));
  }
  for (const auto& [label, lines] : patterns) {
    EXPECT_THAT(lines, SizeIs(5)) << label;
    EXPECT_EQ(lines, patterns.at("debian")) << label;
  }
}

// SCAN promises all keys that are there from beginning to end, also while others come and go.
TEST_P(RedisStabilityTest, KeysThatStayAreAllSeenWhileTheTableGrowsAndShrinks) {
  Run(Shop(0, 2000));
  RedisConfig config = ConfigFor(server());
  config.pace = RedisPace::kGentle;
  config.key_list_cap = 100'000;
  config.samples = SampleMode::kOff;
  Section section;
  std::thread gathering([&] { section = Gather(config); });
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::vector<std::string>> churn;
    for (int i = 0; i < 2000; ++i) {
      const std::string name = absl::StrCat("extra:", random() % 20'000);
      churn.push_back(round % 2 == 0 ? std::vector<std::string>{"SET", name, "v"}
                                     : std::vector<std::string>{"DEL", name});
    }
    VARVE_EXPECT_OK(server().Commands(churn));
  }
  gathering.join();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  for (int i = 0; i < 2000; ++i) {
    EXPECT_NE(ListedKey(section, absl::StrCat("doc:state:", i)), nullptr) << i;
  }
}

}  // namespace
}  // namespace varve::testing
