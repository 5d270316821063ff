// How much of a value leaves the host.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RedisSamplesTest : public RedisServerTest {
 protected:
  // The sample of a key, ~ for what is masked.
  std::string SampleOf(const Section& section, const std::string& name) {
    const v1::RedisKey* const key = ListedKey(section, name);
    return key == nullptr ? "not listed" : absl::StrReplaceAll(key->sample(), {{kMasked, "~"}});
  }
  RedisConfig Config(SampleMode mode) {
    RedisConfig config = ConfigFor(server());
    config.samples = mode;
    return config;
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisSamplesTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

std::vector<std::vector<std::string>> OneOfEach() {
  return {{"SET", "doc", "{\"state\": \"done\", \"n\": 7}"},
          {"SET", "word", "ready"},
          {"HSET", "hash", "name", "Ann", "age", "7"},
          {"RPUSH", "list", "a", "b", "c", "d", "e"},
          {"SADD", "set", "only"},
          {"ZADD", "zset", "1", "ann", "2", "bob"},
          {"XADD", "stream", "*", "type", "paid", "by", "ann"}};
}

TEST_P(RedisSamplesTest, PlainShowsTheBeginningOfEveryType) {
  Run(OneOfEach());
  const Section section = Gather(Config(SampleMode::kPlain));
  EXPECT_EQ(SampleOf(section, "doc"), "{\"state\": \"done\", \"n\": 7}");
  EXPECT_EQ(SampleOf(section, "word"), "ready");
  EXPECT_EQ(SampleOf(section, "hash"), "{\"age\": \"7\", \"name\": \"Ann\"}");
  EXPECT_EQ(SampleOf(section, "list"), "[\"a\", \"b\", \"c\", ...]");
  EXPECT_EQ(SampleOf(section, "set"), "[\"only\"]");
  EXPECT_EQ(SampleOf(section, "zset"), "[\"ann\", \"bob\"]");
  EXPECT_EQ(SampleOf(section, "stream"), "{\"by\": \"ann\", \"type\": \"paid\"}");
}

TEST_P(RedisSamplesTest, MaskedShowsStructureAlone) {
  Run(OneOfEach());
  const Section section = Gather(server());
  EXPECT_EQ(SampleOf(section, "doc"), "{\"state\": \"~\", \"n\": ~}");
  EXPECT_EQ(SampleOf(section, "word"), "~");
  EXPECT_EQ(SampleOf(section, "hash"), "{\"age\": \"~\", \"name\": \"~\"}");
  EXPECT_EQ(SampleOf(section, "list"), "[\"~\", \"~\", \"~\", ...]");
  EXPECT_EQ(SampleOf(section, "stream"), "{\"by\": \"~\", \"type\": \"~\"}");
  EXPECT_TRUE(ListedKey(section, "doc")->masked());
  EXPECT_THAT(EveryByte(section), Not(HasSubstr("ready")));
}

TEST_P(RedisSamplesTest, OffReadsNoValue) {
  Run(OneOfEach());
  const Section section = Gather(Config(SampleMode::kOff));
  for (const char* const command : {"getrange", "hscan", "sscan", "lrange", "zrange", "xrange"}) {
    EXPECT_EQ(CallsOf(server(), command), 0) << command;
  }
  EXPECT_EQ(SampleOf(section, "doc"), "");
  EXPECT_FALSE(ListedKey(section, "doc")->masked());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(RedisSamplesTest, TheFirstRuleThatMatchesAKeyDecides) {
  Run({{"SET", "public:1", "shown"}, {"SET", "public:2", "hidden"}, {"SET", "other", "masked"}});
  RedisConfig config = Config(SampleMode::kMasked);
  config.sample_rules = {{"public:2", SampleMode::kOff}, {"public:*", SampleMode::kPlain}};
  const Section section = Gather(config);
  EXPECT_EQ(SampleOf(section, "public:1"), "shown");
  EXPECT_EQ(SampleOf(section, "public:2"), "");
  EXPECT_EQ(SampleOf(section, "other"), "~");
}

TEST_P(RedisSamplesTest, ValuesOfEveryDatabaseAreSampled) {
  Run({{"SET", "a", "zero"}, {"SELECT", "3"}, {"SET", "a", "three"}});
  const Section section = Gather(Config(SampleMode::kPlain));
  EXPECT_EQ(ListedKey(section, "a", 0)->sample(), "zero");
  EXPECT_EQ(ListedKey(section, "a", 3)->sample(), "three");
}

TEST_P(RedisSamplesTest, OfALargeValueAFewElementsAreAskedFor) {
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < 5000; ++i) {
    const std::string element = absl::StrCat("element ", i, std::string(40, '.'));
    commands.push_back({"HSET", "hash", absl::StrCat("f", i), element});
    commands.push_back({"RPUSH", "list", element});
    commands.push_back({"SADD", "set", element});
    commands.push_back({"XADD", "stream", "*", "f", element});
  }
  commands.push_back({"SET", "text", std::string(3'000'000, ' ')});
  Run(commands);
  Run({{"CONFIG", "RESETSTAT"}});
  const Section section = Gather(Config(SampleMode::kPlain));
  for (const char* const name : {"hash", "list", "set", "stream", "text"}) {
    EXPECT_THAT(SampleOf(section, name), HasSubstr("...")) << name;
    EXPECT_LE(ListedKey(section, name)->sample().size(), 600u) << name;
  }
  EXPECT_THAT(Troubles(section), IsEmpty());
}

TEST_P(RedisSamplesTest, AValueWhoseElementsAreLargeIsLeftAlone) {
  Run({{"RPUSH", "list", std::string(300'000, 'x'), std::string(300'000, 'y')},
       {"HSET", "hash", "f", std::string(300'000, 'x')}});
  const Section section = Gather(Config(SampleMode::kPlain));
  EXPECT_EQ(SampleOf(section, "list"), "");
  EXPECT_EQ(SampleOf(section, "hash"), "");
  EXPECT_EQ(CallsOf(server(), "lrange") + CallsOf(server(), "hscan"), 0);
  EXPECT_THAT(Troubles(section), ElementsAre(HasSubstr("2 values were left alone")));
}

TEST_P(RedisSamplesTest, NoSecretLeavesInAnyMode) {
  const std::string secret = "S3cr3tHunter2";
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM2NyM3QifQ.U2VjcmV0U2VjcmV0";
  Run({{"SET", "api_key", secret},
       {"SET", "cfg:db_password", secret},
       {"SET", "cfg:main",
        "{\"password\": \"" + secret + "\", \"url\": \"redis://u:" + secret + "@h\", \"jwt\": \"" +
            jwt + "\"}"},
       {"SET", "mail:ann@S3cr3tHunter2.example", "v"},
       {"SET", "login:" + jwt, "v"},
       {"SET", "cfg:password=" + secret, "v"},
       {"SET", "db:postgresql://app:" + secret + "@db/x", "v"},
       {"HSET", "user:1", "password", secret, "mail", "ann@S3cr3tHunter2.example"},
       {"HSET", "user:2", "ann@S3cr3tHunter2.example", "1"},
       {"RPUSH", "tokens:list", secret},
       {"SADD", "access_token", secret},
       {"ZADD", "session_secret", "1", secret},
       {"XADD", "stream", "*", "token", secret}});
  for (const SampleMode mode : {SampleMode::kMasked, SampleMode::kPlain}) {
    const std::string bytes = EveryByte(Gather(Config(mode)));
    // Plain values are what somebody asked for: there only what tells that it is a secret goes.
    if (mode == SampleMode::kMasked) {
      EXPECT_THAT(bytes, Not(HasSubstr(secret)));
    }
    EXPECT_THAT(bytes, Not(HasSubstr("eyJzdWIi")));
    EXPECT_THAT(bytes, Not(HasSubstr("ann@")));
    EXPECT_THAT(bytes, HasSubstr(kMasked));
  }
}

TEST_P(RedisSamplesTest, InPlainModeOnlyWhatNothingTellsToBeASecretIsShown) {
  Run({{"SET", "api_key", "S3cr3tHunter2"}, {"SET", "word", "S3cr3tHunter2"}});
  const Section section = Gather(Config(SampleMode::kPlain));
  EXPECT_EQ(SampleOf(section, "api_key"), "~");
  EXPECT_EQ(SampleOf(section, "word"), "S3cr3tHunter2");
}

TEST_P(RedisSamplesTest, WhereTheServerEvictsByUseReadingIsNoUse) {
  RedisServerOptions options;
  options.config = {"maxmemory 100mb", "maxmemory-policy allkeys-lru"};
  Start(options);
  std::vector<std::vector<std::string>> commands;
  for (int i = 0; i < 300; ++i) commands.push_back({"SET", absl::StrCat("k:", i), "v"});
  Run(commands);
  const Section section = Gather(Config(SampleMode::kPlain));
  int sampled = 0;
  for (const v1::RedisKey& key : section.measures->redis().keys()) sampled += !key.sample().empty();
  if (server().Command({"CLIENT", "NO-TOUCH", "ON"}).ok()) {
    EXPECT_EQ(sampled, 300);
    EXPECT_THAT(NotCaptured(section), IsEmpty());
  } else {
    EXPECT_EQ(sampled, 100);
    EXPECT_THAT(NotCaptured(section), ElementsAre(HasSubstr("[samples] capped")));
  }
}

}  // namespace
}  // namespace varve::testing
