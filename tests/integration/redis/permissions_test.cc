// What an ACL user may not do is said, with the rule that mends it; all else is there.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/acl_line.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class RedisPermissionsTest : public RedisServerTest {
 protected:
  void SetUp() override {
    RedisServerTest::SetUp();
    Run({{"SET", "doc:1", "v"}, {"SET", "doc:2", "v"}, {"SADD", "tags", "a"}});
  }
  // Makes the user "varve", who may do what `rules` say.
  void Allow(const std::string& rules) {
    std::vector<std::string> command = {"ACL", "SETUSER", "varve", "reset", "on", ">pw"};
    for (const absl::string_view rule : absl::StrSplit(rules, ' ')) command.emplace_back(rule);
    Run({command});
  }
  Section GatherAsVarve() { return Gather(ConfigAsVarve(server())); }
  // Runs what an error says to run.
  void RunRemedy(const std::string& remedy) {
    std::vector<std::string> command;
    for (const absl::string_view word : absl::StrSplit(remedy, ' ')) command.emplace_back(word);
    Run({command});
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisPermissionsTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

constexpr char kMinimal[] = "~* -@all +scan +type +pttl +memory|usage +object|encoding +info";
const std::vector<std::string> kAllPatterns = {"0/doc:<int>: string; ttl never",
                                               "0/tags: set; ttl never"};

TEST_P(RedisPermissionsTest, SixCommandsGiveTheWholeKeyspace) {
  Allow(kMinimal);
  RedisConfig config = ConfigAsVarve(server());
  config.samples = SampleMode::kOff;
  const Section section = Gather(config);
  EXPECT_EQ(PatternLines(section), kAllPatterns);
  // All that is missing is told of the server, and what grants it.
  ASSERT_THAT(Troubles(section), ElementsAre(StartsWith("warning: asking CONFIG GET, ACL LIST")));
  RunRemedy(section.header.errors(0).remedy());
  const Section whole = Gather(config);
  EXPECT_EQ(whole.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(Troubles(whole), IsEmpty());
  EXPECT_EQ(PatternLines(whole), kAllPatterns);
}

TEST_P(RedisPermissionsTest, WithoutTheCommandsForValuesSamplesAreMissingWithAWarning) {
  Allow(kMinimal);
  const Section section = GatherAsVarve();
  EXPECT_THAT(Troubles(section), Contains("warning: sampling values (GETRANGE, SSCAN): the ACL "
                                          "does not permit it (NOPERM); ACL SETUSER varve "
                                          "+getrange +sscan"));
  EXPECT_THAT(NotCaptured(section), Contains(HasSubstr("[values] not permitted")));
  EXPECT_THAT(NotCaptured(section), Contains(HasSubstr("[samples] not permitted")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(PatternLines(section), kAllPatterns);
}

TEST_P(RedisPermissionsTest, WithoutInfoAllDatabasesAreFoundBySelecting) {
  Run({{"SELECT", "5"}, {"SET", "five", "v"}});
  Allow("~* +@all -info");
  const Section section = GatherAsVarve();
  EXPECT_EQ(section.measures->redis().total_keys(), 4u);
  EXPECT_TRUE(IsSeen(section, Database(5)));
  EXPECT_FALSE(IsSeen(section, Database(1)));
  EXPECT_THAT(Troubles(section),
              ElementsAre("warning: asking INFO: the ACL does not permit it (NOPERM); ACL SETUSER "
                          "varve +info"));
  // HELLO says what INFO would.
  EXPECT_TRUE(IsSeen(section, {"redis_server", {"server"}}));
}

TEST_P(RedisPermissionsTest, WithoutInfoAndSelectTheFirstDatabaseIsThere) {
  Allow("~* -@all +scan +type +pttl +memory|usage +object|encoding");
  RedisConfig config = ConfigAsVarve(server());
  config.samples = SampleMode::kOff;
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(PatternLines(section), kAllPatterns);
  EXPECT_THAT(Troubles(section),
              Contains(HasSubstr("finding the databases: the ACL does not permit "
                                 "it (NOPERM); ACL SETUSER varve +info +select")));
  EXPECT_THAT(NotCaptured(section), Contains(StartsWith("redis_database [] not permitted")));
}

// Redis 7 grants HELLO to everybody, so that only a server without it says nothing of itself.
TEST_P(RedisPermissionsTest, WithoutInfoAndHelloTheServerIsUnseen) {
  RedisServerOptions options;
  options.config = {"rename-command INFO \"\"", "rename-command HELLO \"\""};
  Start(options);
  Run({{"SET", "doc:1", "v"}, {"SADD", "tags", "a"}});
  const Section section = Gather(server());
  EXPECT_FALSE(IsSeen(section, {"redis_server", {"server"}}));
  EXPECT_EQ(PatternLines(section), kAllPatterns);
  EXPECT_THAT(NotCaptured(section), Contains(StartsWith("redis_server [] not supported")));
}

TEST_P(RedisPermissionsTest, WithoutSelectOtherDatabasesAreCountedAndNotRead) {
  Run({{"SELECT", "5"}, {"SET", "five", "v"}});
  Allow("~* +@all -select");
  const Section section = GatherAsVarve();
  EXPECT_EQ(section.measures->redis().total_keys(), 4u);
  EXPECT_EQ(MeasureOf(section, Database(5), "keys"), 1);
  EXPECT_EQ(PatternLines(section), kAllPatterns);
  EXPECT_THAT(
      Troubles(section),
      ElementsAre(
          "error: reading the keys of database 5 (SELECT), 0 of about 1 read: the ACL does not "
          "permit it (NOPERM); ACL SETUSER varve +select"));
  EXPECT_THAT(NotCaptured(section), ElementsAre(StartsWith("key_pattern [5] not permitted")));
}

TEST_P(RedisPermissionsTest, WithoutScanInfoStillCounts) {
  Allow("~* +@all -scan");
  const Section section = GatherAsVarve();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(section.measures->redis().total_keys(), 3u);
  EXPECT_THAT(PatternLines(section), IsEmpty());
  EXPECT_THAT(
      Troubles(section),
      ElementsAre(
          "error: reading the keys of database 0 (SCAN), 0 of about 3 read: the ACL does not "
          "permit it (NOPERM); ACL SETUSER varve +scan"));
}

struct Denial {
  const char* rules;
  const char* command;
  const char* grant;
};

TEST_P(RedisPermissionsTest, EachDeniedProbeIsAnErrorWithItsGrant) {
  for (const Denial& denial : {Denial{"-type", "TYPE", "+type"}, Denial{"-pttl", "PTTL", "+pttl"},
                               Denial{"-memory", "MEMORY USAGE", "+memory|usage"},
                               Denial{"-object", "OBJECT ENCODING", "+object|encoding"}}) {
    SCOPED_TRACE(denial.command);
    Allow(absl::StrCat("~* +@all ", denial.rules));
    const Section section = GatherAsVarve();
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
    EXPECT_EQ(section.measures->redis().total_keys(), 3u);
    EXPECT_THAT(Troubles(section),
                Contains(absl::StrCat("error: asking ", denial.command,
                                      " of keys: the ACL does not permit it (NOPERM); ACL SETUSER "
                                      "varve ",
                                      denial.grant)));
    RunRemedy(absl::StrCat("ACL SETUSER varve ", denial.grant));
    EXPECT_EQ(GatherAsVarve().header.status(), v1::SECTION_STATUS_COMPLETE);
  }
}

// Losing a permission must not read as a change of the keyspace.
TEST_P(RedisPermissionsTest, WithoutTypeOrPttlTheStructureIsUnseenNotChanged) {
  for (const char* const denied : {"-type", "-pttl"}) {
    Allow(absl::StrCat("~* +@all ", denied));
    EXPECT_THAT(PatternLines(GatherAsVarve()),
                ElementsAre("0/doc:<int>: unseen: not permitted", "0/tags: unseen: not permitted"));
  }
}

TEST_P(RedisPermissionsTest, KeysThatMayNotBeTouchedAreCountedAndNamed) {
  Allow("~doc:* +@all");
  const Section section = GatherAsVarve();
  EXPECT_EQ(section.measures->redis().total_keys(), 3u);
  EXPECT_THAT(PatternLines(section),
              ElementsAre("0/doc:<int>: string; ttl never", "0/tags: unseen: not permitted"));
  EXPECT_EQ(MeasureOf(section, Pattern(0, "tags"), "keys_not_permitted"), 1);
  EXPECT_THAT(Troubles(section),
              ElementsAre("error: looking at 1 keys of database 0: the ACL does not permit them "
                          "(NOPERM); ACL SETUSER varve ~*"));
}

// One rule that the server does not know would undo the whole line.
TEST_P(RedisPermissionsTest, TheLineForTheServersVersionGrantsAllThatIsAsked) {
  Run({{"HSET", "user:1", "name", "Ann"},
       {"RPUSH", "queue", "a"},
       {"XADD", "events", "*", "a", "b"}});
  Allow("-@all");
  Run({{"ACL", "LOG", "RESET"}});
  const std::string server_text = Gather(server()).header.server();
  const std::string version = server_text.substr(server_text.find(' ') + 1);
  RunRemedy(redis::AclLine("varve", version, true));
  const Section section = GatherAsVarve();
  EXPECT_THAT(Troubles(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_EQ(PatternLines(section).size(), 5u);
  EXPECT_EQ(server().Command({"ACL", "LOG"}).value_or("?"), "") << "nothing was refused";
}

TEST_P(RedisPermissionsTest, ARenamedCommandIsNotThere) {
  RedisServerOptions options;
  options.config = {"rename-command MEMORY \"\""};
  Start(options);
  Run({{"SET", "doc:1", "v"}, {"SADD", "tags", "a"}});
  const Section section = Gather(server());
  EXPECT_EQ(PatternLines(section).size(), 2u);
  EXPECT_THAT(Troubles(section),
              Contains(AllOf(HasSubstr("error: asking MEMORY USAGE of keys: the server has no such "
                                       "command"),
                             Not(HasSubstr("ACL")))));
  EXPECT_THAT(NotCaptured(section), Contains(HasSubstr("[MEMORY USAGE] not supported")));
  EXPECT_EQ(ListedKey(section, "tags")->sample(), "") << "it may be of any size";
}

TEST_P(RedisPermissionsTest, EveryAddressNamesNoUserAndEveryTroubleNoPassword) {
  Allow("~doc:* -@all +scan +info");
  const Section section = GatherAsVarve();
  EXPECT_THAT(section.header.address(), Not(HasSubstr("varve")));
  for (const std::string& trouble : Troubles(section)) EXPECT_THAT(trouble, Not(HasSubstr("pw")));
}

}  // namespace
}  // namespace varve::testing
