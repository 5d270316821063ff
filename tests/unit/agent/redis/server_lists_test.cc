// What is read out of the answers about a server: settings, modules, libraries, the slow log,
// clients; also out of answers that are none.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/clients.h"
#include "agent/source/redis/counted_names.h"
#include "agent/source/redis/libraries.h"
#include "agent/source/redis/replication.h"
#include "agent/source/redis/settings.h"
#include "agent/source/redis/slow_log.h"
#include "snapshot/hash.h"
#include "tests/support/matchers.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// Answers as the server sends them.
std::string Bulk(absl::string_view text) {
  return absl::StrCat("$", text.size(), "\r\n", text, "\r\n");
}
std::string Number(int64_t number) { return absl::StrCat(":", number, "\r\n"); }
std::string Array(const std::vector<std::string>& items) {
  return absl::StrCat("*", items.size(), "\r\n", absl::StrJoin(items, ""));
}

// Reads `bytes` and gives the reply to `from`.
template <typename From>
auto Read(const std::string& bytes, From from) {
  RespReader reader;
  reader.Feed(bytes);
  return from(**reader.Next());
}

std::vector<std::string> Settings(const std::vector<std::string>& names_and_values) {
  std::vector<std::string> items;
  for (const std::string& text : names_and_values) items.push_back(Bulk(text));
  std::vector<std::string> lines;
  const auto settings = Read(Array(items), SettingsFrom);
  if (!settings.has_value()) return {"none"};
  for (const Setting& setting : *settings) {
    lines.push_back(absl::StrCat(setting.name, "=", setting.value));
  }
  return lines;
}

TEST(Settings, AreSortedByName) {
  EXPECT_THAT(Settings({"save", "60 1", "maxmemory", "0"}),
              ElementsAre("maxmemory=0", "save=60 1"));
}

TEST(Settings, AnOlderNameIsLeftOutWhereTheNewerIsThere) {
  EXPECT_THAT(
      Settings({"slave-priority", "9", "replica-priority", "9", "hash-max-ziplist-value", "64",
                "lua-time-limit", "5", "busy-reply-threshold", "5", "masterauth", ""}),
      ElementsAre("busy-reply-threshold=5", "hash-max-ziplist-value=64",
                  "masterauth=", "replica-priority=9"));
}

TEST(Settings, WhomAReplicaFollowsIsNone) {
  EXPECT_THAT(Settings({"replicaof", "10.0.0.1 6379", "slaveof", "10.0.0.1 6379"}), IsEmpty());
}

TEST(Settings, NamesOfSecrets) {
  for (const char* const name :
       {"requirepass", "masterauth", "primaryauth", "masteruser", "primaryuser",
        "tls-key-file-pass", "tls-client-key-file-pass", "search-oss-global-password",
        "cloud-api-key", "some-secret", "auth-token", "new-passwd"}) {
    EXPECT_TRUE(IsSecretSetting(name)) << name;
  }
  for (const char* const name :
       {"tls-key-file", "tls-auth-clients", "notify-keyspace-events", "key-load-delay",
        "tracking-table-max-keys", "aclfile", "lazyfree-lazy-user-del", "hide-user-data-from-log",
        "rdb-key-save-delay", "maxmemory", "port"}) {
    EXPECT_FALSE(IsSecretSetting(name)) << name;
  }
}

TEST(Modules, OfInfoAndOfTheList) {
  const std::vector<Module> of_info =
      ModulesFrom({"name=vectorset,ver=1,api=1,filters=0,usedby=[],using=[],options=[a|b]"});
  ASSERT_EQ(of_info.size(), 1u);
  EXPECT_EQ(of_info[0].name, "vectorset");
  EXPECT_EQ(of_info[0].version, 1);
  const std::string list =
      Array({Array({Bulk("name"), Bulk("search"), Bulk("ver"), Number(20812), Bulk("path"),
                    Bulk("/x.so"), Bulk("args"), Array({Bulk("PASSWORD"), Bulk("s3cret")})})});
  const auto of_list = Read(list, [](Reply reply) { return ModulesFrom(reply); });
  ASSERT_TRUE(of_list.has_value());
  ASSERT_EQ(of_list->size(), 1u);
  EXPECT_EQ((*of_list)[0].name, "search");
  EXPECT_EQ((*of_list)[0].version, 20812);
}

TEST(Libraries, HaveTheirFunctionsAndTheHashOfTheirCode) {
  const std::string function = Array({Bulk("name"), Bulk("f1"), Bulk("description"), "$-1\r\n",
                                      Bulk("flags"), Array({"+no-writes\r\n"})});
  const std::string library =
      Array({Bulk("library_name"), Bulk("lib1"), Bulk("engine"), Bulk("LUA"), Bulk("functions"),
             Array({function}), Bulk("library_code"), Bulk("#!lua name=lib1")});
  const auto libraries = Read(Array({library}), LibrariesFrom);
  ASSERT_TRUE(libraries.has_value());
  ASSERT_EQ(libraries->size(), 1u);
  const Library& one = (*libraries)[0];
  EXPECT_EQ(one.name, "lib1");
  EXPECT_EQ(one.engine, "LUA");
  EXPECT_EQ(one.code_hash, ShapeHash(Sha256("#!lua name=lib1")).Hex());
  ASSERT_EQ(one.functions.size(), 1u);
  EXPECT_EQ(one.functions[0].name, "f1");
  EXPECT_EQ(one.functions[0].description, "");
  EXPECT_THAT(one.functions[0].flags, ElementsAre("no-writes"));
}

