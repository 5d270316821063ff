// varve-agent and varve-collector as people run them: killed, stopped, started again.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/support/process.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::Duration kLong = absl::Minutes(2);   // nothing takes so long; a hang ends here
constexpr absl::Duration kSoon = absl::Seconds(10);  // "within seconds", on a machine under load

// Waits for what shows in files alone; false where it does not come.
bool Comes(const std::function<bool()>& what) {
  const absl::Time give_up = absl::Now() + kLong;
  while (!what()) {
    if (absl::Now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

class AgentProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // The collector's first start makes the token.
    StartCollector();
    StopCollector();
    WriteModels(3);
  }

  void StartCollector() {
    auto collector = Process::Start({ProgramPath("varve-collector"),
                                     {"--listen", address_, "--database", Path("varve.db")},
                                     {},
                                     ""});
    VARVE_ASSERT_OK(collector);
    collector_ = *std::move(collector);
    VARVE_ASSERT_OK(collector_->AwaitErr("collector ready", kLong));
  }
  void StopCollector() {
    collector_->Signal(SIGTERM);
    const auto exit = collector_->Wait(kLong);
    VARVE_ASSERT_OK(exit);
    EXPECT_EQ(*exit, (Exit{0, 0}));
  }
  void KillCollector() {
    collector_->Signal(SIGKILL);
    VARVE_ASSERT_OK(collector_->Wait(kLong));
  }

  // A module of so many models, which is read without running it: no Pydantic is needed. Another
  // `version` has other shapes throughout.
  void WriteModels(int count, int version = 0) {
    std::ofstream module(Path("shop.py"), std::ios::trunc);
    module << "from pydantic import BaseModel\n";
    for (int i = 0; i < count; ++i) {
      module << "class Model" << i << "(BaseModel):\n    field_" << version << "_" << i
             << ": int\n";
    }
    WriteConfig(
        "models: {name: app, python: /usr/bin/python3, static: true, modules: [shop], path: [" +
        folder_.path() + "]}");
  }
  void WriteConfig(const std::string& source) {
    std::ofstream(Path("agent.yaml"), std::ios::trunc)
        << "environment: prod\nschedule: 1s\ncollector: \"" << address_
        << "\"\nstate: " << Path("state") << "\ntoken_file: " << Path("varve.db.token")
        << "\nsources:\n  - " << source << "\n";
  }

  Command Agent(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--config", Path("agent.yaml")});
    return {ProgramPath("varve-agent"), std::move(arguments), {{"LC_ALL", "C.UTF-8"}}, ""};
  }
  // An agent that has ended, with what it said.
  Finished Ended(const std::vector<std::string>& arguments) const {
    auto done = RunToEnd(Agent(arguments), kLong);
    EXPECT_THAT(done, IsOk());
    return done.ok() ? *std::move(done) : Finished{};
  }

  std::string Path(const std::string& name) const { return folder_.Path(name); }

  // Ids of the snapshots in a folder of the state.
  std::vector<std::string> Ids(const std::string& folder) const {
    std::vector<std::string> ids;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(Path("state/" + folder), error)) {
      const std::string name = entry.path().filename().string();
      if (absl::EndsWith(name, ".snapshot")) ids.push_back(name.substr(11, 36));
    }
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  // Ids in the store, by number. The collector does not run.
  std::vector<std::string> StoredIds() const {
    std::vector<std::string> ids;
    const auto store = OpenSqliteStore(Path("varve.db"));
    EXPECT_THAT(store, IsOk());
    const auto rows = (*store)->Snapshots("prod", 0);
    EXPECT_THAT(rows, IsOk());
    for (const SnapshotRow& row : *rows) ids.push_back(row.header.snapshot_id());
    std::reverse(ids.begin(), ids.end());  // newest first, they come
    return ids;
  }

  // Starts one run and returns when its snapshot waits in the outbox: its delivery begins.
  std::unique_ptr<Process> StartDelivering() const {
    const size_t before = Ids("outbox").size() + Ids("sent").size();
    auto agent = Process::Start(Agent({"--once"}));
    EXPECT_THAT(agent, IsOk());
    EXPECT_TRUE(Comes([&] {
      return !(*agent)->running() || Ids("outbox").size() + Ids("sent").size() > before;
    }));
    return *std::move(agent);
  }

  const TemporaryFolder folder_;
  const std::string address_ = absl::StrCat("unix:", folder_.Path("collector.sock"));
  std::unique_ptr<Process> collector_;
};

TEST_F(AgentProgramTest, OnceWithTheCollectorAwayWaitsAndTheNextRunDeliversBothInOrder) {
  const Finished away = Ended({"--once"});
  EXPECT_EQ(away.exit, (Exit{2, 0}));
  EXPECT_EQ(away.out, "");
  EXPECT_THAT(away.err, HasSubstr("1 snapshot waits in the outbox"));
  ASSERT_EQ(Ids("outbox").size(), 1u);
  const std::string first = Ids("outbox")[0];

  StartCollector();
  const Finished back = Ended({"--once"});
  StopCollector();
  EXPECT_EQ(back.exit, (Exit{0, 0})) << back.err;
  const std::vector<std::string> lines = absl::StrSplit(back.out, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u) << back.out;
  EXPECT_THAT(lines[0], StartsWith("prod@1  "));
  EXPECT_THAT(lines[1], StartsWith("prod@2  "));
  EXPECT_THAT(lines[1], HasSubstr("✓ app"));
  ASSERT_EQ(StoredIds().size(), 2u);
  EXPECT_EQ(StoredIds()[0], first);
  EXPECT_THAT(Ids("outbox"), IsEmpty());
}

TEST_F(AgentProgramTest, ASourceThatFailsIsDeliveredAsMissingAndExitsWithThree) {
  WriteConfig("redis: {url: \"unix:///nowhere/redis.sock\"}");
  StartCollector();
  const Finished done = Ended({"--once"});
  StopCollector();
  EXPECT_EQ(done.exit, (Exit{3, 0}));
  EXPECT_THAT(done.out, HasSubstr("✗ redis (unavailable)"));
  EXPECT_THAT(done.err, StartsWith("varve-agent: redis: "));
  EXPECT_EQ(StoredIds().size(), 1u);
}

TEST_F(AgentProgramTest, AWrongTokenLeavesTheSnapshotWaiting) {
  StartCollector();
  std::ofstream(Path("other.token")) << "varve_agt_unknown\n";
  ASSERT_EQ(chmod(Path("other.token").c_str(), 0600), 0);
  const Finished refused = Ended({"--once", "--token-file", Path("other.token")});
  EXPECT_EQ(refused.exit, (Exit{2, 0}));
  EXPECT_THAT(refused.err, HasSubstr("--token-file"));
  EXPECT_THAT(refused.err, Not(HasSubstr("varve_agt_unknown")));
  EXPECT_EQ(Ids("outbox").size(), 1u);
}

TEST_F(AgentProgramTest, ATokenFileThatOthersMayReadIsRefused) {
  std::ofstream(Path("other.token")) << "varve_agt_unknown\n";
  ASSERT_EQ(chmod(Path("other.token").c_str(), 0640), 0);
  const Finished refused = Ended({"--once", "--token-file", Path("other.token")});
  EXPECT_EQ(refused.exit, (Exit{2, 0}));
  EXPECT_THAT(refused.err, HasSubstr("chmod 600 " + Path("other.token")));
  EXPECT_THAT(refused.err, Not(HasSubstr("varve_agt_unknown")));
}

TEST_F(AgentProgramTest, ATokenFileThatIsNotThereYetLeavesTheSnapshotWaiting) {
  const Finished early = Ended({"--once", "--token-file", Path("none.token")});
  EXPECT_EQ(early.exit, (Exit{2, 0}));
  EXPECT_THAT(early.err, StartsWith("varve-agent: token file " + Path("none.token")));
  EXPECT_EQ(Ids("outbox").size(), 1u);
}

// Delays of a fault after the moment it is aimed at: before, while and after the publish.
class Aim {
 public:
  Aim() { ::testing::Test::RecordProperty("seed", static_cast<int>(seed_)); }
  void Wait() { absl::SleepFor(absl::Microseconds(delay_us_(random_))); }

 private:
  const unsigned seed_ = std::random_device()();
  std::mt19937 random_{seed_};
  std::uniform_int_distribution<int> delay_us_{0, 60'000};
};

TEST_F(AgentProgramTest, KillingTheCollectorInMidPublishLosesAndDoublesNothing) {
  constexpr int kRounds = 8;
  Aim aim;
  for (int round = 0; round < kRounds; ++round) {
    WriteModels(400, round);
    StartCollector();
    const std::unique_ptr<Process> agent = StartDelivering();
    aim.Wait();
    KillCollector();
    VARVE_ASSERT_OK(agent->Wait(kLong));
  }
  StartCollector();
  const Finished last = Ended({"--once"});
  EXPECT_EQ(last.exit, (Exit{0, 0})) << last.err;
  StopCollector();
  std::vector<std::string> stored = StoredIds();
  EXPECT_EQ(stored.size(), kRounds + 1u);
  std::sort(stored.begin(), stored.end());
  EXPECT_EQ(stored, Ids("sent"));
  EXPECT_THAT(Ids("outbox"), IsEmpty());
  EXPECT_THAT(Ids("rejected"), IsEmpty());
}

TEST_F(AgentProgramTest, KillingTheAgentInMidDeliveryLosesAndDoublesNothing) {
  constexpr int kRounds = 8;
  StartCollector();
  Aim aim;
  for (int round = 0; round < kRounds; ++round) {
    WriteModels(400, round);
    const std::unique_ptr<Process> agent = StartDelivering();
    aim.Wait();
    agent->Signal(SIGKILL);
    VARVE_ASSERT_OK(agent->Wait(kLong));
  }
  const Finished last = Ended({"--once"});
  EXPECT_EQ(last.exit, (Exit{0, 0})) << last.err;
  StopCollector();
  std::vector<std::string> stored = StoredIds();
  EXPECT_EQ(stored.size(), kRounds + 1u);
  std::sort(stored.begin(), stored.end());
  EXPECT_EQ(stored, Ids("sent"));
  EXPECT_THAT(Ids("outbox"), IsEmpty());
}

TEST_F(AgentProgramTest, TheDaemonTakesASnapshotEachIntervalUntilItIsStopped) {
  StartCollector();
  const auto agent = Process::Start(Agent({}));
  VARVE_ASSERT_OK(agent);
  VARVE_ASSERT_OK((*agent)->AwaitErr("snapshot published environment=prod seq=3", kLong));
  const Finished second = Ended({"--once"});
  EXPECT_EQ(second.exit, (Exit{2, 0}));
  EXPECT_THAT(second.err, HasSubstr("in use by another agent"));
  const Finished check = Ended({"--check"});
  EXPECT_EQ(check.exit, (Exit{0, 0}));
  EXPECT_THAT(check.out, HasSubstr("in use by an agent that runs"));
  (*agent)->Signal(SIGTERM);
  const auto exit = (*agent)->Wait(kSoon);
  VARVE_ASSERT_OK(exit);
  EXPECT_EQ(*exit, (Exit{0, 0}));
  EXPECT_THAT((*agent)->err(), HasSubstr("agent stops"));
}

TEST_F(AgentProgramTest, TheDaemonDeliversWhenTheCollectorIsBack) {
  const auto agent = Process::Start(Agent({}));
  VARVE_ASSERT_OK(agent);
  VARVE_ASSERT_OK((*agent)->AwaitErr("snapshots wait in the outbox", kLong));
  StartCollector();
  VARVE_ASSERT_OK((*agent)->AwaitErr("snapshot published environment=prod seq=1", kLong));
}

TEST_F(AgentProgramTest, AStopInTheMiddleOfGatheringIsHeard) {
  std::ofstream(Path("hangs.py")) << "import time\nopen('" << Path("imported")
                                  << "', 'w').close()\ntime.sleep(600)\n";
  WriteConfig("models: {name: app, python: /usr/bin/python3, modules: [hangs], path: [" +
              folder_.path() + "]}");
  const auto agent = Process::Start(Agent({}));
  VARVE_ASSERT_OK(agent);
  ASSERT_TRUE(Comes([this] { return std::filesystem::exists(Path("imported")); }));
  (*agent)->Signal(SIGTERM);
  const auto exit = (*agent)->Wait(kSoon);
  VARVE_ASSERT_OK(exit);
  EXPECT_EQ(*exit, (Exit{0, 0}));
  EXPECT_THAT((*agent)->err(), HasSubstr("gathering given up"));
}

TEST_F(AgentProgramTest, AStopInTheMiddleOfACallThatNobodyAnswersIsHeard) {
  std::filesystem::remove(folder_.Path("collector.sock"));
  const int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  folder_.Path("collector.sock").copy(at.sun_path, sizeof at.sun_path - 1);
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(listen(silent, 1), 0);
  const auto agent = Process::Start(Agent({}));
  VARVE_ASSERT_OK(agent);
  const int connection = accept4(silent, nullptr, nullptr, SOCK_CLOEXEC);
  (*agent)->Signal(SIGTERM);
  const auto exit = (*agent)->Wait(kSoon);
  close(connection);
  close(silent);
  VARVE_ASSERT_OK(exit);
  EXPECT_EQ(*exit, (Exit{0, 0}));
  EXPECT_EQ(Ids("outbox").size(), 1u);
}

TEST_F(AgentProgramTest, CheckSaysThatAllIsReady) {
  StartCollector();
  const Finished done = Ended({"--check"});
  EXPECT_EQ(done.exit, (Exit{0, 0})) << done.err;
  EXPECT_THAT(done.out, StartsWith("prod: ready"));
  EXPECT_THAT(done.out, HasSubstr("✓ collector"));
  EXPECT_THAT(Ids("outbox"), IsEmpty());
}

TEST_F(AgentProgramTest, CheckNamesWhatIsNotReady) {
  const Finished done = Ended({"--check"});
  EXPECT_EQ(done.exit, (Exit{2, 0}));
  EXPECT_THAT(done.out, StartsWith("prod: not ready: collector\n"));
  EXPECT_THAT(done.out, HasSubstr("start it (varve-collector --database FILE)"));
}

TEST_F(AgentProgramTest, ADryRunPrintsWhatWouldLeaveAndSendsNothing) {
  StartCollector();
  const Finished done = Ended({"--dry-run"});
  StopCollector();
  EXPECT_EQ(done.exit, (Exit{0, 0})) << done.err;
  const nlohmann::json json = nlohmann::json::parse(done.out);
  EXPECT_EQ(json["header"]["environment"], "prod");
  EXPECT_FALSE(json["sections"][0]["lines"].empty());
  EXPECT_FALSE(json["sections"][0]["shapes"].empty());
  EXPECT_THAT(Ids("outbox"), IsEmpty());
  const auto store = OpenSqliteStore(Path("varve.db"));
  VARVE_ASSERT_OK(store);
  EXPECT_THAT(*(*store)->Environments(), IsEmpty());
}

TEST_F(AgentProgramTest, WhatCannotBeWrittenLeavesNoHalfFile) {
  ASSERT_EQ(Ended({"--once"}).exit, (Exit{2, 0}));  // the collector is away; the state is there now
  Command limited = Agent({"--once"});
  limited.arguments.insert(
      limited.arguments.begin(),
      {"-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", limited.program});
  limited.program = "/bin/sh";
  const auto done = RunToEnd(limited, kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{2, 0}));
  EXPECT_THAT(done->err, HasSubstr("File too large"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(Path("state/outbox")),
                          std::filesystem::directory_iterator()),
            1);
}

TEST_F(AgentProgramTest, AFullStdoutIsTrouble) {
  StartCollector();
  Command full = Agent({"--once"});
  full.arguments.insert(full.arguments.begin(),
                        {"-c", "exec \"$0\" \"$@\" >/dev/full", full.program});
  full.program = "/bin/sh";
  const auto done = RunToEnd(full, kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{2, 0}));
  EXPECT_THAT(done->err, HasSubstr("stdout"));
}

