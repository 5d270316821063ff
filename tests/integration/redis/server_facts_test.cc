// What a section says of the server itself is what the server says.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/info.h"
#include "snapshot/hash.h"
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
using ::testing::UnorderedElementsAre;

const EntityKey kServer = {"redis_server", {"server"}};

class RedisServerFactsTest : public RedisServerTest {
 protected:
  // 0 where INFO has no such field.
  int64_t InfoNumber(const std::string& field) {
    return redis::Info::Parse(*server().Command({"INFO"})).Number(field).value_or(0);
  }
  int MajorVersion() {
    int major = 0;
    const std::string version = redis::Info::Parse(*server().Command({"INFO"})).Version();
    return absl::SimpleAtoi(version.substr(0, version.find('.')), &major) ? major : 0;
  }
  bool IsValkey() { return redis::Info::Parse(*server().Command({"INFO"})).Product() == "valkey"; }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisServerFactsTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

// The shape of a facet; empty where it was not seen.
v1::Shape ShapeOf(const Section& section, const EntityKey& key, v1::Facet facet) {
  const ReadLine* const line = FindLine(section, {key, facet});
  if (line == nullptr || !line->line.seen.has_value()) return {};
  return *DecodeShape(section, line->line.seen->shape);
}

std::vector<std::string> NamesOf(const Section& section, const std::string& kind) {
  std::vector<std::string> names;
  for (const ReadLine& line : section.lines) {
    if (line.line.key.entity.kind == kind) names.push_back(line.line.key.entity.names[0]);
  }
  return names;
}

TEST_P(RedisServerFactsTest, EverySettingIsAsConfigGetSays) {
  Run({{"CONFIG", "SET", "maxmemory", "100mb"},
       {"CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"},
       {"CONFIG", "SET", "notify-keyspace-events", "Ex"}});
  const Section section = Gather(server());
  const std::vector<std::string> names = NamesOf(section, "redis_setting");
  EXPECT_GT(names.size(), 100u);
  for (const std::string& name : names) {
    const std::vector<std::string> answer =
        absl::StrSplit(*server().Command({"CONFIG", "GET", name}), absl::MaxSplits('\n', 1));
    ASSERT_EQ(answer.size(), 2u) << name;
    EXPECT_EQ(
        ShapeOf(section, {"redis_setting", {name}}, v1::FACET_OPTIONS).redis_setting().value(),
        answer[1])
        << name;
  }
  const auto value = [&](const std::string& name) {
    return ShapeOf(section, {"redis_setting", {name}}, v1::FACET_OPTIONS).redis_setting().value();
  };
  EXPECT_EQ(value("maxmemory"), "104857600");
  EXPECT_EQ(value("maxmemory-policy"), "allkeys-lfu");
  EXPECT_THAT(names, Not(Contains(StartsWith("slave"))));
  EXPECT_THAT(names, Not(Contains("replicaof")));
}

TEST_P(RedisServerFactsTest, UsersHaveTheirRulesAndNoHashes) {
  Run({{"ACL", "SETUSER", "app", "on", ">s3cret", ">other", "~app:*", "-@all", "+set", "+get"}});
  const Section section = Gather(server());
  EXPECT_THAT(NamesOf(section, "redis_user"), UnorderedElementsAre("app", "default"));
  const v1::RedisUserAccess app =
      ShapeOf(section, {"redis_user", {"app"}}, v1::FACET_ACCESS).redis_user();
  EXPECT_TRUE(app.enabled());
  EXPECT_FALSE(app.no_password());
  EXPECT_EQ(app.passwords(), 2u);
  EXPECT_THAT(app.keys(), ElementsAre("~app:*"));
  EXPECT_THAT(app.commands(), ElementsAre("-@all", "+get", "+set"));
  EXPECT_THAT(app.selectors(), IsEmpty());
  const v1::RedisUserAccess everybody =
      ShapeOf(section, {"redis_user", {"default"}}, v1::FACET_ACCESS).redis_user();
  EXPECT_TRUE(everybody.no_password());
  EXPECT_THAT(everybody.keys(), ElementsAre("~*"));
  EXPECT_THAT(everybody.commands(), ElementsAre("+@all"));
}

TEST_P(RedisServerFactsTest, SelectorsAndChannelsOfAUser) {
  if (MajorVersion() < 7) GTEST_SKIP() << "older than selectors";
  Run({{"ACL", "SETUSER", "app", "off", "%R~app:*", "resetchannels", "&news.*", "+@all",
        "(+get ~other:*)"}});
  const v1::RedisUserAccess app =
      ShapeOf(Gather(server()), {"redis_user", {"app"}}, v1::FACET_ACCESS).redis_user();
  EXPECT_FALSE(app.enabled());
  EXPECT_THAT(app.keys(), ElementsAre("%R~app:*"));
  EXPECT_THAT(app.channels(), ElementsAre("&news.*"));
  EXPECT_THAT(app.selectors(), ElementsAre("(~other:* resetchannels -@all +get)"));
}

constexpr char kLibrary[] =
    "#!lua name=counters\n"
    "redis.register_function{function_name='add', description='adds', flags={'no-writes'},\n"
    "  callback=function(keys, args) return 's3cret' end}";

TEST_P(RedisServerFactsTest, LibrariesHaveTheirFunctionsAndAHashOfTheirCode) {
  if (MajorVersion() < 7) GTEST_SKIP() << "older than functions";
  Run({{"FUNCTION", "LOAD", kLibrary}});
  const Section section = Gather(server());
  const v1::RedisLibraryStructure library =
      ShapeOf(section, {"redis_library", {"counters"}}, v1::FACET_STRUCTURE).redis_library();
  EXPECT_EQ(library.engine(), "LUA");
  EXPECT_EQ(library.code_hash(), ShapeHash(Sha256(kLibrary)).Hex());
  ASSERT_EQ(library.functions_size(), 1);
  EXPECT_EQ(library.functions(0).name(), "add");
  EXPECT_EQ(library.functions(0).description(), "adds");
  EXPECT_THAT(library.functions(0).flags(), ElementsAre("no-writes"));
  EXPECT_THAT(EveryByte(section), Not(HasSubstr("s3cret")));
}

TEST_P(RedisServerFactsTest, ModulesAreThoseThatTheServerHas) {
  const bool has_vector_sets = MajorVersion() >= 8 && !IsValkey();
  const Section section = Gather(server());
  if (!has_vector_sets) {
    EXPECT_THAT(NamesOf(section, "redis_module"), IsEmpty());
    return;
  }
  EXPECT_THAT(NamesOf(section, "redis_module"), ElementsAre("vectorset"));
  EXPECT_EQ(ShapeOf(section, {"redis_module", {"vectorset"}}, v1::FACET_STRUCTURE)
                .redis_module()
                .version(),
            1);
  // Without INFO the list says the same.
  Run({{"ACL", "SETUSER", "varve", "on", ">pw", "~*", "+@all", "-info"}});
  EXPECT_THAT(NamesOf(Gather(ConfigAsVarve(server())), "redis_module"), ElementsAre("vectorset"));
}

TEST_P(RedisServerFactsTest, APrimaryAndItsReplicaSayWhoFollowsWhom) {
  RedisServerOptions options;
  options.command = GetParam().command;
  options.config = {absl::StrCat("replicaof 127.0.0.1 ", server().port()), "repl-diskless-sync no"};
  const absl::StatusOr<std::unique_ptr<RedisServer>> replica =
      RedisServer::Start(std::move(options));
  VARVE_ASSERT_OK(replica);
  while (InfoNumber("connected_slaves") == 0 ||
         !absl::StrContains(*server().Command({"INFO", "replication"}), "state=online")) {
  }
  const Section of_primary = Gather(server());
  const v1::RedisServerState primary =
      ShapeOf(of_primary, kServer, v1::FACET_STATE).redis_server_state();
  const std::string address = absl::StrCat("127.0.0.1:", (*replica)->port());
  EXPECT_EQ(primary.role(), "master");
  ASSERT_EQ(primary.replicas_size(), 1);
  EXPECT_EQ(primary.replicas(0).address(), address);
  EXPECT_EQ(primary.replicas(0).state(), "online");
  EXPECT_GE(MeasureOf(of_primary, kServer, "replica_offset", address).value_or(-1), 0);
  EXPECT_GE(MeasureOf(of_primary, kServer, "replica_behind_bytes", address).value_or(-1), 0);
  const v1::RedisServerState follower =
      ShapeOf(Gather(**replica), kServer, v1::FACET_STATE).redis_server_state();
  EXPECT_EQ(follower.role(), "slave");
  EXPECT_EQ(follower.primary(), absl::StrCat("127.0.0.1:", server().port()));
  EXPECT_EQ(follower.replicas_size(), 0);
}

TEST_P(RedisServerFactsTest, FiguresAreThoseOfInfoBeforeKeysAreRead) {
  std::vector<std::vector<std::string>> sets;
  for (int i = 0; i < 100; ++i) sets.push_back({"SET", absl::StrCat("k:", i), "v"});
  Run(sets);
  Run({{"GET", "k:1"}, {"GET", "none"}});
  const int64_t hits = InfoNumber("keyspace_hits");
  const Section section = Gather(server());
  EXPECT_EQ(MeasureOf(section, kServer, "keyspace_hits"), hits);
  EXPECT_EQ(MeasureOf(section, kServer, "keyspace_misses"), 1);
  EXPECT_EQ(MeasureOf(section, kServer, "rdb_changes_since_last_save"), 100);
  for (const char* const measure :
       {"used_memory_rss", "used_cpu_user_ms", "used_cpu_sys_ms", "total_commands_processed",
        "uptime_in_seconds", "master_repl_offset", "pubsub_channels"}) {
    EXPECT_GE(MeasureOf(section, kServer, measure).value_or(-1), 0) << measure;
  }
}

TEST_P(RedisServerFactsTest, HowOldTheLastSaveIs) {
  const Section section = Gather(server());
  const bool tells_time = InfoNumber("server_time_usec") > 0;
  EXPECT_EQ(MeasureOf(section, kServer, "rdb_last_save_age_seconds").has_value(), tells_time);
}

TEST_P(RedisServerFactsTest, ClientsAreCountedByUserAndName) {
  Run({{"CLIENT", "SETNAME", "worker-17"}});
  const Section section = Gather(server());
  EXPECT_EQ(MeasureOf(section, kServer, "clients_of_name", "worker-<int>"), 1);
  EXPECT_EQ(MeasureOf(section, kServer, "clients_of_user", "default"), 2);
  EXPECT_EQ(MeasureOf(section, kServer, "clients_of_kind", "normal"), 2);
}

TEST_P(RedisServerFactsTest, VeryManyClientsAreNotListed) {
  redis::Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = server().port();
  std::vector<redis::Connection> clients;
  for (int i = 0; i < 501; ++i) {
    absl::StatusOr<redis::Connection> client = redis::Connection::Open(endpoint, {});
    VARVE_ASSERT_OK(client);
    VARVE_ASSERT_OK(client->Command({"PING"}).status());
    clients.push_back(*std::move(client));
  }
  const Section section = Gather(server());
  EXPECT_GT(MeasureOf(section, kServer, "connected_clients").value_or(0), 500);
  EXPECT_EQ(MeasureOf(section, kServer, "clients_of_user", "default"), std::nullopt);
  EXPECT_THAT(NotCaptured(section), ElementsAre(StartsWith("redis_server [CLIENT LIST] excluded")));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(RedisServerFactsTest, SlowCommandsAreCountedWithoutArguments) {
  Run({{"SET", "s3cret", "s3cret"}, {"CONFIG", "SET", "slowlog-log-slower-than", "0"}});
  Run({{"GET", "s3cret"}, {"GET", "s3cret"}, {"CONFIG", "SET", "slowlog-log-slower-than", "-1"}});
  RedisConfig config = ConfigFor(server());
  config.depth = RedisDepth::kNames;
  config.key_list_cap = 0;
  const Section section = Gather(config);
  EXPECT_EQ(MeasureOf(section, kServer, "slow_commands", "GET"), 2);
  EXPECT_GE(MeasureOf(section, kServer, "slowest_us", "GET").value_or(-1), 0);
  EXPECT_GE(MeasureOf(section, kServer, "slow_commands_logged").value_or(-1), 2);
}

TEST_P(RedisServerFactsTest, EventsOfTheLatencyMonitorAreTold) {
  Run({{"CONFIG", "SET", "latency-monitor-threshold", "1"},
       {"EVAL", "for i = 1, 3000000 do end", "0"}});
  if (server().Command({"LATENCY", "LATEST"})->empty()) GTEST_SKIP() << "too fast to be slow";
  const Section section = Gather(server());
  EXPECT_GE(MeasureOf(section, kServer, "latency_most_ms", "command").value_or(-1), 1);
}

TEST_P(RedisServerFactsTest, ErrorRepliesAreCountedByCode) {
  EXPECT_FALSE(server().Command({"NOSUCH"}).ok());
  const Section section = Gather(server());
  if (!absl::StrContains(*server().Command({"INFO"}), "errorstat_")) {
    GTEST_SKIP() << "the server counts none";
  }
  EXPECT_EQ(MeasureOf(section, kServer, "error_replies", "ERR"), 1);
}

// Each command that may be denied: what it costs, and what grants it.
struct Denial {
  const char* denied;
  const char* command;
  const char* grant;
  const char* not_captured;
  int since;  // major version that has the command
};
constexpr Denial kDenials[] = {
    {"-config", "CONFIG GET", "+config|get", "redis_setting []", 6},
    {"-acl", "ACL LIST", "+acl|list", "redis_user []", 6},
    {"-function", "FUNCTION LIST", "+function|list", "redis_library []", 7},
    {"-client", "CLIENT LIST", "+client|list", "redis_server [CLIENT LIST]", 6},
    {"-slowlog", "SLOWLOG GET", "+slowlog|get", "redis_server [SLOWLOG GET]", 6},
    {"-latency", "LATENCY LATEST", "+latency|latest", "redis_server [LATENCY LATEST]", 6}};

TEST_P(RedisServerFactsTest, ADeniedCommandLowersItsOwnCoverageAndTellsItsGrant) {
  for (const Denial& denial : kDenials) {
    if (MajorVersion() < denial.since) continue;
    SCOPED_TRACE(denial.command);
    Run({{"ACL", "SETUSER", "varve", "reset", "on", ">pw", "~*", "+@all", denial.denied}});
    const Section section = Gather(ConfigAsVarve(server()));
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
    EXPECT_THAT(Troubles(section),
                ElementsAre(absl::StrCat("warning: asking ", denial.command,
                                         ": the ACL does not permit it (NOPERM); ACL SETUSER "
                                         "varve ",
                                         denial.grant)));
    EXPECT_THAT(NotCaptured(section),
                ElementsAre(StartsWith(absl::StrCat(denial.not_captured, " not permitted"))));
    Run({{"ACL", "SETUSER", "varve", denial.grant}});
    EXPECT_EQ(Gather(ConfigAsVarve(server())).header.status(), v1::SECTION_STATUS_COMPLETE);
  }
}

TEST_P(RedisServerFactsTest, ACommandThatIsDeniedIsAskedOnce) {
  Run({{"ACL", "SETUSER", "varve", "reset", "on", ">pw", "~*", "+@all", "-config", "-slowlog"}});
  Run({{"CONFIG", "RESETSTAT"}});
  Gather(ConfigAsVarve(server()));
  const std::string stats = *server().Command({"INFO", "commandstats"});
  if (!absl::StrContains(stats, "rejected_calls")) GTEST_SKIP() << "the server counts none";
  const std::vector<std::string> lines = absl::StrSplit(stats, '\n');
  EXPECT_THAT(lines, Contains(AllOf(StartsWith("cmdstat_slowlog"), HasSubstr("rejected_calls=1"))));
}

TEST_P(RedisServerFactsTest, CommandsThatWereRenamedAwayAreNotSupported) {
  RedisServerOptions options;
  options.config = {"rename-command CONFIG \"\"", "rename-command ACL \"\""};
  Start(options);
  Run({{"SET", "doc:1", "v"}});
  const Section section = Gather(server());
  EXPECT_EQ(PatternLines(section).size(), 1u);
  EXPECT_THAT(Troubles(section),
              ElementsAre(StartsWith("warning: asking CONFIG GET, ACL LIST: the server has no such "
                                     "command; where the server's configuration renames")));
  EXPECT_THAT(NotCaptured(section),
              UnorderedElementsAre(StartsWith("redis_setting [] not supported"),
                                   StartsWith("redis_user [] not supported")));
}

TEST_P(RedisServerFactsTest, NoSecretLeaves) {
  RedisServerOptions options;
  options.password = "s3cret-of-all";
  options.config = {"masterauth s3cret-of-primary", "masteruser s3cret-user"};
  Start(options);
  Run({{"ACL", "SETUSER", "app", "on", ">s3cret-app", "~*", "+@all"}});
  RedisConfig config = ConfigFor(server());
  config.password = "s3cret-of-all";
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  const std::string bytes = EveryByte(section);
  EXPECT_THAT(bytes, Not(HasSubstr("s3cret")));
  const std::vector<std::string> words =
      absl::StrSplit(*server().Command({"ACL", "LIST"}), absl::ByAnyChar(" \n"));
  int hashes = 0;
  for (const std::string& word : words) {
    if (!absl::StartsWith(word, "#")) continue;
    ++hashes;
    EXPECT_THAT(bytes, Not(HasSubstr(word.substr(1, 16))));
  }
  EXPECT_EQ(hashes, 2);
  int masked = 0;
  for (const std::string& name : NamesOf(section, "redis_setting")) {
    const EntityKey key = {"redis_setting", {name}};
    masked += ShapeOf(section, key, v1::FACET_OPTIONS).redis_setting().value() == kMasked ? 1 : 0;
  }
  EXPECT_EQ(masked, 3);
}

}  // namespace
}  // namespace varve::testing
