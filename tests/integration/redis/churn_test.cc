// What comes and goes by itself is no change, and each change of the structure is seen.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "snapshot/kinds.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

using Commands = std::vector<std::vector<std::string>>;

// Keys of every type, numbered from `first` on, and a queue.
Commands Shop(int first, int last) {
  Commands commands;
  for (int i = first; i < last; ++i) {
    const std::string n = absl::StrCat(i);
    commands.push_back({"SET", "doc:" + n, R"({"id": )" + n + "}"});
    commands.push_back({"SET", "session:" + n, "some text", "EX", "86400"});
    commands.push_back({"HSET", "user:{" + n + "}:profile", "name", "some text"});
    commands.push_back({"SADD", "tags:" + n, "1", "2"});
    commands.push_back({"ZADD", "ranks:" + n, "1", "one", "2", "two"});
    commands.push_back({"RPUSH", "feed:" + n, "some text"});
  }
  commands.push_back({"RPUSH", "queue:mail", "some text"});
  return commands;
}

// `count` keys that differ by a word alone.
Commands Words(int count) {
  Commands commands;
  for (int i = 0; i < count; ++i) {
    const std::string word = {'w', static_cast<char>('a' + i / 26),
                              static_cast<char>('a' + i % 26)};
    commands.push_back({"SET", "page:" + word + ":title", "some text"});
  }
  return commands;
}

// A word for each number.
std::string Word(int number) {
  std::string word = "w";
  for (int rest = number; word.size() < 5; rest /= 26) word += static_cast<char>('a' + rest % 26);
  return word;
}

// Keys of which each has a name of its own.
Commands OneOffs(int first, int last) {
  Commands commands;
  for (int i = first; i < last; ++i) {
    commands.push_back({"SET", "export:" + Word(i) + ":owner", "some text"});
  }
  return commands;
}

// Two keys of one pattern: another type, and another time to live.
const Commands& Mixed() {
  static const auto* const commands = new Commands{{"SET", "mixed:1", "some text", "EX", "86400"},
                                                   {"RPUSH", "mixed:2", "some text"}};
  return *commands;
}

Commands InDatabase(int number, const Commands& commands) {
  Commands all = {{"SELECT", absl::StrCat(number)}};
  all.insert(all.end(), commands.begin(), commands.end());
  all.push_back({"SELECT", "0"});
  return all;
}

Commands Deleted(const Commands& made) {
  Commands commands;
  for (const std::vector<std::string>& command : made) commands.push_back({"DEL", command[1]});
  return commands;
}

Commands Together(Commands commands, const Commands& more) {
  commands.insert(commands.end(), more.begin(), more.end());
  return commands;
}

// "key_pattern 0 doc:<int> structure 1f2e3d" a line of the manifest.
std::vector<std::string> ManifestLines(const Section& section) {
  std::vector<std::string> lines;
  for (const ReadLine& line : section.lines) {
    const LineKey& key = line.line.key;
    const std::string state =
        line.line.seen.has_value()
            ? absl::StrCat(line.line.seen->shape.Short(), " ", v1::Way_Name(line.line.seen->way))
            : std::string(SightName(line.line.unseen));
    lines.push_back(absl::StrCat(key.entity.kind, " ", absl::StrJoin(key.entity.names, " "), " ",
                                 FacetName(key.facet), " ", state));
  }
  return lines;
}

class RedisChurnTest : public RedisServerTest {
 protected:
  // Empties the server, and begins with a source that remembers nothing.
  void Begin(const Commands& commands) {
    Run({{"FLUSHALL"}});
    Run(commands);
    RedisConfig config = ConfigFor(server());
    config.pace = RedisPace::kFast;
    source_ =
        MakeRedisSource(config, std::make_shared<Redactor>(MaskKey{"test", std::string(32, 'k')}));
  }
  Section Read() { return std::move(source_->Gather({}).front()); }

