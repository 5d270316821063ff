// A change of the server is seen as that change and no other; what is none is not seen.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/info.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kLibrary[] =
    "#!lua name=counters\nredis.register_function('add', function() return 1 end)";
constexpr char kLibraryOfOtherCode[] =
    "#!lua name=counters\nredis.register_function('add', function() return 2 end)";
constexpr char kLibraryOfTwo[] =
    "#!lua name=counters\nredis.register_function('add', function() return 1 end)\n"
    "redis.register_function('drop', function() return 1 end)";

using Commands = std::vector<std::vector<std::string>>;
struct Change {
  const char* name;
  Commands before;
  Commands change;
  std::vector<std::string> seen;  // a prefix of each difference
  int since = 6;                  // major version that has it
};

const std::vector<Change>& Changes() {
  static const auto* const changes = new std::vector<Change>{
      {"a setting",
       {},
       {{"CONFIG", "SET", "maxmemory", "1048576"}},
       {"changed redis_setting maxmemory options: value: 0 → 1048576"}},
      {"a setting that has two names",
       {},
       {{"CONFIG", "SET", "replica-priority", "7"}},
       {"changed redis_setting replica-priority options: value: 100 → 7"}},
      {"when to save",
       {},
       {{"CONFIG", "SET", "save", "900 1"}},
       {"changed redis_setting save options: value: "}},
      {"a user that is added",
       {},
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {"added redis_user app access"}},
      {"a user that is dropped",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "DELUSER", "app"}},
       {"removed redis_user app access"}},
      {"a command that is allowed",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "+set"}},
       {"changed redis_user app access: commands"}},
      {"keys that are allowed",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "~other:*"}},
       {"changed redis_user app access: keys"}},
      {"a user that is shut out",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "off"}},
       {"changed redis_user app access: enabled: true → false"}},
      {"another password",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "<s3cret", ">s3cret-2"}},
       {"changed redis_user app access: "}},
      {"no password needed any more",
       {{"ACL", "SETUSER", "app", "on", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "nopass"}},
       {"changed redis_user app access: no_password: false → true"}},
      {"a channel that is allowed",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "resetchannels", "+get"}},
       {{"ACL", "SETUSER", "app", "&news.*"}},
       {"changed redis_user app access: channels"},
       7},
      {"a selector that is added",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "(+set ~other:*)"}},
       {"changed redis_user app access: selectors"},
       7},
      {"a library that is added",
       {},
       {{"FUNCTION", "LOAD", kLibrary}},
       {"added redis_library counters structure"},
       7},
      {"a library that is dropped",
       {{"FUNCTION", "LOAD", kLibrary}},
       {{"FUNCTION", "DELETE", "counters"}},
       {"removed redis_library counters structure"},
       7},
      {"a library of other code",
       {{"FUNCTION", "LOAD", kLibrary}},
       {{"FUNCTION", "LOAD", "REPLACE", kLibraryOfOtherCode}},
       {"changed redis_library counters structure: code_hash"},
       7},
      {"a function that is added",
       {{"FUNCTION", "LOAD", kLibrary}},
       {{"FUNCTION", "LOAD", "REPLACE", kLibraryOfTwo}},
       {"changed redis_library counters structure: functions.drop: - → drop",
        "changed redis_library counters structure: code_hash"},
       7}};
  return *changes;
}

