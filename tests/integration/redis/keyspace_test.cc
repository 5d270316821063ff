// What the source says of a keyspace is what the server itself says.
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::StrEq;

class RedisKeyspaceTest : public RedisServerTest {};
INSTANTIATE_TEST_SUITE_P(Servers, RedisKeyspaceTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

std::vector<std::vector<std::string>> Strings(const std::string& before, int count) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < count; ++i) commands.push_back({"SET", absl::StrCat(before, i), "v"});
  return commands;
}

// One key of every type, and two of one pattern that expire differently.
std::vector<std::vector<std::string>> OneOfEach() {
  return {{"SET", "doc:1", "{\"a\":1}"},
          {"SET", "doc:2", "{\"a\":2}", "PX", "3600000"},
          {"SET", "session:1", "s", "PX", "1800000"},
          {"SET", "session:2", "s", "PX", "7200000"},
          {"SET", "counter", "17"},
          {"HSET", "user:1", "name", "Ann", "age", "7"},
          {"RPUSH", "queue:mail", "a", "b"},
          {"SADD", "tags:1", "1", "2", "3"},
          {"ZADD", "board:1", "1", "ann", "2", "bob"},
          {"XADD", "events:1", "*", "type", "paid"},
          {"PFADD", "seen:1", "x"}};
}

TEST_P(RedisKeyspaceTest, AnEmptyServerIsCompleteAndHasNoKeys) {
  const Section section = Gather(server());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_THAT(NotCaptured(section), IsEmpty());
  EXPECT_EQ(section.measures->redis().total_keys(), 0u);
  EXPECT_GT(section.measures->redis().memory_bytes(), 0u);
  EXPECT_THAT(PatternLines(section), IsEmpty());
}

TEST_P(RedisKeyspaceTest, TheServerIsAsItSaysOfItself) {
  const Section section = Gather(server());
  const std::string info = *server().Command({"INFO", "server"});
  const EntityKey key = {"redis_server", {"server"}};
  const ReadLine* const line = FindLine(section, {key, v1::FACET_STRUCTURE});
  ASSERT_NE(line, nullptr);
  const v1::RedisServerStructure server_structure =
      DecodeShape(section, line->line.seen->shape)->redis_server();
  EXPECT_THAT(info, HasSubstr(absl::StrCat(server_structure.product(),
                                           "_version:", server_structure.version())));
  EXPECT_EQ(server_structure.mode(), "standalone");
  EXPECT_THAT(section.header.server(), HasSubstr(server_structure.version()));
  EXPECT_EQ(section.header.address(), absl::StrCat("127.0.0.1:", server().port()));
  EXPECT_GT(MeasureOf(section, key, "used_memory").value_or(0), 0);
}

TEST_P(RedisKeyspaceTest, CountsAreThoseOfDbsizeInEveryDatabase) {
  int64_t total = 0;
  const std::map<int, int> counts = {{0, 1203}, {3, 77}, {15, 1}};
  for (const auto& [database, count] : counts) {
    Run({{"SELECT", absl::StrCat(database)}});
    Run(Strings("k:", count));
  }
  const Section section = Gather(server());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  for (int database = 0; database < 16; ++database) {
    const int64_t keys = *server().DbSize(database);
    total += keys;
    EXPECT_EQ(IsSeen(section, Database(database)), keys > 0) << database;
    if (keys == 0) continue;
    EXPECT_EQ(MeasureOf(section, Database(database), "keys"), keys) << database;
    EXPECT_EQ(MeasureOf(section, Pattern(database, "k:<int>"), "keys"), keys) << database;
  }
  EXPECT_EQ(total, 1281);
  EXPECT_EQ(section.measures->redis().total_keys(), 1281u);
  EXPECT_EQ(section.measures->redis().keys_size(), 1281);
  ASSERT_EQ(section.measures->redis().prefixes_size(), 1);
  EXPECT_EQ(section.measures->redis().prefixes(0).segment(), "k");
  EXPECT_EQ(section.measures->redis().prefixes(0).keys(), 1281u);
}

TEST_P(RedisKeyspaceTest, PatternsHaveTheirTypesAndHowTheyExpire) {
  Run(OneOfEach());
  EXPECT_THAT(PatternLines(Gather(server())),
              ElementsAre("0/board:<int>: zset; ttl never", "0/counter: string; ttl never",
                          "0/doc:<int>: string; ttl mixed", "0/events:<int>: stream; ttl never",
                          "0/queue:mail: list; ttl never", "0/seen:<int>: string; ttl never",
                          "0/session:<int>: string; ttl always", "0/tags:<int>: set; ttl never",
                          "0/user:<int>: hash; ttl never"));
}

TEST_P(RedisKeyspaceTest, APatternOfSeveralTypesListsThemAll) {
  Run({{"SET", "k:1", "v"}, {"SADD", "k:2", "v"}, {"HSET", "k:3", "f", "v"}});
  const Section section = Gather(server());
  EXPECT_THAT(PatternLines(section), ElementsAre("0/k:<int>: hash, set, string; ttl never"));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "k:<int>"), "keys_of_type", "hash"), 1);
}

