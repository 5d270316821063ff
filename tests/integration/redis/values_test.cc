// What values look like is learnt from real servers, stands still while they churn, and tells
// nothing of what they say.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/redaction/redaction.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Commands = std::vector<std::vector<std::string>>;

// "hash name: string", "string json", "stream group workers", "hash is a map".
std::vector<std::string> ValueLines(const Section& section, const EntityKey& pattern) {
  const ReadLine* const line = FindLine(section, {pattern, v1::FACET_STRUCTURE});
  if (line == nullptr || !line->line.seen.has_value()) return {"not seen"};
  if (line->line.seen->way != v1::WAY_RUN) return {"not looked at"};
  std::vector<std::string> lines;
  const v1::Shape decoded = *DecodeShape(section, line->line.seen->shape);
  for (const v1::ValueShape& shape : decoded.key_pattern().values()) {
    if (shape.is_map()) lines.push_back(absl::StrCat(shape.type(), " is a map"));
    for (const std::string& format : shape.formats()) {
      lines.push_back(absl::StrCat(shape.type(), " ", format));
    }
    for (const v1::ValuePath& path : shape.paths()) {
      lines.push_back(
          absl::StrCat(shape.type(), " ", path.path(), ": ", absl::StrJoin(path.types(), " ")));
    }
    for (const std::string& group : shape.groups()) {
      lines.push_back(absl::StrCat(shape.type(), " group ", group));
    }
  }
  return lines;
}

class RedisValuesTest : public RedisServerTest {
 protected:
  // One source, which remembers from read to read.
  void Watch(const RedisConfig& config) {
    source_ =
        MakeRedisSource(config, std::make_shared<Redactor>(MaskKey{"test", std::string(32, 'k')}));
  }
  Section Read() {
    if (source_ == nullptr) {
      RedisConfig config = ConfigFor(server());
      config.pace = RedisPace::kFast;
      Watch(config);
    }
    return std::move(source_->Gather({}).front());
  }

