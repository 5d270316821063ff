// Answers over time, from a store with a few snapshots.
#include "collector/history.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/zstd.h"
#include "snapshot/canonical.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::LocatorOf;
using testing::StatusIs;
using testing::Table;
using testing::TemporaryFolder;
using testing::TestSection;

constexpr int64_t kHourUs = int64_t{3600} * 1000 * 1000;

std::string TableShape(const std::vector<std::string>& columns) {
  v1::Shape shape;
  for (const std::string& name : columns) shape.mutable_table()->add_columns()->set_name(name);
  return CanonicalBytes(shape);
}

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenSqliteStore(folder_.Path("varve.db"));
    VARVE_ASSERT_OK(opened);
    store_ = *std::move(opened);
  }

  // The next snapshot, an hour later, in which a table of that name has those columns and rows.
  void Commit(const std::string& table, const std::vector<std::string>& columns,
              std::optional<int64_t> rows) {
    TestSection section("shop");
    testing::SeenFacts facts;
    facts.locator = LocatorOf("17000");
    section.See(Table(table), TableShape(columns), facts);
    section.Cover("table", v1::FACET_STRUCTURE);
    v1::Measures measures;
    if (rows.has_value()) {
      v1::EntityMeasures& entity = *measures.add_entities();
      *entity.mutable_identity() = IdentityOf(Table(table).entity);
      v1::Measure& measure = *entity.add_measures();
      measure.set_name("rows");
      measure.set_number(*rows);
    }
    ++seq_;
    testing::Publish publish("prod", absl::StrCat("id-", seq_));
    publish.At(seq_ * kHourUs, seq_ * kHourUs)
        .Whole(section, Compressed(measures.SerializeAsString()));
    VARVE_ASSERT_OK(store_->Commit(publish));
  }
  void CommitWithoutAnswer() {
    ++seq_;
    testing::Publish publish("prod", absl::StrCat("id-", seq_));
    publish.At(seq_ * kHourUs, seq_ * kHourUs).Unavailable("shop");
    VARVE_ASSERT_OK(store_->Commit(publish));
  }

  absl::StatusOr<v1::TrendResult> Trend(const std::string& reference, const std::string& object) {
    v1::TrendRequest request;
    request.set_reference(reference);
    request.set_object(object);
    return TrendIn(*store_, request);
  }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  int64_t seq_ = 0;
};

TEST_F(HistoryTest, ATrendFollowsATableThroughARenameAndAnOutage) {
  Commit("sales", {"id"}, 10);
  Commit("sales", {"id"}, std::nullopt);
  CommitWithoutAnswer();
  Commit("orders", {"id"}, 12);
  const auto trend = Trend("prod", "public.orders");
  VARVE_ASSERT_OK(trend);
  EXPECT_EQ(trend->environment(), "prod");
  EXPECT_EQ(trend->section(), "shop");
  EXPECT_EQ(trend->name(), "public.orders");
  EXPECT_EQ(trend->measure(), "rows");
  EXPECT_EQ(trend->last_seq(), 4);
  ASSERT_EQ(trend->points_size(), 4);
  EXPECT_EQ(trend->points(0).value(), 10);
  EXPECT_EQ(trend->points(0).time_us(), kHourUs);
  EXPECT_FALSE(trend->points(1).has_value());
  EXPECT_EQ(trend->points(1).why(), "not counted");
  EXPECT_EQ(trend->points(2).why(), "unavailable");
  EXPECT_EQ(trend->points(3).value(), 12);
}

TEST_F(HistoryTest, ATrendUpToASnapshotEndsThere) {
  for (int64_t rows = 1; rows <= 3; ++rows) Commit("orders", {"id"}, rows);
  const auto trend = Trend("prod@2", "public.orders");
  VARVE_ASSERT_OK(trend);
  EXPECT_EQ(trend->points_size(), 2);
  EXPECT_EQ(trend->last_seq(), 2);
}

TEST_F(HistoryTest, ATrendOfWhatIsNotThereSaysWhatIs) {
  Commit("orders", {"id"}, 1);
  EXPECT_THAT(Trend("prod", "public.ordrs").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("public.orders")));
  EXPECT_THAT(Trend("prd", "public.orders").status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("prod")));
}

TEST_F(HistoryTest, ChangesOfAHistoryNameTheirSection) {
  Commit("orders", {"id"}, 1);
  Commit("orders", {"id", "total"}, 1);
  v1::HistoryRequest request;
  request.set_reference("prod");
  request.set_object("public.orders");
  const auto history = HistoryIn(*store_, request);
  VARVE_ASSERT_OK(history);
  ASSERT_EQ(history->versions_size(), 2);
  ASSERT_EQ(history->versions(1).changes_size(), 1);
  EXPECT_EQ(history->versions(1).changes(0).section(), "shop");
}

TEST_F(HistoryTest, ALogSaysWhichSnapshotsThereAre) {
  Commit("orders", {"id"}, 1);
  Commit("orders", {"id", "total"}, 1);
  Commit("orders", {"id", "total"}, 1);
  v1::LogRequest request;
  request.set_environment("prod");
  request.set_since_us(2 * kHourUs);
  auto log = LogOf(*store_, request);
  VARVE_ASSERT_OK(log);
  EXPECT_EQ(log->snapshot_count(), 2U);
  EXPECT_EQ(log->changed_count(), 1U);
  EXPECT_EQ(log->first_time_us(), 2 * kHourUs);
  EXPECT_EQ(log->kept_count(), 3U);
  EXPECT_EQ(log->kept_from_us(), kHourUs);
  EXPECT_EQ(log->kept_to_us(), 3 * kHourUs);
  request.set_since_us(9 * kHourUs);
  log = LogOf(*store_, request);
  VARVE_ASSERT_OK(log);
  EXPECT_EQ(log->snapshot_count(), 0U);
  EXPECT_EQ(log->first_time_us(), 0);
  EXPECT_EQ(log->kept_count(), 3U);
}

}  // namespace
}  // namespace varve
