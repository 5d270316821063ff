// What is no change of a server's structure is not seen: work of its clients, and of those who run
// it.
#include "absl/strings/str_join.h"
#include "tests/integration/redis/redis_change.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

constexpr char kLibrary[] =
    "#!lua name=counters\nredis.register_function('add', function() return 1 end)";

struct Act {
  RedisCommands commands;
  int since = 6;  // major version that has it
};

// One key of each type, and what acts are about.
const RedisCommands& Begin() {
  static const auto* const commands =
      new RedisCommands{{"SET", "doc:1", "some text"},
                        {"SET", "session:1", "some text", "EX", "86400"},
                        {"SET", "counter:1", "7"},
                        {"HSET", "user:1", "name", "Ann", "age", "7"},
                        {"RPUSH", "queue:1", "some text", "more text"},
                        {"SADD", "seen:1", "1", "2"},
                        {"ZADD", "board:1", "1", "ann", "2", "bob"},
                        {"XADD", "events:1", "*", "type", "paid"},
                        {"XGROUP", "CREATE", "events:1", "workers", "0"},
                        {"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "+set"}};
  return *commands;
}

// Each act by itself is none; what it leaves behind goes with the next.
const std::vector<Act>& ActsOfClients() {
  static const auto* const acts = new std::vector<Act>{
      {{{"GET", "doc:1"}}},
      {{{"SET", "doc:1", "other text"}}},
      {{{"APPEND", "doc:1", " and more"}}},
      {{{"SETRANGE", "doc:1", "0", "S"}}},
      {{{"GETSET", "doc:1", "some text"}}},
      {{{"SET", "doc:2", "text"}, {"DEL", "doc:2"}}},
      {{{"SET", "doc:2", "text"}}},
      {{{"UNLINK", "doc:2"}}},
      {{{"SET", "doc:2", "text", "PX", "1"}, {"DEL", "doc:2"}}},
      {{{"RENAME", "doc:1", "doc:3"}, {"RENAME", "doc:3", "doc:1"}}},
      {{{"MSET", "doc:1", "text", "doc:2", "text"}, {"DEL", "doc:2"}}},
      {{{"SETNX", "doc:1", "never"}}},
      {{{"TOUCH", "doc:1"}}},
      {{{"INCR", "counter:1"}}},
      {{{"DECRBY", "counter:1", "100"}}},
      {{{"EXPIRE", "session:1", "43200"}}},
      {{{"PEXPIREAT", "session:1", "4102444800000"}}},
      {{{"PERSIST", "session:1"}, {"EXPIRE", "session:1", "86400"}}},
      {{{"HSET", "user:1", "name", "Bob", "age", "8"}}},
      {{{"HINCRBY", "user:1", "age", "1"}}},
      {{{"HSET", "user:1", "plan", "pro"}, {"HDEL", "user:1", "plan"}}},
      {{{"HSET", "user:2", "name", "Eve", "age", "9"}}},
      {{{"LPUSH", "queue:1", "first"}, {"RPOP", "queue:1"}}},
      {{{"LREM", "queue:1", "0", "first"}}},
      {{{"LSET", "queue:1", "0", "another"}}},
      {{{"SADD", "seen:1", "3"}, {"SREM", "seen:1", "1"}}},
      {{{"ZINCRBY", "board:1", "5", "ann"}}},
      {{{"ZREM", "board:1", "bob"}}},
      {{{"XADD", "events:1", "*", "type", "sent"}}},
      {{{"XREADGROUP", "GROUP", "workers", "a", "COUNT", "1", "STREAMS", "events:1", ">"}}},
      {{{"XGROUP", "SETID", "events:1", "workers", "$"}}},
      {{{"XTRIM", "events:1", "MAXLEN", "1"}}},
      {{{"MULTI"}, {"SET", "doc:1", "w"}, {"INCR", "counter:1"}, {"EXEC"}}},
      {{{"MULTI"}, {"SET", "fresh:1", "w"}, {"DISCARD"}}},
      {{{"WATCH", "doc:1"}, {"UNWATCH"}}},
      {{{"EVAL", "return redis.call('GET', 'doc:1')", "0"}}},
      {{{"EVAL", "redis.pcall('LPUSH', 'doc:1', 'x') return 1", "0"}}},
      {{{"SCRIPT", "LOAD", "return 1"}}},
      {{{"PUBLISH", "news", "x"}}},
      {{{"CLIENT", "SETNAME", "worker"}}},
      {{{"SELECT", "5"}, {"SELECT", "0"}}},
      {{{"SCAN", "0"}, {"DBSIZE"}, {"RANDOMKEY"}, {"KEYS", "doc:*"}}},
      {{{"SORT", "seen:1"}}}};
  return *acts;
}

const std::vector<Act>& ActsOfOperators() {
  static const auto* const acts = new std::vector<Act>{
      {{{"SLOWLOG", "RESET"}}},
      {{{"LATENCY", "RESET"}}},
      {{{"MEMORY", "PURGE"}}},
      {{{"CONFIG", "RESETSTAT"}}},
      {{{"CONFIG", "SET", "slowlog-log-slower-than", "0"},
        {"CONFIG", "SET", "slowlog-log-slower-than", "10000"}}},
      {{{"CONFIG", "SET", "maxmemory", "0"}}},
      {{{"CONFIG", "SET", "maxmemory", "1mb"}, {"CONFIG", "SET", "maxmemory", "0"}}},
      {{{"ACL", "SETUSER", "more", "on", "nopass", "~app:*", "+get"}, {"ACL", "DELUSER", "more"}}},
      {{{"ACL", "SETUSER", "default", "on"}}},
      {{{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "+set"}}},
      {{{"ACL", "SETUSER", "app", "-get"}, {"ACL", "SETUSER", "app", "+get"}}},
      {{{"ACL", "LOG", "RESET"}}},
      {{{"FUNCTION", "LOAD", kLibrary}, {"FUNCTION", "DELETE", "counters"}}, 7},
      {{{"FUNCTION", "FLUSH"}}, 7},
      {{{"SCRIPT", "FLUSH"}}},
      {{{"SAVE"}}},
      {{{"BGSAVE"}}},
      {{{"SWAPDB", "6", "7"}}}};
  return *acts;
}

class RedisUnchangedTest : public RedisServerTest {
 protected:
  void ExpectNoChangeBy(const std::vector<Act>& acts) {
    Run(Begin());
    const Section before = Gather(server());
    const int major = MajorVersionOf(server());
    for (const Act& act : acts) {
      if (major < act.since) continue;
      SCOPED_TRACE(absl::StrJoin(act.commands.front(), " "));
      CountActThatChangesNothing();
      Run(act.commands);
      EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisUnchangedTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisUnchangedTest, WorkOfClientsChangesNothing) { ExpectNoChangeBy(ActsOfClients()); }

TEST_P(RedisUnchangedTest, WorkOfThoseWhoRunItChangesNothing) {
  ExpectNoChangeBy(ActsOfOperators());
}

TEST_P(RedisUnchangedTest, AReadAndACommandThatFailsChangeNothing) {
  Run(Begin());
  const Section before = Gather(server());
  CountActThatChangesNothing();
  EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  for (const std::vector<std::string>& command :
       RedisCommands{{"NOSUCH"}, {"LPUSH", "doc:1", "x"}, {"CONFIG", "SET", "maxmemory", "much"}}) {
    CountActThatChangesNothing();
    EXPECT_FALSE(server().Command(command).ok()) << absl::StrJoin(command, " ");
    EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  }
}

TEST_P(RedisUnchangedTest, ALibraryThatIsLoadedAgainIsNoChange) {
  if (MajorVersionOf(server()) < 7) GTEST_SKIP() << "it has no libraries";
  Run({{"FUNCTION", "LOAD", kLibrary}});
  const Section before = Gather(server());
  CountActThatChangesNothing();
  Run({{"FUNCTION", "LOAD", "REPLACE", kLibrary}});
  EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
}

TEST_P(RedisUnchangedTest, AConfigThatIsWrittenAndARestartChangeNothing) {
  Run({{"CONFIG", "SET", "maxmemory", "104857600"},
       {"CONFIG", "SET", "requirepass", ""},
       {"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "-@all", "+@read", "-hgetall", "+set",
        "+config|get", "+del", "+expire", "+zadd", "-zrange", "+client|list"},
       {"ACL", "SETUSER", "most", "on", "nopass", "~*", "+@all", "-@dangerous", "+keys", "+sort",
        "+info", "-eval", "-evalsha", "-lpush", "-rpush", "-sadd"}});
  const Section before = Gather(server());
  CountActThatChangesNothing();
  Run({{"CONFIG", "REWRITE"}});
  EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  CountActThatChangesNothing();
  for (int i = 0; i < 3; ++i) {
    VARVE_ASSERT_OK(server().Restart());
    EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  }
}

}  // namespace
}  // namespace varve::testing
