// A server that is not there, or goes away, leaves errors; what was read by then is kept.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/redis/redis_gathering.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A port that accepts connections, and whose owner says what a test wants.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) == 0 && ::listen(socket_, 8) == 0 &&
        ::getsockname(socket_, generic, &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
  }
  ~Listener() { Close(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int port() const { return port_; }
  void Close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  // Takes one client, answers its first bytes with `answer`, and hangs up.
  void AnswerOnce(const std::string& answer) const {
    const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    char buffer[4096];
    if (::recv(client, buffer, sizeof(buffer), 0) > 0) {
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    ::close(client);
  }
  // Takes one client, answers what it sends with one of `answers` after the other, and hangs up.
  void AnswerEach(const std::vector<std::string>& answers) const {
    const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    char buffer[4096];
    for (const std::string& answer : answers) {
      if (::recv(client, buffer, sizeof(buffer), 0) <= 0) break;
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    ::close(client);
  }

 private:
  int socket_;
  int port_ = 0;
};

RedisConfig ConfigFor(int port) {
  RedisConfig config;
  config.host = "127.0.0.1";
  config.port = port;
  return config;
}

std::string OnlyTrouble(const Section& section) {
  const std::vector<std::string> troubles = Troubles(section);
  return troubles.size() == 1 ? troubles[0] : absl::StrCat(troubles.size(), " troubles");
}

void ExpectUnavailable(const Section& section) {
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(section.lines, IsEmpty());
  EXPECT_THAT(section.coverage, IsEmpty());
  EXPECT_EQ(section.header.source_kind(), "redis");
}

TEST(RedisFailure, AReplicaThatNeverReachedItsPrimaryHasNotNothing) {
  RedisServerOptions options;
  options.config = {"replicaof 127.0.0.1 1"};
  const auto server = RedisServer::Start(options);
  VARVE_ASSERT_OK(server);
  const Section section = Gather(ConfigFor((*server)->port()));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(OnlyTrouble(section),
              AllOf(HasSubstr("this replica has no data, and no link to its primary"),
                    HasSubstr("read again when the server has loaded its data")));
}

TEST(RedisFailure, NobodyListens) {
  Listener listener;
  listener.Close();
  const Section section = Gather(ConfigFor(listener.port()));
  ExpectUnavailable(section);
  EXPECT_EQ(section.header.address(), absl::StrCat("127.0.0.1:", listener.port()));
  EXPECT_THAT(OnlyTrouble(section), AllOf(HasSubstr("connecting: Connection refused"),
                                          HasSubstr("see that a Redis server runs")));
}

TEST(RedisFailure, ASocketThatIsNotThere) {
  RedisConfig config;
  config.url = "unix:///nowhere/redis.sock";
  const Section section = Gather(config);
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr("No such file"));
}

TEST(RedisFailure, AUrlThatCannotBeRead) {
  RedisConfig config;
  config.url = "redis://:hunter2@h:abc";
  const Section section = Gather(config);
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), AllOf(HasSubstr("port"), Not(HasSubstr("hunter2"))));
}

TEST(RedisFailure, AServerThatSaysNothingIsGivenUp) {
  Listener listener;
  RedisConfig config = ConfigFor(listener.port());
  config.stall_limit = absl::Milliseconds(200);
  const Section section = Gather(config);
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr("no answer for 200ms"));
}

TEST(RedisFailure, TheDeadlineEndsTheWaitForAServerThatSaysNothing) {
  Listener listener;
  const Section section = Gather(ConfigFor(listener.port()), absl::Milliseconds(200));
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr("timed out"));
}

struct Stranger {
  const char* name;
  std::string answer;
  const char* trouble;
};
class RedisStrangerTest : public ::testing::TestWithParam<Stranger> {};

