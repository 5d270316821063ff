// A collector that is killed at any moment: every commit that it acknowledged is there when its
// database is opened again. What a kill cannot show, a disk that had not yet written, is in
// tests/unit/storage/sqlite/disk_test.cc.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/unit/storage/pending_builder.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {
namespace {

constexpr int kAgents = 4;

std::string EnvironmentOf(int agent) { return absl::StrCat("env-", agent); }

// What the snapshot of that id holds.
TestSection SectionOf(const std::string& id) {
  return TestSection("postgres")
      .Cover("table", v1::FACET_STRUCTURE)
      .See(Table("steady"), "s")
      .See(Table("moving"), id);
}

// An agent of the killed process: commits, and tells each acknowledgement, until it is killed.
void CommitForEver(SnapshotStore& store, int round, int agent, int tell) {
  for (int n = 0;; ++n) {
    const std::string id = absl::StrCat(round, "-", n);
    const auto committed = store.Commit(Publish(EnvironmentOf(agent), id).Whole(SectionOf(id)));
    if (!committed.ok()) _exit(1);
    // One write of less than PIPE_BUF bytes: lines of several threads do not mix.
    const std::string line = absl::StrCat(agent, " ", committed->seq, " ", id, "\n");
    if (write(tell, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
  }
}

[[noreturn]] void BeCollector(const std::string& path, int round, int tell) {
  const auto store = OpenSqliteStore(path);
  if (!store.ok()) _exit(1);
  std::vector<std::thread> agents;
  for (int agent = 0; agent < kAgents; ++agent) {
    agents.emplace_back([&, agent] { CommitForEver(**store, round, agent, tell); });
  }
  for (std::thread& agent : agents) agent.join();
  _exit(1);
}

struct Acknowledged {
  int agent = 0;
  int64_t seq = 0;
  std::string id;
};

// Runs a collector until it has acknowledged `wanted` commits, kills it, and returns all that it
// acknowledged.
std::vector<Acknowledged> RunAndKill(const std::string& path, int round, int wanted) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t collector = fork();
  if (collector == 0) {
    close(ends[0]);
    BeCollector(path, round, ends[1]);
  }
  close(ends[1]);
  FILE* const told = fdopen(ends[0], "r");
  std::vector<Acknowledged> acknowledged;
  int agent = 0;
  long long seq = 0;
  char id[32];
  while (std::fscanf(told, "%d %lld %31s", &agent, &seq, id) == 3) {
    acknowledged.push_back({agent, seq, id});
    if (static_cast<int>(acknowledged.size()) == wanted) kill(collector, SIGKILL);
  }
  std::fclose(told);
  int status = 0;
  waitpid(collector, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it ended by itself";
  return acknowledged;
}

// Each environment's numbers are whole, and each snapshot holds what its id says.
void ExpectWhole(const SnapshotStore& store, const std::string& environment) {
  const auto rows = store.Snapshots(environment, 0);
  VARVE_ASSERT_OK(rows);
  auto expected = static_cast<int64_t>(rows->size());
  for (const SnapshotRow& row : *rows) {
    ASSERT_EQ(row.seq, expected--);
    const auto snapshot = LoadSnapshot(store, environment, row.seq);
    VARVE_ASSERT_OK(snapshot);
    std::vector<Line> lines;
    for (const ReadLine& line : snapshot->sections[0].lines) lines.push_back(line.line);
    ASSERT_EQ(lines, SectionOf(row.header.snapshot_id()).lines()) << row.seq;
  }
}

TEST(Kill, LosesNothingThatWasAcknowledged) {
  constexpr int kRounds = 12;
  constexpr uint32_t kSeed = 7;
  std::mt19937 random(kSeed);
  const TemporaryFolder folder;
  const std::string path = DatabaseIn(folder.path());
  std::vector<Acknowledged> acknowledged;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, ", round ", round));
    const int wanted = 1 + static_cast<int>(random() % 60);
    const std::vector<Acknowledged> more = RunAndKill(path, round, wanted);
    ASSERT_GE(more.size(), static_cast<size_t>(wanted));
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());
    const auto store = OpenSqliteStore(path);
    VARVE_ASSERT_OK(store);
    for (const Acknowledged& one : acknowledged) {
      const auto found = (*store)->FindById(EnvironmentOf(one.agent), one.id);
      VARVE_ASSERT_OK(found);
      ASSERT_EQ(*found, one.seq) << EnvironmentOf(one.agent) << " " << one.id;
    }
  }
  EXPECT_EQ(AskSql(path, "PRAGMA integrity_check").value(), "ok");
  const auto store = OpenSqliteStore(path);
  VARVE_ASSERT_OK(store);
  for (int agent = 0; agent < kAgents; ++agent) {
    ASSERT_NO_FATAL_FAILURE(ExpectWhole(**store, EnvironmentOf(agent)));
  }
}

}  // namespace
}  // namespace varve::testing