 private:
  std::unique_ptr<Source> source_;
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisValuesTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

// Keys of every type, numbered from `first` on.
Commands Shop(int first, int last) {
  Commands commands;
  for (int i = first; i < last; ++i) {
    const std::string n = absl::StrCat(i);
    commands.push_back({"SET", "doc:" + n, R"({"id": )" + n + R"(, "user": {"plan": "pro"}})"});
    commands.push_back({"SET", "counter:" + n, n});
    commands.push_back(
        {"HSET", "user:" + n, "name", "Ann", "age", n, "email", "ann@canary.example"});
    commands.push_back({"HSET", "cart:" + n, "sku:" + n, "2", "sku:7" + n, "1"});
    commands.push_back({"RPUSH", "queue:" + n, R"({"task": "mail"})", R"({"task": "sms"})"});
    commands.push_back({"SADD", "seen:" + n, "1", "2"});
    commands.push_back({"ZADD", "board:" + n, "1", "ann", "2", "bob"});
    commands.push_back({"XADD", "events:" + n, "*", "type", "paid", "n", n});
    commands.push_back({"XGROUP", "CREATE", "events:" + n, "workers", "0"});
  }
  return commands;
}

TEST_P(RedisValuesTest, EveryTypeHasItsShape) {
  Run(Shop(100, 130));
  const Section section = Read();
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_THAT(ValueLines(section, Pattern(0, "doc:<int>")),
              ElementsAre("string json", "string $: object", "string $.id: integer",
                          "string $.user: object", "string $.user.plan: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "counter:<int>")), ElementsAre("string integer"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "user:<int>")),
              ElementsAre("hash age: integer", "hash email: string", "hash name: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "cart:<int>")),
              ElementsAre("hash is a map", "hash sku:*: integer"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "queue:<int>")),
              ElementsAre("list [*]: object", "list [*]$.task: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "seen:<int>")), ElementsAre("set [*]: integer"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "board:<int>")), ElementsAre("zset [*]: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "events:<int>")),
              ElementsAre("stream n: integer", "stream type: string", "stream group workers"));
}

struct Change {
  const char* name;
  Commands commands;
  const char* pattern;
  const char* line;  // what the shape has then, and had not before
};

std::vector<Change> Changes() {
  return {{"AField", {{"HSET", "user:105", "plan", "pro"}}, "user:<int>", "hash plan: string"},
          {"AJsonPath",
           {{"SET", "doc:105", R"({"id": 1, "user": {"plan": "pro", "since": 2020}})"}},
           "doc:<int>",
           "string $.user.since: integer"},
          {"AnotherFormat", {{"SET", "doc:105", "ready"}}, "doc:<int>", "string text"},
          {"AnotherTypeOfAPath",
           {{"SET", "doc:105", R"({"id": "a7", "user": {"plan": "pro"}})"}},
           "doc:<int>",
           "string $.id: integer string"},
          {"AnElementOfAnotherKind",
           {{"RPUSH", "queue:105", "stop"}},
           "queue:<int>",
           "list [*]: object string"},
          {"AStreamsField",
           {{"XADD", "events:105", "*", "type", "paid", "n", "1", "by", "ann"}},
           "events:<int>",
           "stream by: string"},
          {"AConsumerGroup",
           {{"XGROUP", "CREATE", "events:105", "audit", "0"}},
           "events:<int>",
           "stream group audit"}};
}

// Few keys, so that each is in the sample.
TEST_P(RedisValuesTest, ASingleChangeIsSeen) {
  for (const Change& change : Changes()) {
    SCOPED_TRACE(change.name);
    Run({{"FLUSHALL"}});
    Run(Shop(100, 110));
    RedisConfig config = ConfigFor(server());
    config.pace = RedisPace::kFast;
    Watch(config);
    const EntityKey pattern = Pattern(0, change.pattern);
    EXPECT_THAT(ValueLines(Read(), pattern), Not(Contains(change.line)));
    Run(change.commands);
    EXPECT_THAT(ValueLines(Read(), pattern), Contains(change.line));
  }
}

TEST_P(RedisValuesTest, ChurnIsNoChange) {
  Run(Shop(100, 400));
  const std::string before = Read().header.manifest_hash();
  Commands churn;
  for (int i = 100; i < 350; ++i) {
    for (const char* const name : {"doc:", "user:", "cart:", "queue:", "events:"}) {
      churn.push_back({"DEL", absl::StrCat(name, i)});
    }
  }
  for (int i = 350; i < 400; ++i) {
    const std::string n = absl::StrCat(i);
    for (int element = 0; element < 300; ++element) {
      churn.push_back({"RPUSH", "queue:" + n, R"({"task": "mail"})"});
      churn.push_back({"HSET", "cart:" + n, absl::StrCat("sku:", element), "1"});
      churn.push_back({"SADD", "seen:" + n, absl::StrCat(element * 1'000'003)});
    }
    churn.push_back({"SET", "counter:" + n, "1234567890123"});
  }
  Run(churn);
  Run(Shop(900, 1000));
  EXPECT_EQ(Read().header.manifest_hash(), before);
}

TEST_P(RedisValuesTest, WhatFewHaveIsAMeasure) {
  Run(Shop(100, 140));
  Run({{"HSET", "user:105", "odd", "1"}});
  const Section section = Read();
  EXPECT_THAT(ValueLines(section, Pattern(0, "user:<int>")), Not(Contains("hash odd: integer")));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "user:<int>"), "values_with_rare_path", "odd"), 1);
  EXPECT_EQ(MeasureOf(section, Pattern(0, "user:<int>"), "values_sampled"), 40);
}

TEST_P(RedisValuesTest, GroupsHaveTheirPendingAndLag) {
  Run({{"XADD", "events:1", "*", "a", "1"},
       {"XADD", "events:1", "*", "a", "2"},
       {"XADD", "events:1", "*", "a", "3"},
       {"XGROUP", "CREATE", "events:1", "workers", "0"},
       {"XREADGROUP", "GROUP", "workers", "c1", "COUNT", "2", "STREAMS", "events:1", ">"}});
  const Section section = Read();
  const EntityKey pattern = Pattern(0, "events:<int>");
  EXPECT_EQ(MeasureOf(section, pattern, "group_pending_of_sample", "workers"), 2);
  EXPECT_EQ(MeasureOf(section, pattern, "group_consumers_of_sample", "workers"), 1);
  EXPECT_THAT(MeasureOf(section, pattern, "group_lag_of_sample", "workers"),
              AnyOf(std::nullopt, std::optional<int64_t>(1)));
  EXPECT_EQ(MeasureOf(section, pattern, "elements_most_of_sample"), 3);
}

