// A change of the server is seen as that change and no other.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_change.h"
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
constexpr char kLibraryWithAFlag[] =
    "#!lua name=counters\nredis.register_function{function_name='add', "
    "callback=function() return 1 end, flags={'no-writes'}}";
constexpr char kLibraryWithADescription[] =
    "#!lua name=counters\nredis.register_function{function_name='add', "
    "callback=function() return 1 end, description='Adds one'}";

const std::vector<RedisChange>& Changes() {
  static const auto* const changes = new std::vector<RedisChange>{
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
       7},
      {"a policy",
       {},
       {{"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}},
       {"changed redis_setting maxmemory-policy options: value: noeviction → allkeys-lru"}},
      {"a file of all that is written",
       {},
       {{"CONFIG", "SET", "appendonly", "yes"}},
       {"changed redis_setting appendonly options: value: no → yes"}},
      {"when that file is flushed",
       {},
       {{"CONFIG", "SET", "appendfsync", "always"}},
       {"changed redis_setting appendfsync options: value: everysec → always"}},
      {"a time out",
       {},
       {{"CONFIG", "SET", "timeout", "30"}},
       {"changed redis_setting timeout options: value: 0 → 30"}},
      {"what is told of keys",
       {},
       {{"CONFIG", "SET", "notify-keyspace-events", "KEA"}},
       {"changed redis_setting notify-keyspace-events options: value: "}},
      {"a level of the log",
       {},
       {{"CONFIG", "SET", "loglevel", "verbose"}},
       {"changed redis_setting loglevel options: value: notice → verbose"}},
      {"when a quiet client is asked",
       {},
       {{"CONFIG", "SET", "tcp-keepalive", "60"}},
       {"changed redis_setting tcp-keepalive options: value: 300 → 60"}},
      {"how often it works in the background",
       {},
       {{"CONFIG", "SET", "hz", "20"}},
       {"changed redis_setting hz options: value: 10 → 20"}},
      {"whether a replica takes writes",
       {},
       {{"CONFIG", "SET", "replica-read-only", "no"}},
       {"changed redis_setting replica-read-only options: value: yes → no"}},
      {"a setting that is taken back",
       {{"CONFIG", "SET", "maxmemory", "1048576"}},
       {{"CONFIG", "SET", "maxmemory", "0"}},
       {"changed redis_setting maxmemory options: value: 1048576 → 0"}},
      {"when not to save",
       {{"CONFIG", "SET", "save", "900 1"}},
       {{"CONFIG", "SET", "save", ""}},
       {"changed redis_setting save options: value: 900 1 → -"}},
      {"a size that has two names",
       {},
       {{"CONFIG", "SET", "hash-max-ziplist-entries", "64"}},
       {"changed redis_setting hash-max-"}},
      {"a further password",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", ">s3cret-2"}},
       {"changed redis_user app access: passwords: 1 → 2",
        "changed redis_user app access: masked part"}},
      {"a password that is taken away",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", ">s3cret-2", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "<s3cret-2"}},
       {"changed redis_user app access: passwords: 2 → 1",
        "changed redis_user app access: masked part"}},
      {"a user that is let in",
       {{"ACL", "SETUSER", "app", "off", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "on"}},
       {"changed redis_user app access: enabled: false → true"}},
      {"a password needed again",
       {{"ACL", "SETUSER", "app", "on", "nopass", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", ">s3cret"}},
       {"changed redis_user app access: no_password: true → false",
        "changed redis_user app access: passwords: 0 → 1"}},
      {"a command that is forbidden",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "+set"}},
       {{"ACL", "SETUSER", "app", "-set"}},
       {"changed redis_user app access: commands"}},
      {"a category that is allowed",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "+@read"}},
       {"changed redis_user app access: commands"}},
      {"a category that is forbidden",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+@all"}},
       {{"ACL", "SETUSER", "app", "-@dangerous"}},
       {"changed redis_user app access: commands"}},
      {"a subcommand that is allowed",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "+config|get"}},
       {"changed redis_user app access: commands"}},
      {"keys that are forbidden",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "resetkeys"}},
       {"changed redis_user app access: keys: [~app:*] → -"}},
      {"all keys",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "allkeys"}},
       {"changed redis_user app access: keys: [~app:*] → [~*]"}},
      {"keys that may be read",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "%R~other:*"}},
       {"changed redis_user app access: keys: [~app:*] → [%R~other:*, ~app:*]"},
       7},
      {"a channel that is forbidden",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "resetchannels", "&news.*", "+get"}},
       {{"ACL", "SETUSER", "app", "resetchannels"}},
       {"changed redis_user app access: channels: [&news.*] → -"},
       7},
      {"a payload that is not checked",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get"}},
       {{"ACL", "SETUSER", "app", "skip-sanitize-payload"}},
       {"changed redis_user app access: flags"},
       7},
      {"a selector that is dropped",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "(+set ~other:*)"}},
       {{"ACL", "SETUSER", "app", "clearselectors"}},
       {"changed redis_user app access: selectors: "},
       7},
      {"a selector of another command",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "(+set ~other:*)"}},
       {{"ACL", "SETUSER", "app", "clearselectors", "(+get ~other:*)"}},
       {"changed redis_user app access: selectors: "},
       7},
      {"a further selector",
       {{"ACL", "SETUSER", "app", "on", ">s3cret", "~app:*", "+get", "(+set ~other:*)"}},
       {{"ACL", "SETUSER", "app", "(+del ~old:*)"}},
       {"changed redis_user app access: selectors: "},
       7},
      {"a function that is dropped",
       {{"FUNCTION", "LOAD", kLibraryOfTwo}},
       {{"FUNCTION", "LOAD", "REPLACE", kLibrary}},
       {"changed redis_library counters structure: functions.drop: drop → -",
        "changed redis_library counters structure: code_hash"},
       7},
      {"a function that writes nothing",
       {{"FUNCTION", "LOAD", kLibrary}},
       {{"FUNCTION", "LOAD", "REPLACE", kLibraryWithAFlag}},
       {"changed redis_library counters structure: functions.add.flags: - → [no-writes]",
        "changed redis_library counters structure: code_hash"},
       7},
      {"a function that is described",
       {{"FUNCTION", "LOAD", kLibrary}},
       {{"FUNCTION", "LOAD", "REPLACE", kLibraryWithADescription}},
       {"changed redis_library counters structure: functions.add.description: - → Adds one",
        "changed redis_library counters structure: code_hash"},
       7}};
  return *changes;
}