TEST_P(RedisKeyspaceTest, ListedKeysAreAsTheServerSaysOfEach) {
  Run(OneOfEach());
  const Section section = Gather(server());
  EXPECT_EQ(section.measures->redis().keys_size(), 11);
  uint64_t bytes = 0;
  for (const v1::RedisKey& key : section.measures->redis().keys()) {
    SCOPED_TRACE(key.name());
    EXPECT_EQ(key.type(), *server().Command({"TYPE", key.name()}));
    EXPECT_EQ(key.encoding(), *server().Command({"OBJECT", "ENCODING", key.name()}));
    EXPECT_EQ(absl::StrCat(key.size_bytes()),
              *server().Command({"MEMORY", "USAGE", key.name(), "SAMPLES", "5"}));
    int64_t ttl_ms = 0;
    ASSERT_TRUE(absl::SimpleAtoi(*server().Command({"PTTL", key.name()}), &ttl_ms));
    if (ttl_ms < 0) {
      EXPECT_EQ(key.ttl_ms(), -1);
    } else {
      EXPECT_GE(key.ttl_ms(), ttl_ms) << "asked earlier, it was no less";
      EXPECT_LE(key.ttl_ms() - ttl_ms, 60'000);
    }
    bytes += key.size_bytes();
  }
  EXPECT_EQ(section.measures->redis().keys_bytes(), bytes);
  EXPECT_EQ(MeasureOf(section, Pattern(0, "session:<int>"), "keys_with_ttl"), 2);
}

TEST_P(RedisKeyspaceTest, NamesMayHoldAnyBytes) {
  const std::string binary = "bin:\xff\xfe\x01";
  const std::string lines = "two\r\nlines*1\r\n";
  const std::string nul("nul:\0:x", 7);
  Run({{"SET", binary, "v"},
       {"SET", lines, "v"},
       {"SET", nul, "v"},
       {"SET", "", "v"},
       {"SET", "käse:1", "v"}});
  const Section section = Gather(server());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(ListedNames(section), ElementsAre("", binary, "käse:1", nul, lines));
  EXPECT_THAT(PatternLines(section),
              ElementsAre("0/: string; ttl never", "0/<bin>: string; ttl never",
                          "0/bin:<bin>: string; ttl never", "0/käse:<int>: string; ttl never",
                          "0/nul:<bin>: string; ttl never"));
}

TEST_P(RedisKeyspaceTest, AVeryLongNameIsCountedAndMaskedInTheList) {
  Run({{"SET", "long:" + std::string(10'000, 'x'), "v"},
       {"SET", "long:" + std::string(80, 'y'), "v"}});
  const Section section = Gather(server());
  EXPECT_THAT(PatternLines(section), ElementsAre("0/long:<long>: string; ttl never"));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "long:<long>"), "keys"), 2);
  for (const v1::RedisKey& key : section.measures->redis().keys()) {
    EXPECT_THAT(key.name(), StartsWith(absl::StrCat("long:", kMasked)));
    EXPECT_LE(key.name().size(), 512u);
    EXPECT_TRUE(key.masked());
    EXPECT_EQ(key.type(), "string");
  }
}

TEST_P(RedisKeyspaceTest, BeyondTheCapASampleIsListedAndCoverageSaysSo) {
  Run(Strings("k:", 500));
  RedisConfig config = ConfigFor(server());
  config.key_list_cap = 20;
  const Section section = Gather(config);
  EXPECT_EQ(section.measures->redis().keys_size(), 20);
  EXPECT_EQ(section.measures->redis().total_keys(), 500u);
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_THAT(NotCaptured(section),
              ElementsAre(StartsWith("key_pattern [list of keys] capped: more than 20 keys")));
  EXPECT_EQ(ListedNames(Gather(config)), ListedNames(section)) << "the same at every read";
}

TEST_P(RedisKeyspaceTest, NamesAloneAreCountedWithoutAskingAnythingOfAKey) {
  Run(OneOfEach());
  RedisConfig config = ConfigFor(server());
  config.depth = RedisDepth::kNames;
  const int64_t asked = CallsOf(server(), "type");
  const Section section = Gather(config);
  EXPECT_EQ(CallsOf(server(), "type"), asked);
  EXPECT_EQ(MeasureOf(section, Pattern(0, "doc:<int>"), "keys"), 2);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(PatternLines(section)[0], HasSubstr("unseen: excluded"));
}

TEST_P(RedisKeyspaceTest, OfASmallKeyspaceTheSampleIsAllOfIt) {
  Run(OneOfEach());
  RedisConfig config = ConfigFor(server());
  config.depth = RedisDepth::kSampled;
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(PatternLines(section), PatternLines(Gather(server())));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "doc:<int>"), "keys_probed"), std::nullopt);
  EXPECT_TRUE(ListedKey(section, "doc:1")->has_size_bytes());
}