TEST_P(RedisStrangerTest, IsUnavailableAndSaysWhy) {
  Listener listener;
  std::thread answering([&] { listener.AnswerOnce(GetParam().answer); });
  const Section section = Gather(ConfigFor(listener.port()));
  answering.join();
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr(GetParam().trouble));
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisStrangerTest,
    ::testing::Values(
        Stranger{"WebServer", "HTTP/1.1 400 Bad Request\r\n\r\n", "not Redis protocol"},
        Stranger{"HungUp", "", "closed the connection"},
        Stranger{"HugeArray", "*1099511627776\r\n", "array of 1099511627776"},
        Stranger{"HugeText", "$1099511627776\r\n", "text of 1099511627776"},
        Stranger{"Protected", "-DENIED Redis is running in protected mode\r\n", "protected mode"},
        Stranger{"TooManyClients", "-ERR max number of clients reached\r\n", "maxclients"},
        Stranger{"NumberForInfo", ":1\r\n", "has not the form"}),
    [](const auto& info) { return info.param.name; });

// A proxy may do so, and still give the keys.
TEST(RedisFailure, AServerThatHangsUpOnAQuestionIsReadOn) {
  Listener listener;
  const std::string info = "redis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\n";
  const std::vector<std::string> answers = {absl::StrCat("$", info.size(), "\r\n", info, "\r\n"),
                                            "+OK\r\n"};
  std::thread answering([&] {
    listener.AnswerEach(answers);
    listener.AnswerEach(answers);  // who comes again
  });
  const Section section = Gather(ConfigFor(listener.port()));
  answering.join();
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_TRUE(IsSeen(section, {"redis_server", {"server"}}));
  EXPECT_THAT(OnlyTrouble(section),
              HasSubstr("warning: asking CONFIG GET, ACL LIST, MODULE LIST, FUNCTION LIST"));
  EXPECT_THAT(NotCaptured(section), Not(Contains(HasSubstr("key_pattern"))));
}

// Says that it is a node of a cluster, and then something odd of its shards.
class RedisStrangeClusterTest : public ::testing::TestWithParam<Stranger> {};

TEST_P(RedisStrangeClusterTest, IsUnavailableAndSaysWhy) {
  const std::string info = "redis_version:6.2.0\r\nredis_mode:cluster\r\nrole:master\r\n";
  Listener listener;
  std::thread answering([&] {
    listener.AnswerEach(
        {absl::StrCat("$", info.size(), "\r\n", info, "\r\n"), "+OK\r\n", GetParam().answer});
  });
  const Section section = Gather(ConfigFor(listener.port()));
  answering.join();
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr(GetParam().trouble));
}

INSTANTIATE_TEST_SUITE_P(
    All, RedisStrangeClusterTest,
    ::testing::Values(
        Stranger{"HugeArray", "*1099511627776\r\n", "array of 1099511627776"},
        Stranger{"HugeText", "*1\r\n$1099511627776\r\n", "text of 1099511627776"},
        Stranger{"Garbage", "shards\r\n", "not Redis protocol"},
        Stranger{"NoList", "+OK\r\n", "the server's answer to CLUSTER SHARDS has not the form"},
        Stranger{"SlotThatIsNone",
                 "*1\r\n*4\r\n$5\r\nslots\r\n*2\r\n:0\r\n:99999\r\n$5\r\nnodes\r\n*0\r\n",
                 "CLUSTER SHARDS has not the form"},
        Stranger{"HungUp", "", "closed the connection"}),
    [](const auto& info) { return info.param.name; });

