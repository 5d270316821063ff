// Disks that are full or broken: what was acknowledged stays, what was not is as if it had never
// been.
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/faulty_vfs.h"
#include "tests/unit/storage/pending_builder.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Operation = FaultyVfs::Operation;

TestSection TablesOf(int generation) {
  TestSection pg = TestSection("postgres").Cover("table", v1::FACET_STRUCTURE);
  for (int n = 0; n < 40; ++n) {
    pg.See(Table(absl::StrCat("t", n)), absl::StrCat(generation, "/", n));
  }
  return pg;
}

// A store on a disk that can be broken.
class DiskTest : public ::testing::Test {
 protected:
  void Open() {
    SqliteOptions options;
    options.vfs = vfs_.name();
    options.on_broken = [this](const absl::Status& status) { told_.push_back(status); };
    auto opened = OpenSqliteStore(DatabaseIn(folder_->path()), options);
    VARVE_ASSERT_OK(opened);
    store_ = *std::move(opened);
  }
  void Reopen() {
    vfs_.Mend();
    store_.reset();
    Open();
  }
  // A new file, with one snapshot.
  void StartAnew() {
    store_.reset();
    vfs_.Mend();
    told_.clear();
    folder_ = std::make_unique<TemporaryFolder>();
    Open();
    VARVE_ASSERT_OK(CommitGeneration(1));
  }

  absl::StatusOr<int64_t> CommitGeneration(int generation) {
    const auto committed = store_->Commit(
        Publish("prod", absl::StrCat("id-", generation)).Whole(TablesOf(generation)));
    if (!committed.ok()) return committed.status();
    return committed->seq;
  }

  // Number `seq` is the newest, and reads as its generation.
  void ExpectNewest(int64_t seq) {
    const auto head = store_->ReadHead("prod");
    VARVE_ASSERT_OK(head);
    EXPECT_EQ(head->last_seq, seq);
    const auto snapshot = LoadSnapshot(*store_, "prod", seq);
    VARVE_ASSERT_OK(snapshot);
    std::vector<Line> lines;
    for (const ReadLine& line : snapshot->sections[0].lines) lines.push_back(line.line);
    EXPECT_EQ(lines, TablesOf(static_cast<int>(seq)).lines());
  }

  FaultyVfs vfs_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::vector<absl::Status> told_;  // by on_broken
  std::unique_ptr<SnapshotStore> store_;
};

// Fails a commit at its first write, its second, and so on, until it needs no more of them.
TEST_F(DiskTest, WhereverTheDiskIsFullAllIsAsBeforeAndLaterCommitsWork) {
  int refused = 0;
  for (int64_t passing = 0;; ++passing) {
    SCOPED_TRACE(absl::StrCat("full after ", passing, " writes"));
    ASSERT_NO_FATAL_FAILURE(StartAnew());
    vfs_.Fail(Operation::kWrite, passing, SQLITE_FULL);
    const absl::StatusOr<int64_t> committed = CommitGeneration(2);
    if (committed.ok()) break;
    ++refused;
    ASSERT_THAT(committed, StatusIs(absl::StatusCode::kResourceExhausted,
                                    HasSubstr("full (SQLite 13); free disk space")));
    ASSERT_NO_FATAL_FAILURE(ExpectNewest(1));
    EXPECT_EQ(store_->FindById("prod", "id-2").value(), std::nullopt);
    vfs_.Mend();
    EXPECT_EQ(CommitGeneration(2).value(), 2);
    ASSERT_NO_FATAL_FAILURE(ExpectNewest(2));
    EXPECT_THAT(told_, IsEmpty());
    ASSERT_NO_FATAL_FAILURE(Reopen());
    ASSERT_NO_FATAL_FAILURE(ExpectNewest(2));
  }
  EXPECT_GE(refused, 2);
}

TEST_F(DiskTest, OnAFullDiskATagIsRefusedAndReadsGoOn) {
  ASSERT_NO_FATAL_FAILURE(StartAnew());
  vfs_.Fail(Operation::kWrite, 0, SQLITE_FULL);
  EXPECT_THAT(store_->Tag("prod", 1, "v1"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("free disk space")));
  EXPECT_THAT(store_->FindSnapshot("prod", 1)->tags, IsEmpty());
  vfs_.Mend();
  VARVE_ASSERT_OK(store_->Tag("prod", 1, "v1"));
  EXPECT_THAT(store_->FindSnapshot("prod", 1)->tags, ElementsAre("v1"));
}