std::string Logged(int64_t id, int64_t duration_us, const std::vector<std::string>& arguments) {
  std::vector<std::string> items;
  for (const std::string& argument : arguments) items.push_back(Bulk(argument));
  return Array(
      {Number(id), Number(1), Number(duration_us), Array(items), Bulk("10.0.0.1:1"), Bulk("")});
}

TEST(SlowLog, CountsByCommandWithoutArguments) {
  const std::string answer =
      Array({Logged(9, 50, {"hgetall", "s3cret"}), Logged(8, 700, {"KEYS", "*"}),
             Logged(7, 90, {"HGETALL", "x"}), Logged(6, 10, {"b840fc02d52404", "x"})});
  const auto log = Read(answer, SlowLogFrom);
  ASSERT_TRUE(log.has_value());
  EXPECT_EQ(log->logged, 10);
  std::vector<std::string> lines;
  for (const SlowCommand& command : log->commands) {
    lines.push_back(absl::StrCat(command.name, " ", command.count, " ", command.slowest_us));
  }
  EXPECT_THAT(lines, ElementsAre("KEYS 1 700", "HGETALL 2 90", "(other) 1 10"));
}

TEST(Latency, NewerServersMayAddToAnEvent) {
  const auto events =
      Read(Array({Array({Bulk("fork"), Number(1), Number(3), Number(9)}),
                  Array({Bulk("command"), Number(1), Number(2), Number(4), Number(6), Number(2)})}),
           LatencyFrom);
  ASSERT_TRUE(events.has_value());
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ((*events)[0].name, "command");
  EXPECT_EQ((*events)[0].most_ms, 4);
  EXPECT_EQ((*events)[1].name, "fork");
  EXPECT_EQ((*events)[1].last_ms, 3);
}

TEST(ServerLists, AnAnswerOfAnotherFormIsNone) {
  for (const std::string& answer :
       {Number(1), Array({Number(1)}), Array({Array({Number(1)})}), Array({Bulk("a")}),
        Array({Array({Bulk("name")})}), Array({Array({})})}) {
    EXPECT_FALSE(Read(answer, SlowLogFrom).has_value()) << answer;
    EXPECT_FALSE(Read(answer, LatencyFrom).has_value()) << answer;
    EXPECT_FALSE(Read(answer, LibrariesFrom).has_value()) << answer;
    EXPECT_FALSE(Read(answer, [](Reply reply) { return ModulesFrom(reply); }).has_value())
        << answer;
    EXPECT_FALSE(Read(answer, SettingsFrom).has_value()) << answer;
  }
}

TEST(Clients, AreCountedWithoutAddresses) {
  const Redactor redactor(MaskKey{"test", std::string(32, 'k')});
  const ClientCounts clients = ClientsFrom(
      "id=1 addr=10.0.0.1:5 name=worker-1 flags=N user=app lib-name=redis-py lib-ver=5.0.1\n"
      "id=2 addr=10.0.0.2:5 name=worker-22 flags=P user=app lib-name=redis-py lib-ver=5.0.1\n"
      "id=3 addr=10.0.0.3:5 name= flags=S user=default lib-name= lib-ver=\n"
      "id=4 addr=10.0.0.3:5 name=ann@example.com flags=N user=de",
      redactor);
  EXPECT_THAT(clients.by_name, ElementsAre(Pair("worker-<int>", 2), Pair("(none)", 1)));
  EXPECT_THAT(clients.by_user, ElementsAre(Pair("app", 2), Pair("default", 1)));
  EXPECT_THAT(clients.by_library, ElementsAre(Pair("redis-py 5.0.1", 2), Pair("(none)", 1)));
  EXPECT_THAT(clients.by_kind,
              ElementsAre(Pair("normal", 1), Pair("pubsub", 1), Pair("replica", 1)));
}

TEST(CountedNames, NamesThatAreFewAreCountedTogether) {
  CountedNames names(2);
  for (const char* const name : {"a", "b", "b", "c", "c", "c", "d"}) names.Count(name);
  EXPECT_THAT(names.Most(), ElementsAre(Pair("c", 3), Pair("b", 2), Pair("(other)", 2)));
}

TEST(Replication, OfAPrimaryAndOfAReplica) {
  const Replication primary =
      ReplicationFrom(Info::Parse("role:master\r\nconnected_slaves:2\r\nslave_priority:100\r\n"
                                  "slave0:ip=10.0.0.3,port=6379,state=online,offset=14,lag=1\r\n"
                                  "slave1:ip=::1,port=6380,state=wait_bgsave,offset=0,lag=0\r\n"));
  EXPECT_EQ(primary.role, "master");
  EXPECT_EQ(primary.primary, "");
  ASSERT_EQ(primary.replicas.size(), 2u);
  EXPECT_EQ(primary.replicas[0].address, "10.0.0.3:6379");
  EXPECT_EQ(primary.replicas[0].offset, 14);
  EXPECT_EQ(primary.replicas[0].lag_seconds, 1);
  EXPECT_EQ(primary.replicas[1].address, "[::1]:6380");
  EXPECT_EQ(primary.replicas[1].state, "wait_bgsave");
  const Replication replica =
      ReplicationFrom(Info::Parse("role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\n"));
  EXPECT_EQ(replica.primary, "10.0.0.1:6379");
}

}  // namespace
}  // namespace varve::redis