class RedisServerChangesTest : public RedisServerTest {
 protected:
  int MajorVersion() { return MajorVersionOf(server()); }
  // All that a change may have left behind.
  void Reset() {
    Run({{"CONFIG", "SET", "maxmemory", "0"},
         {"CONFIG", "SET", "maxmemory-policy", "noeviction"},
         {"CONFIG", "SET", "appendonly", "no"},
         {"CONFIG", "SET", "appendfsync", "everysec"},
         {"CONFIG", "SET", "timeout", "0"},
         {"CONFIG", "SET", "notify-keyspace-events", ""},
         {"CONFIG", "SET", "loglevel", "notice"},
         {"CONFIG", "SET", "tcp-keepalive", "300"},
         {"CONFIG", "SET", "hz", "10"},
         {"CONFIG", "SET", "replica-read-only", "yes"},
         {"CONFIG", "SET", "hash-max-ziplist-entries", "512"},
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
  for (const RedisChange& change : Changes()) {
    if (MajorVersion() < change.since) continue;
    Reset();
    ExpectSeen(change, server());
  }
}

TEST_P(RedisServerChangesTest, AMaskedValueThatChangesShowsNothingOfItself) {
  CountSingleChange();
  Run({{"CONFIG", "SET", "masterauth", "s3cret-1"}});
  const Section before = Gather(server());
  Run({{"CONFIG", "SET", "masterauth", "s3cret-2"}});
  // Valkey calls it primaryauth.
  EXPECT_THAT(Differences(before, Gather(server())),
              ElementsAre(::testing::AllOf(::testing::StartsWith("changed redis_setting "),
                                           ::testing::HasSubstr("auth options"),
                                           ::testing::Not(::testing::HasSubstr("s3cret")))));
}

// One module with one version, then another; and none.
TEST_P(RedisServerChangesTest, AModuleThatComesChangesAndGoesIsSeen) {
  RedisServerOptions options;
  if (MajorVersion() >= 7) options.config = {"enable-module-command yes"};
  Start(std::move(options));
  for (const RedisChange& change : std::vector<RedisChange>{
           {"a module that comes",
            {},
            {{"MODULE", "LOAD", VARVE_REDIS_MODULE}},
            {"added redis_module shop structure"}},
           {"a module of another version",
            {},
            {{"MODULE", "UNLOAD", "shop"}, {"MODULE", "LOAD", VARVE_REDIS_MODULE, "more"}},
            {"changed redis_module shop structure: version: 1 → 2"}},
           {"a module that goes",
            {},
            {{"MODULE", "UNLOAD", "shop"}},
            {"removed redis_module shop structure"}}}) {
    ExpectSeen(change, server());
  }
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