TEST_F(DiskTest, OfManyThatCommitWhileTheDiskFillsUpThoseAcknowledgedAreThere) {
  constexpr int kAgents = 6;
  constexpr int kSnapshots = 10;
  ASSERT_NO_FATAL_FAILURE(StartAnew());
  vfs_.Fail(Operation::kWrite, 150, SQLITE_FULL);
  std::vector<std::vector<std::string>> acknowledged(kAgents);
  std::vector<std::thread> agents;
  for (int agent = 0; agent < kAgents; ++agent) {
    agents.emplace_back([this, agent, &acknowledged] {
      for (int n = 0; n < kSnapshots; ++n) {
        const std::string id = absl::StrCat(agent, "-", n);
        const auto committed = store_->Commit(
            Publish(absl::StrCat("env-", agent), id).Whole(TablesOf(100 * agent + n)));
        if (committed.ok()) {
          acknowledged[agent].push_back(id);
        } else {
          EXPECT_THAT(committed, StatusIs(absl::StatusCode::kResourceExhausted, ::testing::_));
        }
      }
    });
  }
  for (std::thread& agent : agents) agent.join();
  EXPECT_GT(vfs_.failures(), 0);
  ASSERT_NO_FATAL_FAILURE(Reopen());
  for (int agent = 0; agent < kAgents; ++agent) {
    const std::string environment = absl::StrCat("env-", agent);
    for (const std::string& id : acknowledged[agent]) {
      EXPECT_TRUE(store_->FindById(environment, id)->has_value()) << id;
    }
    EXPECT_EQ(store_->ReadHead(environment)->last_seq,
              static_cast<int64_t>(acknowledged[agent].size()));
  }
}

struct BrokenDisk {
  const char* what;
  Operation operation;
  int code;
};
constexpr BrokenDisk kBroken[] = {
    {"writes", Operation::kWrite, SQLITE_IOERR_WRITE},
    {"syncs", Operation::kSync, SQLITE_IOERR_FSYNC},
};

// Nobody knows what reached the disk: the store writes no more, and says so; a new start knows.
TEST_F(DiskTest, AfterAnIoErrorNothingIsWrittenUntilTheStoreIsOpenedAgain) {
  for (const BrokenDisk& disk : kBroken) {
    for (int64_t passing = 0;; ++passing) {
      SCOPED_TRACE(absl::StrCat(disk.what, " fail after ", passing));
      ASSERT_NO_FATAL_FAILURE(StartAnew());
      vfs_.Fail(disk.operation, passing, disk.code);
      const absl::StatusOr<int64_t> committed = CommitGeneration(2);
      if (committed.ok()) {
        EXPECT_GE(passing, 1) << "the disk was never asked";
        break;
      }
      ASSERT_THAT(committed, StatusIs(absl::StatusCode::kUnavailable,
                                      HasSubstr("look at the disk and the kernel's log")));
      EXPECT_THAT(told_, ElementsAre(committed.status()));
      vfs_.Mend();
      EXPECT_THAT(CommitGeneration(3),
                  StatusIs(absl::StatusCode::kUnavailable, HasSubstr("look at the disk")));
      EXPECT_THAT(store_->Tag("prod", 1, "v1"),
                  StatusIs(absl::StatusCode::kUnavailable, HasSubstr("look at the disk")));
      EXPECT_EQ(told_.size(), 1u);
      ASSERT_NO_FATAL_FAILURE(ExpectNewest(1));
      ASSERT_NO_FATAL_FAILURE(Reopen());
      ASSERT_EQ(CommitGeneration(2).value(), 2);
      ASSERT_NO_FATAL_FAILURE(ExpectNewest(2));
    }
  }
}

TEST_F(DiskTest, AReadThatFailsOnceIsToldAndTheNextIsAnswered) {
  ASSERT_NO_FATAL_FAILURE(StartAnew());
  ASSERT_NO_FATAL_FAILURE(Reopen());  // nothing is in memory
  vfs_.Fail(Operation::kRead, 0, SQLITE_IOERR_READ);
  EXPECT_THAT(LoadSnapshot(*store_, "prod", 1),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("disk I/O error")));
  vfs_.Mend();
  ASSERT_NO_FATAL_FAILURE(ExpectNewest(1));
}

// The half of "an acknowledgement means that it is on disk" that a kill cannot show.
TEST_F(DiskTest, WhenACommitReturnsAllThatWasWrittenIsSynced) {
  ASSERT_NO_FATAL_FAILURE(StartAnew());
  for (int generation = 2; generation < 60; ++generation) {  // past the first checkpoint
    ASSERT_EQ(CommitGeneration(generation).value(), generation);
    ASSERT_THAT(vfs_.Unsynced(), IsEmpty()) << generation;
  }
}

TEST_F(DiskTest, AFileThatIsDamagedIsWrittenNoMore) {
  ASSERT_NO_FATAL_FAILURE(StartAnew());
  store_.reset();
  VARVE_ASSERT_OK(DamageTable(DatabaseIn(folder_->path()), "head"));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_THAT(CommitGeneration(2),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("restore from a backup")));
  EXPECT_EQ(told_.size(), 1u);
  EXPECT_THAT(store_->Tag("prod", 1, "v1"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("restore from a backup")));
  EXPECT_TRUE(store_->FindSnapshot("prod", 1).ok());
}

}  // namespace
}  // namespace varve::testing