class RedisServerChangesTest : public RedisServerTest {
 protected:
  int MajorVersion() {
    const std::string version = redis::Info::Parse(*server().Command({"INFO"})).Version();
    int major = 0;
    return absl::SimpleAtoi(version.substr(0, version.find('.')), &major) ? major : 0;
  }
  // All that a change may have left behind.
  void Reset() {
    Run({{"CONFIG", "SET", "maxmemory", "0"},
         {"CONFIG", "SET", "replica-priority", "100"},
         {"CONFIG", "SET", "save", ""},
         {"CONFIG", "SET", "masterauth", ""},
         {"ACL", "DELUSER", "app"}});
    if (MajorVersion() >= 7) Run({{"FUNCTION", "FLUSH"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisServerChangesTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisServerChangesTest, EachChangeIsSeenAsItself) {
  for (const Change& change : Changes()) {
    if (MajorVersion() < change.since) continue;
    SCOPED_TRACE(change.name);
    Reset();
    Run(change.before);
    CountSingleChange();
    const Section before = Gather(server());
    Run(change.change);
    const std::vector<std::string> seen = Differences(before, Gather(server()));
    ASSERT_EQ(seen.size(), change.seen.size()) << absl::StrJoin(seen, "\n");
    for (size_t i = 0; i < seen.size(); ++i) {
      EXPECT_THAT(seen[i], ::testing::StartsWith(change.seen[i]));
    }
  }
}

TEST_P(RedisServerChangesTest, AMaskedValueThatChangesShowsNothingOfItself) {
  Run({{"CONFIG", "SET", "masterauth", "s3cret-1"}});
  const Section before = Gather(server());
  Run({{"CONFIG", "SET", "masterauth", "s3cret-2"}});
  // Valkey calls it primaryauth.
  EXPECT_THAT(Differences(before, Gather(server())),
              ElementsAre(::testing::AllOf(::testing::StartsWith("changed redis_setting "),
                                           ::testing::HasSubstr("auth options"),
                                           ::testing::Not(::testing::HasSubstr("s3cret")))));
}

TEST_P(RedisServerChangesTest, AConfigThatIsWrittenAndARestartChangeNothing) {
  Run({{"CONFIG", "SET", "maxmemory", "104857600"},
       {"CONFIG", "SET", "requirepass", ""},
       {"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "-@all", "+@read", "-hgetall", "+set",
        "+config|get", "+del", "+expire", "+zadd", "-zrange", "+client|list"},
       {"ACL", "SETUSER", "most", "on", "nopass", "~*", "+@all", "-@dangerous", "+keys", "+sort",
        "+info", "-eval", "-evalsha", "-lpush", "-rpush", "-sadd"}});
  const Section before = Gather(server());
  Run({{"CONFIG", "REWRITE"}});
  EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  for (int i = 0; i < 3; ++i) {
    VARVE_ASSERT_OK(server().Restart());
    EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  }
}

// Each act by itself is none; what it leaves behind goes with the next.
const std::vector<Commands>& Acts() {
  static const auto* const acts = new std::vector<Commands>{
      {{"GET", "doc:1"}},
      {{"SET", "doc:1", "other"}},
      {{"SET", "doc:2", "v"}, {"DEL", "doc:2"}},
      {{"RENAME", "doc:1", "doc:3"}, {"RENAME", "doc:3", "doc:1"}},
      {{"MULTI"}, {"SET", "doc:1", "w"}, {"EXEC"}},
      {{"EVAL", "return redis.call('GET', 'doc:1')", "0"}},
      {{"CLIENT", "SETNAME", "worker"}},
      {{"PUBLISH", "news", "x"}},
      {{"SLOWLOG", "RESET"}},
      {{"CONFIG", "RESETSTAT"}},
      {{"CONFIG", "SET", "slowlog-log-slower-than", "0"},
       {"CONFIG", "SET", "slowlog-log-slower-than", "10000"}},
      {{"CONFIG", "SET", "maxmemory", "0"}},
      {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}, {"ACL", "DELUSER", "app"}},
      {{"ACL", "SETUSER", "default", "on"}},
      {{"SCRIPT", "FLUSH"}},
      {{"BGSAVE"}}};
  return *acts;
}

TEST_P(RedisServerChangesTest, WorkChangesNothing) {
  Reset();
  Run({{"SET", "doc:1", "v"}});
  const Section before = Gather(server());
  EXPECT_FALSE(server().Command({"NOSUCH"}).ok());
  for (const Commands& act : Acts()) {
    SCOPED_TRACE(absl::StrJoin(act.front(), " "));
    CountActThatChangesNothing();
    Run(act);
    EXPECT_THAT(Differences(before, Gather(server())), IsEmpty());
  }
}

// The two swap their roles: the state of each moves, and nothing else.
TEST_P(RedisServerChangesTest, AFailoverMovesTheStateAlone) {
  RedisServerOptions options;
  options.command = GetParam().command;
  const absl::StatusOr<std::unique_ptr<RedisServer>> other = RedisServer::Start(std::move(options));
  VARVE_ASSERT_OK(other);
  const auto follow = [](RedisServer& replica, RedisServer& primary) {
    VARVE_ASSERT_OK(replica.Command({"REPLICAOF", "127.0.0.1", absl::StrCat(primary.port())}));
    while (redis::Info::Parse(*replica.Command({"INFO"})).Text("master_link_status") != "up") {
    }
    while (redis::Info::Parse(*primary.Command({"INFO"})).Text("slave0").find("state=online") ==
           absl::string_view::npos) {
    }
  };
  for (RedisServer* const each : {&server(), other->get()}) {
    VARVE_ASSERT_OK(each->Command({"CONFIG", "SET", "repl-diskless-sync", "no"}));
  }
  follow(**other, server());
  const Section first = Gather(server());
  const Section second = Gather(**other);
  VARVE_ASSERT_OK((*other)->Command({"REPLICAOF", "NO", "ONE"}));
  follow(server(), **other);
  const std::string here = absl::StrCat("127.0.0.1:", server().port());
  const std::string there = absl::StrCat("127.0.0.1:", (*other)->port());
  const std::string state = "changed redis_server server state: ";
  EXPECT_THAT(Differences(first, Gather(server())),
              ElementsAre(absl::StrCat(state, "role: master → slave"),
                          absl::StrCat(state, "primary: - → ", there),
                          ::testing::StartsWith(absl::StrCat(state, "replicas.", there))));
  EXPECT_THAT(Differences(second, Gather(**other)),
              ElementsAre(absl::StrCat(state, "role: slave → master"),
                          absl::StrCat(state, "primary: ", here, " → -"),
                          ::testing::StartsWith(absl::StrCat(state, "replicas.", here))));
}

// The same commands make the same user on every server that has them.
TEST(RedisServers, AUserReadsAlikeOnEveryServer) {
  std::vector<std::string> different;
  std::optional<v1::RedisUserAccess> first;
  for (const RedisProgram& program : RedisPrograms()) {
    RedisServerOptions options;
    options.command = program.command;
    const absl::StatusOr<std::unique_ptr<RedisServer>> server = RedisServer::Start(options);
    VARVE_ASSERT_OK(server);
    VARVE_ASSERT_OK((*server)->Commands({{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "~b",
                                          "-@all", "+set", "+get", "+config|get", "+del"}}));
    const Section section = Gather(**server);
    const ReadLine* const line = FindLine(section, {{"redis_user", {"app"}}, v1::FACET_ACCESS});
    ASSERT_NE(line, nullptr) << program.label;
    v1::RedisUserAccess access = DecodeShape(section, line->line.seen->shape)->redis_user();
    // Which servers print how payloads are checked, and that channels are limited, differs.
    access.clear_flags();
    if (!first.has_value()) first = access;
    if (access.SerializeAsString() != first->SerializeAsString()) {
      different.push_back(absl::StrCat(program.label, ": ", access.ShortDebugString()));
    }
  }
  EXPECT_THAT(different, IsEmpty());
}

}  // namespace
}  // namespace varve::testing