struct BadInput {
  const char* name;
  std::vector<std::string> arguments;
  const char* words;
};
class AgentRefusalTest : public ::testing::TestWithParam<BadInput> {};

TEST_P(AgentRefusalTest, IsOneClearLineAndExitTwo) {
  const TemporaryFolder folder;
  std::ofstream(folder.Path("unknown.yaml")) << "environment: prod\nsedule: 1h\n";
  const auto done =
      RunToEnd({ProgramPath("varve-agent"), GetParam().arguments, {}, folder.path()}, kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{2, 0}));
  EXPECT_EQ(done->out, "");
  EXPECT_THAT(done->err, StartsWith("varve-agent: "));
  EXPECT_THAT(done->err, HasSubstr(GetParam().words));
  EXPECT_EQ(std::count(done->err.begin(), done->err.end(), '\n'), 1) << done->err;
}

INSTANTIATE_TEST_SUITE_P(
    All, AgentRefusalTest,
    ::testing::Values(
        BadInput{"UnknownFlag", {"--bogus"}, "--bogus"},
        BadInput{"NoEnvironment", {}, "give --environment NAME"},
        BadInput{"OddEnvironment", {"--environment", "../etc"}, "write for example prod-eu"},
        BadInput{"NoSuchConfig", {"--config", "none.yaml"}, "none.yaml"},
        BadInput{"UnknownKey", {"--config", "unknown.yaml"}, "unknown.yaml:2: unknown key"},
        BadInput{"NoSuchTokenFile",
                 {"--environment", "prod", "--token-file", "none.token", "--state", "state"},
                 "none.token"},
        BadInput{"NoSuchCa",
                 {"--environment", "prod", "--ca", "none.pem", "--state", "state"},
                 "none.pem"},
        BadInput{"PlaintextBeyondLoopback",
                 {"--environment", "prod", "--collector", "collector.internal:7447"},
                 "VARVE_CA"},
        BadInput{"StateThatCannotBeMade",
                 {"--environment", "prod", "--state", "/proc/none/state", "--once"},
                 "give --state"},
        BadInput{"TwoModes",
                 {"--environment", "prod", "--once", "--check"},
                 "one of --once, --check and --dry-run"}),
    [](const auto& info) { return info.param.name; });

struct GoodAnswer {
  const char* name;
  const char* flag;
  const char* words;
};
class AgentAnswerTest : public ::testing::TestWithParam<GoodAnswer> {};

TEST_P(AgentAnswerTest, IsOnStdoutAndExitZero) {
  const auto done = RunToEnd({ProgramPath("varve-agent"), {GetParam().flag}, {}, ""}, kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{0, 0}));
  EXPECT_THAT(done->out, HasSubstr(GetParam().words));
  EXPECT_EQ(done->err, "");
}

INSTANTIATE_TEST_SUITE_P(All, AgentAnswerTest,
                         ::testing::Values(GoodAnswer{"Help", "--help", "examples:"},
                                           GoodAnswer{"Version", "--version", "varve-agent "}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::testing
