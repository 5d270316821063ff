// What a crash leaves: the file and its log, at any moment of its life.
#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/unit/storage/pending_builder.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {
namespace {

TestSection Generation(int n) {
  return TestSection("postgres")
      .Cover("table", v1::FACET_STRUCTURE)
      .See(Table("steady"), "s")
      .See(Table("moving"), absl::StrCat(n));
}

absl::Status CommitGeneration(SnapshotStore& store, int n) {
  return store.Commit(Publish("prod", absl::StrCat("id-", n)).Whole(Generation(n))).status();
}

// A copy of a store's files as a crash would leave them; the log cut at `log_bytes`.
class CrashCopy {
 public:
  CrashCopy(const std::string& database, const std::string& log, size_t log_bytes) {
    WriteFile(DatabaseIn(folder_.path()), database);
    WriteFile(DatabaseIn(folder_.path()) + "-wal", log.substr(0, log_bytes));
  }
  absl::StatusOr<std::unique_ptr<SnapshotStore>> Open() {
    return OpenSqliteStore(DatabaseIn(folder_.path()));
  }

 private:
  TemporaryFolder folder_;
};

// Every number up to `last` reads as it was published, and the file is whole.
void ExpectGenerations(const SnapshotStore& store, int64_t last) {
  for (int64_t n = 1; n <= last; ++n) {
    const auto snapshot = LoadSnapshot(store, "prod", n);
    VARVE_ASSERT_OK(snapshot);
    std::vector<Line> lines;
    for (const ReadLine& line : snapshot->sections[0].lines) lines.push_back(line.line);
    ASSERT_EQ(lines, Generation(static_cast<int>(n)).lines()) << n;
  }
}

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenSqliteStore(path());
    VARVE_ASSERT_OK(opened);
    store_ = *std::move(opened);
  }
  std::string path() const { return DatabaseIn(folder_.path()); }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
};

TEST_F(CrashTest, FilesCopiedInMidLifeHoldAllThatWasAcknowledged) {
  for (int n = 1; n <= 30; ++n) {
    VARVE_ASSERT_OK(CommitGeneration(*store_, n));
    if (n % 6 != 0) continue;
    const std::string log = ReadFile(path() + "-wal");
    CrashCopy copy(ReadFile(path()), log, log.size());
    auto opened = copy.Open();
    VARVE_ASSERT_OK(opened);
    EXPECT_EQ((*opened)->incarnation(), store_->incarnation());
    EXPECT_EQ((*opened)->ReadHead("prod")->last_seq, n);
    ASSERT_NO_FATAL_FAILURE(ExpectGenerations(**opened, n));
    VARVE_EXPECT_OK(CommitGeneration(**opened, n + 1));
  }
}

TEST_F(CrashTest, ALogThatWasCutAnywhereHoldsTheCommitsBeforeTheCut) {
  constexpr int kSnapshots = 6;
  std::vector<size_t> ends;  // of the log, after each commit
  for (int n = 1; n <= kSnapshots; ++n) {
    VARVE_ASSERT_OK(CommitGeneration(*store_, n));
    ends.push_back(ReadFile(path() + "-wal").size());
  }
  const std::string database = ReadFile(path());
  const std::string log = ReadFile(path() + "-wal");
  for (size_t cut = ends.front(); cut <= log.size(); cut += 3001) {
    SCOPED_TRACE(absl::StrCat("cut at byte ", cut));
    int64_t acknowledged = 0;
    for (const size_t end : ends) acknowledged += end <= cut ? 1 : 0;
    CrashCopy copy(database, log, cut);
    auto opened = copy.Open();
    VARVE_ASSERT_OK(opened);
    const int64_t last = (*opened)->ReadHead("prod")->last_seq;
    EXPECT_GE(last, acknowledged);
    EXPECT_LE(last, acknowledged + 1);
    ASSERT_NO_FATAL_FAILURE(ExpectGenerations(**opened, last));
  }
}

}  // namespace
}  // namespace varve::testing