TEST_P(RedisValuesTest, NothingOfAValueLeaves) {
  Run({{"SET", "doc:1", R"({"password": "S3cr3tHunter2", "S3cr3t@canary.example": {"a": 1}})"},
       {"SET", "doc:2", R"({"a": {"token:S3cr3tHunter2x9": "S3cr3tHunter2"}})"},
       {"HSET", "user:1", "S3cr3t@canary.example", "S3cr3tHunter2", "name", "S3cr3tHunter2"},
       {"HSET", "user:2", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM2NyM3QifQ.S3cr3tS3cr3t", "1"},
       {"RPUSH", "list:1", "S3cr3tHunter2"},
       {"XADD", "events:1", "*", "S3cr3t@canary.example", "S3cr3tHunter2"},
       {"XGROUP", "CREATE", "events:1", "S3cr3t@canary.example", "0"}});
  const std::string bytes = EveryByte(Read());
  EXPECT_THAT(bytes, Not(HasSubstr("S3cr3t")));
  EXPECT_THAT(bytes, Not(HasSubstr("canary.example")));
}

TEST_P(RedisValuesTest, OfALargeValueALittleIsAskedFor) {
  Commands commands;
  for (int i = 0; i < 5000; ++i) {
    commands.push_back({"HSET", "catalog", absl::StrCat("field:", i), std::string(40, 'x')});
    commands.push_back({"SADD", "members", absl::StrCat("user-", i)});
  }
  commands.push_back({"RPUSH", "blobs", std::string(300'000, 'x'), std::string(300'000, 'y')});
  commands.push_back(
      {"SET", "export", "{\"a\": 1, \"b\": \"" + std::string(3'000'000, 'x') + "\"}"});
  Run(commands);
  const Section section = Read();
  EXPECT_THAT(ValueLines(section, Pattern(0, "catalog")),
              ElementsAre("hash is a map", "hash field:*: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "members")), ElementsAre("set [*]: string"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "blobs")), ElementsAre("not looked at"));
  EXPECT_THAT(ValueLines(section, Pattern(0, "export")),
              ElementsAre("string json", "string $: object", "string $.a: integer"));
}

TEST_P(RedisValuesTest, WhereTheyAreOffNoValueIsRead) {
  Run(Shop(1, 5));
  RedisConfig config = ConfigFor(server());
  config.values = false;
  config.sample_rules = {{"*", SampleMode::kOff}};
  Watch(config);
  const Section section = Read();
  EXPECT_THAT(ValueLines(section, Pattern(0, "user:<int>")), ElementsAre("not looked at"));
  EXPECT_EQ(CallsOf(server(), "hscan") + CallsOf(server(), "getrange"), 0);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);

  config.values = true;
  config.sample_rules = {{"user:*", SampleMode::kOff}};
  Watch(config);
  const Section ruled = Read();
  EXPECT_THAT(ValueLines(ruled, Pattern(0, "user:<int>")), ElementsAre("not looked at"));
  EXPECT_THAT(ValueLines(ruled, Pattern(0, "counter:<int>")), ElementsAre("string integer"));
}

TEST_P(RedisValuesTest, AUserWhoMayReadNoValueGetsTheRest) {
  Run(Shop(1, 5));
  Run({{"ACL", "SETUSER", "varve", "on", ">pw", "~*", "-@all", "+scan", "+type", "+pttl", "+memory",
        "+object", "+info", "+select"}});
  Watch(ConfigAsVarve(server()));
  const Section section = Read();
  EXPECT_THAT(ValueLines(section, Pattern(0, "user:<int>")), ElementsAre("not looked at"));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "user:<int>"), "keys"), 4);
  EXPECT_THAT(NotCaptured(section), Contains(HasSubstr("[values] not permitted")));
}

TEST_P(RedisValuesTest, TheBiggestKeysHaveTheirLengthAndIdleTime) {
  Run(Shop(1, 5));
  Run({{"SET", "blob", std::string(100'000, 'x')}});
  const Section section = Read();
  ASSERT_GT(section.measures->redis().biggest_size(), 10);
  const v1::RedisKey& biggest = section.measures->redis().biggest(0);
  EXPECT_EQ(biggest.name(), "blob");
  EXPECT_EQ(biggest.length(), 100'000u);
  EXPECT_TRUE(biggest.has_idle_seconds());
  EXPECT_FALSE(biggest.has_frequency());
  for (int i = 1; i < section.measures->redis().biggest_size(); ++i) {
    EXPECT_LE(section.measures->redis().biggest(i).size_bytes(),
              section.measures->redis().biggest(i - 1).size_bytes());
  }
  EXPECT_EQ(ListedKey(section, "user:1")->length(), 3u);
}

TEST_P(RedisValuesTest, UnderAnLfuPolicyKeysHaveAFrequency) {
  RedisServerOptions options;
  options.config = {"maxmemory 100mb", "maxmemory-policy allkeys-lfu"};
  Start(options);
  Run(Shop(1, 5));
  const Section section = Read();
  EXPECT_TRUE(section.measures->redis().biggest(0).has_frequency());
  EXPECT_FALSE(section.measures->redis().biggest(0).has_idle_seconds());
}

}  // namespace
}  // namespace varve::testing