TEST_P(RedisKeyspaceTest, ASampleCountsAllNamesAndEstimatesTheRestWithABound) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < 4000; ++i) {
    const std::string n = absl::StrCat(i);
    commands.push_back({"SET", "doc:" + n, std::string(100 + i % 50, 'v')});
    if (i % 4 == 0) commands.push_back({"EXPIRE", "doc:" + n, "86400"});
  }
  commands.push_back({"SADD", "rare", "a"});
  Run(commands);
  RedisConfig config = ConfigFor(server());
  config.depth = RedisDepth::kSampled;
  config.share = 0.05;
  config.key_list_cap = 50;
  const int64_t asked = CallsOf(server(), "pttl");
  const Section section = Gather(config);
  const EntityKey doc = Pattern(0, "doc:<int>");
  EXPECT_EQ(section.measures->redis().total_keys(), 4001u);
  EXPECT_EQ(MeasureOf(section, doc, "keys"), 4000);
  const int64_t probed = MeasureOf(section, doc, "keys_probed").value_or(0);
  EXPECT_GT(probed, 100);
  EXPECT_LT(probed, 700);
  EXPECT_EQ(CallsOf(server(), "pttl") - asked, probed + 1) << "the single name is looked at too";
  EXPECT_NEAR(MeasureOf(section, doc, "keys_with_ttl_estimate").value_or(0), 1000, 400);
  EXPECT_GT(MeasureOf(section, doc, "keys_with_ttl_bound").value_or(0), 0);
  const int64_t bytes = MeasureOf(Gather(server()), doc, "memory_bytes").value_or(0);
  EXPECT_NEAR(static_cast<double>(MeasureOf(section, doc, "memory_bytes_estimate").value_or(0)),
              static_cast<double>(bytes), static_cast<double>(bytes) / 10);
  EXPECT_EQ(PatternLines(section),
            (std::vector<std::string>{"0/doc:<int>: string; ttl mixed", "0/rare: set; ttl never"}));
  const ReadLine* const line = FindLine(section, {doc, v1::FACET_STRUCTURE});
  EXPECT_EQ(line->line.seen->way, v1::WAY_STATIC) << "of a sample it is the weaker kind";
  EXPECT_EQ(FindLine(section, {Pattern(0, "rare"), v1::FACET_STRUCTURE})->line.seen->way,
            v1::WAY_RUN);
  EXPECT_THAT(NotCaptured(section), Contains(HasSubstr("[keys outside the share] excluded")));
}

TEST_P(RedisKeyspaceTest, TheServerKnowsWhoReadsIt) {
  Run(Strings("k:", 40'000));
  RedisConfig config = ConfigFor(server());
  config.pace = RedisPace::kGentle;
  std::thread gathering([&] { Gather(config); });
  std::string clients;
  while (!absl::StrContains(clients, "name=varve-agent")) {
    const absl::StatusOr<std::string> list = server().Command({"CLIENT", "LIST"});
    VARVE_ASSERT_OK(list);
    clients = *list;
  }
  gathering.join();
}

TEST_P(RedisKeyspaceTest, WhatTheServerSaidBeforeAndAfterStandsBesideTheCount) {
  Run(Strings("k:", 300));
  Run({{"EXPIRE", "k:1", "86400"}});
  const Section section = Gather(server());
  EXPECT_EQ(MeasureOf(section, Database(0), "keys_before"), 300);
  EXPECT_EQ(MeasureOf(section, Database(0), "keys_after"), 300);
  EXPECT_EQ(MeasureOf(section, Database(0), "keys_with_ttl_after"), 1);
  EXPECT_NEAR(MeasureOf(section, Database(0), "names_estimate").value_or(0), 300, 8);
  EXPECT_THAT(Troubles(section), IsEmpty());
}

TEST_P(RedisKeyspaceTest, NeverAsksWhatBlocksTheServer) {
  Run(OneOfEach());
  Gather(server());
  for (const char* const command :
       {"keys", "smembers", "hgetall", "get", "dump", "sort", "debug"}) {
    EXPECT_EQ(CallsOf(server(), command), 0) << command;
  }
}

TEST_P(RedisKeyspaceTest, ReadsByAUnixSocket) {
  RedisServerOptions options;
  options.unix_socket = true;
  Start(options);
  Run(OneOfEach());
  RedisConfig config;
  config.url = absl::StrCat("unix://", server().socket_path());
  const Section section = Gather(config);
  EXPECT_EQ(section.measures->redis().total_keys(), 11u);
  EXPECT_EQ(section.header.address(), absl::StrCat("unix:", server().socket_path()));
}

TEST_P(RedisKeyspaceTest, AClusterOfOneIsReadAsACluster) {
  RedisServerOptions options;
  options.config = {"cluster-enabled yes"};
  Start(options);
  std::vector<std::string> slots = {"CLUSTER", "ADDSLOTS"};
  for (int slot = 0; slot < 16384; ++slot) slots.push_back(absl::StrCat(slot));
  Run({slots});
  // The node sees for itself that all slots are served.
  while (server().Command({"SET", "doc:1", "v"}).status().message().find("CLUSTERDOWN") == 0) {
  }
  Run({{"SET", "doc:2", "v"}});
  const Section section = Gather(server());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(PatternLines(section), ElementsAre("0/doc:<int>: string; ttl never"));
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_TRUE(IsSeen(section, {"redis_shard", {"0-16383"}}));
}

}  // namespace
}  // namespace varve::testing
