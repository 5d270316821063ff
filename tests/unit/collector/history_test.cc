// Answers over time, from a store with a few snapshots.
#include "collector/history.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/zstd.h"
#include "collector/drift_since.h"
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

TEST_F(HistoryTest, ChangesOfAHistoryAndOfALogAreClassified) {
  Commit("orders", {"id", "total"}, 1);
  Commit("orders", {"id"}, 1);
  v1::HistoryRequest request;
  request.set_reference("prod");
  request.set_object("public.orders");
  const auto history = HistoryIn(*store_, request);
  VARVE_ASSERT_OK(history);
  EXPECT_EQ(history->versions(1).changes(0).rule(), "change/column-dropped");
  v1::LogRequest of_log;
  of_log.set_environment("prod");
  const auto log = LogOf(*store_, of_log);
  VARVE_ASSERT_OK(log);
  EXPECT_EQ(log->entries(0).changes(0).change_class(), v1::CHANGE_CLASS_BREAKING);
}

// A class that lacks something of public.orders, which prod has in its newest snapshot.
v1::DriftResult Lacking(int64_t newest, const std::vector<std::string>& path) {
  v1::DriftResult result;
  for (const char* const name : {"prod", "staging"}) result.add_members()->set_environment(name);
  result.mutable_members(0)->set_seq(newest);
  v1::DriftUnit& unit = *result.add_units();
  unit.add_classes()->add_members(0);
  unit.add_classes()->add_members(1);
  v1::DriftChange& change = *result.add_changes();
  change.set_class_at(1);
  v1::Difference& difference = *change.mutable_difference();
  difference.set_section("shop");
  difference.set_facet(v1::FACET_STRUCTURE);
  *difference.mutable_identity() = IdentityOf(Table("orders").entity);
  difference.set_op(path.empty() ? v1::Difference::OP_REMOVED : v1::Difference::OP_CHANGED);
  if (!path.empty()) {
    v1::PropertyChange& property = *difference.add_changes();
    property.mutable_path()->Assign(path.begin(), path.end());
    property.set_before("text");
  }
  return result;
}

TEST_F(HistoryTest, DriftTellsSinceWhenWhatAnotherLacksIsThere) {
  Commit("orders", {"id"}, 1);
  Commit("orders", {"id", "coupon"}, 1);
  Commit("orders", {"id", "coupon", "note"}, 1);
  v1::DriftResult result = Lacking(3, {"columns", "coupon"});
  VARVE_ASSERT_OK(AddSince(*store_, result));
  EXPECT_EQ(result.changes(0).since_us(), 2 * kHourUs);
  // It was there in the first snapshot.
  result = Lacking(3, {"columns", "id"});
  VARVE_ASSERT_OK(AddSince(*store_, result));
  EXPECT_EQ(result.changes(0).since_us(), 0);
  result = Lacking(3, {});
  VARVE_ASSERT_OK(AddSince(*store_, result));
  EXPECT_EQ(result.changes(0).since_us(), 0);
}

TEST_F(HistoryTest, DriftTellsNoTimeOfWhatIsMoreThanOneThingOrNotThere) {
  Commit("orders", {"id"}, 1);
  Commit("orders", {"id", "coupon", "note"}, 1);
  v1::DriftResult two = Lacking(2, {"columns", "coupon"});
  *two.add_changes() = Lacking(2, {"columns", "note"}).changes(0);
  VARVE_ASSERT_OK(AddSince(*store_, two));
  EXPECT_EQ(two.changes(0).since_us(), 0);
  v1::DriftResult more = Lacking(2, {"columns", "coupon"});
  v1::PropertyChange& property = *more.mutable_changes(0)->mutable_difference()->mutable_changes(0);
  property.clear_before();  // the first class does not have it
  property.set_after("text");
  VARVE_ASSERT_OK(AddSince(*store_, more));
  EXPECT_EQ(more.changes(0).since_us(), 0);
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
