// Many threads on one store: every acknowledged commit is there once, and a reader sees whole
// snapshots only.
#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

// Two tables that always change together: a reader that sees two shapes saw half a snapshot.
TestSection Pair(const std::string& shape) {
  return Tables().See(Table("left"), shape).See(Table("right"), shape);
}

TEST_P(StoreConcurrency, CommitsOfManyEnvironmentsAreEachThereOnce) {
  constexpr int kEnvironments = 8;
  constexpr int kSnapshots = 15;
  std::vector<std::thread> agents;
  for (int agent = 0; agent < kEnvironments; ++agent) {
    agents.emplace_back([this, agent] {
      const std::string environment = absl::StrCat("env-", agent);
      for (int n = 1; n <= kSnapshots; ++n) {
        const auto committed = store().Commit(Publish(environment, absl::StrCat("id-", n))
                                                  .Whole(Pair(absl::StrCat(agent, "/", n / 4))));
        VARVE_EXPECT_OK(committed);
        EXPECT_EQ(committed.ok() ? committed->seq : 0, n);
      }
    });
  }
  for (std::thread& agent : agents) agent.join();
  EXPECT_EQ(store().Environments()->size(), static_cast<size_t>(kEnvironments));
  for (int agent = 0; agent < kEnvironments; ++agent) {
    EXPECT_EQ(store().Snapshots(absl::StrCat("env-", agent), 0)->size(),
              static_cast<size_t>(kSnapshots));
  }
}

TEST_P(StoreConcurrency, CommitsOfOneEnvironmentGetEachNumberOnce) {
  constexpr int kThreads = 6;
  constexpr int kSnapshots = 10;
  std::vector<std::set<int64_t>> numbers(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &numbers] {
      for (int n = 0; n < kSnapshots; ++n) {
        const auto committed =
            store().Commit(Publish("prod", absl::StrCat(thread, "-", n)).Whole(Pair("a")));
        VARVE_EXPECT_OK(committed);
        if (committed.ok()) numbers[thread].insert(committed->seq);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<int64_t> all;
  for (const std::set<int64_t>& of_thread : numbers) all.insert(of_thread.begin(), of_thread.end());
  EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * kSnapshots));
  EXPECT_EQ(*all.begin(), 1);
  EXPECT_EQ(*all.rbegin(), kThreads * kSnapshots);
}

TEST_P(StoreConcurrency, TheSameIdFromManyThreadsIsOneSnapshot) {
  std::atomic<int> written{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([this, &written] {
      const auto committed = store().Commit(Publish("prod", "u").Whole(Pair("a")));
      VARVE_EXPECT_OK(committed);
      if (!committed.ok()) return;
      EXPECT_EQ(committed->seq, 1);
      if (!committed->already_known) ++written;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(written, 1);
  EXPECT_EQ(store().Snapshots("prod", 0)->size(), 1u);
}

// Whoever is refused shares a transaction with others, and takes none of them along.
TEST_P(StoreConcurrency, ARefusedCommitTouchesNobodyElses) {
  constexpr int kSnapshots = 20;
  std::thread refused([this] {
    for (int n = 0; n < kSnapshots; ++n) {
      EXPECT_THAT(store().Commit(Publish("refused", absl::StrCat(n)).Same(Pair("a"))),
                  StatusIs(absl::StatusCode::kAborted, ::testing::_));
    }
  });
  for (int n = 1; n <= kSnapshots; ++n) {
    EXPECT_EQ(Commit(Publish("prod", absl::StrCat(n)).Whole(Pair(absl::StrCat(n)))), n);
  }
  refused.join();
  EXPECT_THAT(store().Environments().value(), ::testing::ElementsAre("prod"));
}

TEST_P(StoreConcurrency, ReadersSeeWholeSnapshotsWhileAWriterCommits) {
  constexpr int kSnapshots = 40;
  ASSERT_EQ(Put(Pair("1")), 1);
  absl::Notification written;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([this, &written] {
      int64_t newest = 0;
      do {
        const auto rows = store().Snapshots("prod", 1);
        ASSERT_THAT(rows, IsOk());
        ASSERT_GE(rows->front().seq, newest);
        newest = rows->front().seq;
        const auto snapshot = LoadSnapshot(store(), "prod", newest);
        ASSERT_THAT(snapshot, IsOk());
        const Section& section = snapshot->sections.front();
        ASSERT_EQ(section.lines.size(), 2u);
        ASSERT_EQ(section.lines->at(0).line.seen->shape, ShapeOf(absl::StrCat(newest)));
        ASSERT_EQ(section.lines->at(1).line.seen->shape, section.lines->at(0).line.seen->shape);
      } while (!written.HasBeenNotified());
    });
  }
  for (int n = 2; n <= kSnapshots; ++n) EXPECT_EQ(Put(Pair(absl::StrCat(n))), n);
  written.Notify();
  for (std::thread& reader : readers) reader.join();
}

// A visitor that takes its time holds nobody up: what it reads of never changes.
TEST_P(StoreConcurrency, AReadThatIsUnderWaySeesItsSnapshotToTheEnd) {
  ASSERT_EQ(Put(Pair("old")), 1);
  std::vector<ShapeHash> seen;
  VARVE_ASSERT_OK(store().ReadLines("prod", 1, "postgres", [&](const ReadLine& line) {
    EXPECT_GT(Put(Pair(absl::StrCat("new", seen.size()))), 1);
    seen.push_back(line.line.seen->shape);
    return absl::OkStatus();
  }));
  EXPECT_EQ(seen, std::vector<ShapeHash>(2, ShapeOf("old")));
}

TEST_P(StoreConcurrency, MoreReadersThanConnectionsAllGetTheirTurn) {
  ASSERT_EQ(Put(Pair("a")), 1);
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 40; ++reader) {
    readers.emplace_back([this] { VARVE_EXPECT_OK(LoadSnapshot(store(), "prod", 1)); });
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace varve::testing