 private:
  std::unique_ptr<Source> source_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisChurnTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

struct Case {
  const char* name;
  Commands before;
  Commands change;
  std::vector<std::string> seen = {};
};

std::vector<Case> Churn() {
  Commands expired;
  Commands longer;
  Commands encoded;
  for (int i = 0; i < 20; ++i) {
    expired.push_back({"PEXPIREAT", absl::StrCat("session:", i), "1"});
    for (int j = 0; j < 30; ++j) longer.push_back({"RPUSH", absl::StrCat("feed:", i), "more text"});
    encoded.push_back({"SET", absl::StrCat("session:", i),
                       "some text that is too long for the short encoding", "EX", "86400"});
    for (int j = 0; j < 600; ++j) {
      encoded.push_back({"SADD", absl::StrCat("tags:", i), absl::StrCat(j)});
    }
  }
  return {
      {"OtherIds", Shop(0, 40), Together(Deleted(Shop(0, 30)), Shop(900, 930))},
      {"OtherCounts", Shop(0, 40), Shop(1000, 1300)},
      {"Expiry", Shop(0, 40), expired},
      {"LongerLists", Shop(0, 40), longer},
      {"OtherEncodings", Shop(0, 40), encoded},
      {"AnEmptiedQueue", Shop(0, 40), {{"DEL", "queue:mail"}}},
      {"OneOffsThatComeAndGo", OneOffs(0, 110),
       Together(Deleted(OneOffs(5, 110)), OneOffs(500, 540))},
      {"AMixedPatternThatIsNot", Mixed(), {{"DEL", "mixed:2"}}},
      {"AMixedPatternTheOtherWay", Mixed(), {{"DEL", "mixed:1"}}},
      {"ADatabaseThatIsEmptied", Together(Shop(0, 5), InDatabase(3, Shop(0, 5))),
       InDatabase(3, {{"FLUSHDB"}})},
      {"AllIsEmptied", Shop(0, 5), {{"FLUSHALL"}}},
  };
}

TEST_P(RedisChurnTest, WhatComesAndGoesIsNoChange) {
  for (const Case& churn : Churn()) {
    CountActThatChangesNothing();
    Begin(churn.before);
    const Section before = Read();
    Run(churn.change);
    const Section after = Read();
    EXPECT_EQ(ManifestLines(after), ManifestLines(before)) << churn.name;
    EXPECT_EQ(after.header.manifest_hash(), before.header.manifest_hash()) << churn.name;
    EXPECT_THAT(Differences(before, after), IsEmpty()) << churn.name;
  }
}

TEST_P(RedisChurnTest, AnEmptiedQueueStaysWithNoKeys) {
  Begin(Shop(0, 5));
  Read();
  Run({{"DEL", "queue:mail"}});
  EXPECT_EQ(MeasureOf(Read(), Pattern(0, "queue:mail"), "keys"), 0);
}

TEST_P(RedisChurnTest, ASourceThatRemembersNothingHasNoEmptyPattern) {
  Begin(Shop(0, 5));
  Read();
  Run({{"DEL", "queue:mail"}});
  EXPECT_EQ(MeasureOf(Gather(server()), Pattern(0, "queue:mail"), "keys"), std::nullopt);
}

TEST_P(RedisChurnTest, ADatabaseThatIsEmptiedStaysWithNoKeys) {
  Begin(Together(Shop(0, 5), InDatabase(3, Shop(0, 5))));
  const Section before = Read();
  Run(InDatabase(3, {{"FLUSHDB"}}));
  const Section section = Read();
  EXPECT_EQ(MeasureOf(section, Database(3), "keys"), 0);
  EXPECT_EQ(MeasureOf(section, Pattern(3, "queue:mail"), "keys"), 0);
  EXPECT_THAT(Troubles(section), IsEmpty());
  // One who remembers nothing does not have it, which is no difference.
  const Section other = Gather(server());
  EXPECT_FALSE(IsSeen(other, Database(3)));
  EXPECT_THAT(Differences(section, other), IsEmpty());
  EXPECT_THAT(Differences(other, section), IsEmpty());
}

TEST_P(RedisChurnTest, OneOffsAreCountedTogether) {
  Begin(Together(Shop(0, 5), OneOffs(0, 110)));
  const Section section = Read();
  EXPECT_EQ(MeasureOf(section, Pattern(0, "export:<rare>:owner"), "keys"), 110);
  EXPECT_EQ(MeasureOf(section, Database(0), "patterns_folded"), 110);
  EXPECT_EQ(MeasureOf(section, Database(0), "keys_folded"), 110);
  EXPECT_THAT(NotCaptured(section), Contains(::testing::HasSubstr("[rare patterns] excluded")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  Begin(Together(Shop(0, 5), OneOffs(0, 100)));
  EXPECT_EQ(MeasureOf(Read(), Database(0), "patterns_folded"), std::nullopt);
}

TEST_P(RedisChurnTest, ASampleFoldsWhatAWholeReadFolds) {
  Run(Together(Shop(0, 40), OneOffs(0, 110)));
  RedisConfig config = ConfigFor(server());
  config.depth = RedisDepth::kSampled;
  config.key_list_cap = 50;
  const Section sample = Gather(config);
  EXPECT_EQ(MeasureOf(sample, Pattern(0, "export:<rare>:owner"), "keys"), 110);
  EXPECT_EQ(PatternLines(sample).size(), PatternLines(Gather(server())).size());
}

TEST_P(RedisChurnTest, ARestartIsNoChange) {
  Begin(Shop(0, 40));
  const Section before = Read();
  Run({{"SAVE"}});
  VARVE_ASSERT_OK(server().Restart());
  EXPECT_EQ(ManifestLines(Read()), ManifestLines(before));
}

TEST_P(RedisChurnTest, AThresholdCrossedUpAndDownIsNoChange) {
  Begin(Together(Shop(0, 5), Words(150)));
  const Section below = Read();
  Run(Words(250));
  const Section above = Read();
  EXPECT_THAT(PatternLines(above), Contains("0/page:<any>:title: string; ttl never"));
  EXPECT_THAT(Differences(below, above), IsEmpty());
  EXPECT_THAT(Differences(above, below), IsEmpty());
  Run(Together(Deleted(Words(250)), Words(20)));
  const Section again = Read();
  EXPECT_EQ(ManifestLines(again), ManifestLines(above));
  EXPECT_THAT(Differences(below, again), IsEmpty());
  // Another agent sees the words, and no change.
  EXPECT_THAT(Differences(again, Gather(server())), IsEmpty());
}

// `count` keys of a new word beside one-offs.
Commands Fresh(int count) {
  Commands commands;
  for (int i = 0; i < count; ++i)
    commands.push_back({"SET", absl::StrCat("export:fresh:", i), "some text"});
  return commands;
}

std::vector<Case> Changes() {
  return {
      {"APattern",
       Shop(0, 40),
       {{"SET", "fresh:1", "some text"}},
       {"added key_pattern fresh:<int> structure"}},
      {"AType",
       Shop(0, 40),
       {{"DEL", "tags:7"}, {"SET", "tags:7", "some text"}},
       {"changed key_pattern tags:<int> structure: types: [set] → [set, string]",
        "changed key_pattern tags:<int> structure: values.string: - → formats [text]"}},
      {"ATtlTakenAway",
       Shop(0, 40),
       {{"PERSIST", "session:7"}},
       {"changed key_pattern session:<int> structure: ttl: always → mixed"}},
      {"ATypeForAnother",
       Shop(0, 40),
       {{"DEL", "queue:mail"}, {"SADD", "queue:mail", "text"}},
       {"changed key_pattern queue:mail structure: types: [list] → [set]",
        "changed key_pattern queue:mail structure: values.list: paths [path [*] types [string]] → "
        "-",
        "changed key_pattern queue:mail structure: values.set: - → paths [path [*] types "
        "[string]]"}},
      {"AWordThatIsUsed",
       OneOffs(0, 110),
       Fresh(10),
       {"added key_pattern export:fresh:<int> structure"}},
      {"AWordThatIsNot",
       OneOffs(0, 110),
       Fresh(9),
       {"added key_pattern export:<rare>:<int> structure"}},
      {"ADatabase",
       Shop(0, 40),
       InDatabase(1, {{"SET", "fresh:1", "some text"}}),
       {"added key_pattern 1/fresh:<int> structure", "added redis_database 1 structure"}},
  };
}

TEST_P(RedisChurnTest, AChangeIsSeen) {
  for (const Case& change : Changes()) {
    Begin(change.before);
    const Section before = Read();
    Run(change.change);
    EXPECT_THAT(Differences(before, Read()), ElementsAreArray(change.seen)) << change.name;
  }
}

// Adds and lets expire ids of a steady structure, until it is stopped: each round takes the place
// of the one before. One-off names come and go, a mixed pattern is of this kind or that, and a
// database is filled and emptied.
void Churn(RedisServer& server, const std::atomic<bool>& stop) {
  for (int round = 1; !stop; ++round) {
    Commands commands = Shop(round * 100, round * 100 + 20);
    for (int i = 0; i < 20; ++i) {
      commands.push_back({"SET", absl::StrCat("job:", i), "some text", "PX", "5"});
    }
    const int before = round * 100 - 100;
    if (round > 1) {
      commands = Together(commands, Deleted(Shop(before, before + 20)));
      commands = Together(commands, Deleted(OneOffs(before, before + 60)));
    }
    commands = Together(commands, OneOffs(round * 100, round * 100 + 60));
    commands.push_back({"DEL", "mixed:1", "mixed:2"});
    commands.push_back(Mixed()[static_cast<size_t>(round % 2)]);
    const Commands other = round % 2 == 0 ? Shop(0, 5) : Commands{{"FLUSHDB"}};
    commands = Together(commands, InDatabase(3, other));
    VARVE_EXPECT_OK(server.Commands(commands));
    absl::SleepFor(absl::Milliseconds(1));
  }
}

TEST_P(RedisChurnTest, AServerThatChurnsReadsTheSameAtEveryRead) {
  Begin(Together(Together(Shop(0, 40), OneOffs(0, 110)), Mixed()));
  Run(Together(InDatabase(3, Shop(0, 5)), {{"SET", "job:0", "some text", "EX", "600"}}));
  const Section first = Read();
  Run({{"DEL", "job:0"}});
  std::atomic<bool> stop = false;
  std::thread writer([&] { Churn(server(), stop); });
  for (int read = 0; read < 8; ++read) {
    const Section section = Read();
    EXPECT_EQ(ManifestLines(section), ManifestLines(first)) << "read " << read;
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace varve::testing
