#include "agent/source/redis/server_load.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

// A server of which others ask `others` commands a second, and we `own`.
class Server {
 public:
  explicit Server(double most) : watch_(most, Load(), 0) {}

  double Second(int64_t others, int64_t own, double busy = 0.5) {
    at_ += absl::Seconds(1);
    commands_ += others + own;
    own_ += own;
    cpu_ += absl::Seconds(busy);
    ServerLoad load = Load();
    load.blocked_clients = blocked_;
    load.is_busy_with_itself = is_saving_;
    return watch_.Judge(load, own_);
  }
  const LoadWatch& watch() const { return watch_; }
  void Block(int64_t clients) { blocked_ = clients; }
  void Save(bool is_saving) { is_saving_ = is_saving; }

 private:
  ServerLoad Load() const {
    ServerLoad load;
    load.at = at_;
    load.commands = commands_;
    load.main_cpu = cpu_;
    return load;
  }

  absl::Time at_ = absl::UnixEpoch();
  int64_t commands_ = 0;
  int64_t own_ = 0;
  absl::Duration cpu_;
  int64_t blocked_ = 0;
  bool is_saving_ = false;
  LoadWatch watch_;
};

TEST(LoadWatch, AllIsWellWhileOthersAreServedAsBefore) {
  Server server(0.5);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(server.Second(2000, 100'000), 0.5);
}

TEST(LoadWatch, YieldsByHalfWhereOthersAreServedLess) {
  Server server(0.5);
  for (int i = 0; i < 5; ++i) server.Second(2000, 100'000);
  EXPECT_EQ(server.Second(1000, 100'000), 0.25);
  EXPECT_EQ(server.Second(900, 100'000), 0.125);
}

TEST(LoadWatch, OurOwnCommandsAreNotOthers) {
  Server server(0.5);
  for (int i = 0; i < 5; ++i) server.Second(2000, 400'000);
  EXPECT_EQ(server.Second(2000, 1000), 0.5);
}

TEST(LoadWatch, ComesBackSlowlyAndToNoMoreThanBefore) {
  Server server(0.5);
  for (int i = 0; i < 5; ++i) server.Second(2000, 0);
  server.Second(100, 0);
  EXPECT_EQ(server.Second(2000, 0), 0.35);
  for (int i = 0; i < 20; ++i) server.Second(2000, 0);
  EXPECT_EQ(server.Second(2000, 0), 0.5);
}

TEST(LoadWatch, WhoAsksLessForGoodIsNoReasonForLong) {
  Server server(0.5);
  for (int i = 0; i < 5; ++i) server.Second(2000, 0);
  for (int i = 0; i < 30; ++i) server.Second(500, 0);
  EXPECT_EQ(server.Second(500, 0), 0.5);
}

TEST(LoadWatch, ABusyThreadCountsWhereSomebodyWaits) {
  Server alone(0.9);
  Server shared(0.9);
  for (int i = 0; i < 5; ++i) {
    alone.Second(1, 200'000, 0.95);
    shared.Second(5000, 200'000, 0.95);
  }
  EXPECT_EQ(alone.Second(1, 200'000, 0.95), 0.9);
  EXPECT_LT(shared.Second(5000, 200'000, 0.95), 0.1);
}

TEST(LoadWatch, WorkersThatWaitInBlpopAreNoReasonAndManyMoreAre) {
  Server server(0.5);
  server.Block(100);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(server.Second(50, 0), 0.5);
  server.Block(200);
  EXPECT_EQ(server.Second(50, 0), 0.25);
}

TEST(LoadWatch, AServerThatIsBusyWithItselfIsReadGently) {
  Server server(0.9);
  server.Save(true);
  EXPECT_EQ(server.Second(0, 0), 0.1);
  server.Save(false);
  EXPECT_GT(server.Second(0, 0), 0.1);
}

TEST(LoadWatch, IsAloneUntilOthersAsk) {
  ServerLoad before;
  before.commands_per_s = 500;
  EXPECT_FALSE(LoadWatch(0.5, before, 0).is_alone());
  Server server(0.5);
  EXPECT_TRUE(server.watch().is_alone());
  server.Second(2, 100'000);
  EXPECT_TRUE(server.watch().is_alone());
  server.Second(1000, 100'000);
  EXPECT_FALSE(server.watch().is_alone());
}

TEST(LoadWatch, NeverStops) {
  Server server(0.5);
  for (int i = 0; i < 50; ++i) server.Second(1'000'000 >> std::min(i, 19), 0, 1);
  EXPECT_GE(server.Second(0, 0, 1), 0.05);
}

struct SignCase {
  const char* name;
  const char* info;
};
class ServerSignTest : public ::testing::TestWithParam<SignCase> {};

TEST_P(ServerSignTest, SaysThatTheServerIsBusyWithItself) {
  EXPECT_TRUE(LoadOf(Info::Parse(GetParam().info), absl::UnixEpoch()).is_busy_with_itself);
}
INSTANTIATE_TEST_SUITE_P(
    All, ServerSignTest,
    ::testing::Values(SignCase{"Loading", "loading:1\r\n"},
                      SignCase{"Saving", "rdb_bgsave_in_progress:1\r\n"},
                      SignCase{"Rewriting", "aof_rewrite_in_progress:1\r\n"},
                      SignCase{"Syncing", "role:slave\r\nmaster_sync_in_progress:1\r\n"},
                      SignCase{"NoPrimary", "role:slave\r\nmaster_link_status:down\r\n"}),
    [](const auto& info) { return info.param.name; });

TEST(ServerLoad, IsTakenFromInfo) {
  const ServerLoad load =
      LoadOf(Info::Parse("total_commands_processed:17\r\nblocked_clients:3\r\nrole:master\r\n"
                         "used_cpu_user_main_thread:1.5\r\nused_cpu_sys_main_thread:0.25\r\n"),
             absl::UnixEpoch());
  EXPECT_EQ(load.commands, 17);
  EXPECT_EQ(load.blocked_clients, 3);
  EXPECT_EQ(load.main_cpu, absl::Milliseconds(1750));
  EXPECT_FALSE(load.is_busy_with_itself);
}

}  // namespace
}  // namespace varve::redis