class RedisFailureTest : public RedisServerTest {
 protected:
  // Enough for seconds at the gentle pace.
  void Fill() {
    std::vector<std::vector<std::string>> commands;
    for (int i = 0; i < 40'000; ++i) commands.push_back({"SET", absl::StrCat("k:", i), "v"});
    Run(commands);
    Run({{"SELECT", "3"}, {"SET", "other", "v"}});
  }
  // Gathers at the gentle pace, and does `then` when the scan is under way.
  template <typename Then>
  Section GatherUntil(absl::Duration time, absl::Duration stall_limit, Then then) {
    RedisConfig config = ConfigFor(server().port());
    config.pace = RedisPace::kGentle;
    config.stall_limit = stall_limit;
    Section section;
    std::thread gathering([&] { section = Gather(config, time); });
    while (CallsOf(server(), "scan") < 5) {
    }
    then();
    gathering.join();
    return section;
  }
  static void ExpectThatWhatWasReadIsKept(const Section& section) {
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
    EXPECT_EQ(section.measures->redis().total_keys(), 40'001u) << "the server said so before";
    const int64_t read = MeasureOf(section, Database(0), "keys_read").value_or(0);
    EXPECT_GT(read, 0);
    EXPECT_LT(read, 40'000);
    EXPECT_EQ(MeasureOf(section, Pattern(0, "k:<int>"), "keys"), read);
    EXPECT_GT(section.measures->redis().keys_size(), 0);
    EXPECT_TRUE(IsSeen(section, Database(3)));
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, RedisFailureTest, ::testing::ValuesIn(RedisPrograms()),
                         ProgramName);

TEST_P(RedisFailureTest, WrongPassword) {
  RedisServerOptions options;
  options.password = "right";
  Start(options);
  RedisConfig config = ConfigFor(server().port());
  config.password = "hunter2";
  const Section section = Gather(config);
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section),
              AllOf(HasSubstr("the user or the password is wrong"), HasSubstr("REDIS_PASSWORD")));
  EXPECT_THAT(EveryByte(section), Not(HasSubstr("hunter2")));
}

TEST_P(RedisFailureTest, NoPasswordWhereOneIsNeeded) {
  RedisServerOptions options;
  options.password = "right";
  Start(options);
  const Section section = Gather(ConfigFor(server().port()));
  ExpectUnavailable(section);
  EXPECT_THAT(OnlyTrouble(section),
              AllOf(HasSubstr("a password is needed"), HasSubstr("REDIS_PASSWORD")));
}

TEST_P(RedisFailureTest, TheRightPasswordOpens) {
  RedisServerOptions options;
  options.password = "right";
  Start(options);
  RedisConfig config = ConfigFor(server().port());
  config.password = "right";
  EXPECT_EQ(Gather(config).header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(RedisFailureTest, APasswordThatIsNotNeededIsAWarning) {
  RedisConfig config = ConfigFor(server().port());
  config.password = "hunter2";
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr("the server has no password"));
}

TEST_P(RedisFailureTest, KilledWhileItIsRead) {
  Fill();
  const Section section =
      GatherUntil(absl::InfiniteDuration(), absl::Seconds(10), [&] { server().Kill(); });
  ExpectThatWhatWasReadIsKept(section);
  EXPECT_THAT(Troubles(section),
              ElementsAre(AllOf(HasSubstr("reading the keys of database 0 (SCAN)"),
                                HasSubstr("closed the connection")),
                          HasSubstr("reading the keys of database 3 and those after it")));
  EXPECT_THAT(PatternLines(section), ElementsAre("0/k:<int>: unseen: failed"));
}

TEST_P(RedisFailureTest, StalledWhileItIsRead) {
  Fill();
  const Section section =
      GatherUntil(absl::InfiniteDuration(), absl::Milliseconds(500), [&] { server().Pause(); });
  ExpectThatWhatWasReadIsKept(section);
  EXPECT_THAT(Troubles(section)[0], HasSubstr("no answer for 500ms"));
}

TEST_P(RedisFailureTest, OutOfTimeWhileItIsRead) {
  Fill();
  const Section section =
      GatherUntil(absl::Seconds(3), absl::Seconds(60), [&] { server().Pause(); });
  ExpectThatWhatWasReadIsKept(section);
  EXPECT_THAT(Troubles(section), ElementsAre(AllOf(HasSubstr("reading the keys of database 0"),
                                                   HasSubstr("time that reading may take is over"),
                                                   HasSubstr("allow it more time")),
                                             HasSubstr("database 3 and those after it")));
  EXPECT_THAT(PatternLines(section), ElementsAre("0/k:<int>: unseen: capped"));
}

TEST_P(RedisFailureTest, ASentinelIsTold) {
  RedisServerOptions options;
  options.sentinel = true;
  Start(options);
  const Section section = Gather(ConfigFor(server().port()));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(OnlyTrouble(section), HasSubstr("this is a Sentinel"));
}

}  // namespace
}  // namespace varve::testing
