// What a snapshot costs, in rows.
#include "absl/strings/str_cat.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/unit/storage/pending_builder.h"
#include "tests/unit/storage/sqlite/sqlite_kind.h"

namespace varve::testing {
namespace {

constexpr int kTables = 1000;

TestSection ThousandTables() {
  TestSection pg = TestSection("postgres").Cover("table", v1::FACET_STRUCTURE);
  pg.Cover("table", v1::FACET_EXPRESSIONS);
  for (int n = 0; n < kTables; ++n) {
    const std::string name = absl::StrCat("t", n);
    pg.See(Table(name), absl::StrCat("shape ", n));
    if (n % 10 == 0) pg.Unsee(Table(name, v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  }
  return pg;
}

class CostTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenSqliteStore(DatabaseIn(folder_.path()));
    VARVE_ASSERT_OK(opened);
    store_ = *std::move(opened);
    VARVE_ASSERT_OK(store_->Commit(Publish("prod", "first").Whole(ThousandTables())));
  }
  // What a commit adds, by table; tables that it leaves as they are are left out.
  std::map<std::string, int64_t> RowsOf(const Publish& publish) {
    const std::map<std::string, int64_t> before = CountRows(DatabaseIn(folder_.path()));
    VARVE_EXPECT_OK(store_->Commit(publish));
    std::map<std::string, int64_t> added = CountRows(DatabaseIn(folder_.path()));
    for (const auto& [table, count] : before) added[table] -= count;
    std::erase_if(added, [](const auto& entry) { return entry.second == 0; });
    return added;
  }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
};

using Rows = std::map<std::string, int64_t>;
constexpr char kSnapshot[] = "snapshot";
constexpr char kSection[] = "snapshot_section";

TEST_F(CostTest, AnUnchangedSectionOfAThousandTablesCostsOneRowAndNoBlobs) {
  EXPECT_EQ(RowsOf(Publish("prod", "second").Same(ThousandTables())),
            (Rows{{kSnapshot, 1}, {kSection, 1}}));
}

TEST_F(CostTest, TheSameManifestSentWholeCostsNoMore) {
  EXPECT_EQ(RowsOf(Publish("prod", "second").Whole(ThousandTables())),
            (Rows{{kSnapshot, 1}, {kSection, 1}}));
}

TEST_F(CostTest, MeasuresCostOneRow) {
  Publish publish("prod", "second");
  publish.Same(ThousandTables()).pending().sections[0].measures = MeasuresOf("m");
  EXPECT_EQ(RowsOf(publish), (Rows{{kSnapshot, 1}, {kSection, 1}, {"measures", 1}}));
}

TEST_F(CostTest, AnUnavailableSectionClosesAndOpensNothing) {
  EXPECT_EQ(RowsOf(Publish("prod", "second").Unavailable("postgres")),
            (Rows{{kSnapshot, 1}, {kSection, 1}, {"section_header", 1}}));
}

TEST_F(CostTest, OneChangedTableCostsOneVersionOneShapeAndItsHeader) {
  TestSection pg = ThousandTables();
  pg.See(Table("t5"), "another shape");
  EXPECT_EQ(
      RowsOf(Publish("prod", "second").Whole(pg)),
      (Rows{{kSnapshot, 1}, {kSection, 1}, {"section_header", 1}, {"version", 1}, {"blob", 1}}));
}

TEST_F(CostTest, AnEnvironmentOfTheSameShapesBringsNoBlobsAndNoNames) {
  EXPECT_EQ(RowsOf(Publish("clone", "first").Whole(ThousandTables())),
            (Rows{{kSnapshot, 1},
                  {kSection, 1},
                  {"environment", 1},
                  {"head", 1},
                  {"line", kTables + kTables / 10},
                  {"version", kTables},
                  {"unseen", kTables / 10}}));
}

}  // namespace
}  // namespace varve::testing
