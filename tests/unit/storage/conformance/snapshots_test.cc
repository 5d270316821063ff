// Which snapshots there are: lists, tags, times, references, and what is said where there is none.
#include "absl/strings/str_cat.h"
#include "storage/resolve.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kNotFound = absl::StatusCode::kNotFound;

std::vector<int64_t> Numbers(const absl::StatusOr<std::vector<SnapshotRow>>& rows) {
  VARVE_EXPECT_OK(rows);
  std::vector<int64_t> numbers;
  if (rows.ok()) {
    for (const SnapshotRow& row : *rows) numbers.push_back(row.seq);
  }
  return numbers;
}

int64_t Us(const char* text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return absl::ToUnixMicros(time);
}

TEST_P(StoreConformance, SnapshotsComeNewestFirstAtMostAsManyAsAskedFor) {
  for (int n = 1; n <= 4; ++n) ASSERT_EQ(Put(Tables()), n);
  EXPECT_THAT(Numbers(store().Snapshots("prod", 0)), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(Numbers(store().Snapshots("prod", 2)), ElementsAre(4, 3));
  EXPECT_THAT(Numbers(store().Snapshots("prod", 9)), ElementsAre(4, 3, 2, 1));
}

TEST_P(StoreConformance, TheNewestSnapshotIsTheFirstOfTheListWhateverTheClocksDid) {
  constexpr int64_t kClocks[][2] = {{10, 11}, {500, 12}, {13, 90}, {14, 40}, {20, 41}, {30, 60}};
  for (const auto& [taken, received] : kClocks) {
    Commit(Publish("prod", NextId()).At(taken, received).Whole(Tables()));
    const auto newest = store().NewestSnapshot("prod");
    const auto all = store().Snapshots("prod", 0);
    VARVE_ASSERT_OK(newest);
    VARVE_ASSERT_OK(all);
    EXPECT_EQ(newest->seq, all->front().seq);
    EXPECT_EQ(newest->time_us, all->front().time_us) << newest->seq;
    EXPECT_EQ(newest->header.snapshot_id(), all->front().header.snapshot_id());
    EXPECT_EQ(newest->header.sections_size(), 1);
    EXPECT_EQ(*store().CountSnapshots("prod"), all->size());
  }
  VARVE_ASSERT_OK(store().Tag("prod", 6, "now"));
  EXPECT_THAT(store().NewestSnapshot("prod")->tags, ElementsAre("now"));
  EXPECT_THAT(store().NewestSnapshot("prdo"), StatusIs(kNotFound, HasSubstr("there is prod")));
  EXPECT_THAT(store().CountSnapshots("prdo"), StatusIs(kNotFound, HasSubstr("there is prod")));
}

TEST_P(StoreConformance, AnEnvironmentThatIsNotThereIsToldWithTheNearest) {
  EXPECT_THAT(store().Snapshots("prod", 0),
              StatusIs(kNotFound, HasSubstr("no environment 'prod'; the store is empty")));
  for (const char* const name : {"prod", "prod-eu", "test", "staging", "demo", "load"}) {
    ASSERT_EQ(Commit(Publish(name, "u")), 1);
  }
  EXPECT_THAT(store().FindSnapshot("prdo", 1),
              StatusIs(kNotFound, HasSubstr("no environment 'prdo'; the nearest are ")));
  EXPECT_THAT(store().Snapshots("prdo", 0), StatusIs(kNotFound, HasSubstr("prod, prod-eu")));
  EXPECT_THAT(store().Tag("prdo", 1, "v1"), StatusIs(kNotFound, HasSubstr("prod")));
}

TEST_P(StoreConformance, ANumberThatIsNotThereIsToldWithTheRangesThatAre) {
  for (int n = 1; n <= 4; ++n) ASSERT_EQ(Put(Tables()), n);
  EXPECT_THAT(store().FindSnapshot("prod", 9),
              StatusIs(kNotFound, "no snapshot prod@9; it has 1 to 4"));
  EXPECT_THAT(store().FindSnapshot("prod", 0), StatusIs(kNotFound, HasSubstr("it has 1 to 4")));
  ASSERT_EQ(Commit(Publish("prod", "later").Acknowledged("an earlier life", 8)), 9);
  EXPECT_THAT(store().FindSnapshot("prod", 6),
              StatusIs(kNotFound, "no snapshot prod@6; it has 1 to 4 and 9"));
}

TEST_P(StoreConformance, WhatIsNotThereIsSaidAlikeByEveryRead) {
  ASSERT_EQ(Put({Tables("postgres"), Tables("archive")}), 1);
  const auto nothing = [](const ReadLine&) { return absl::OkStatus(); };
  EXPECT_THAT(store().ReadLines("prod", 2, "postgres", nothing),
              StatusIs(kNotFound, "no snapshot prod@2; it has 1"));
  EXPECT_THAT(store().ReadMeasures("prod", 2, "postgres"),
              StatusIs(kNotFound, "no snapshot prod@2; it has 1"));
  EXPECT_THAT(LoadSnapshot(store(), "prod", 2),
              StatusIs(kNotFound, "no snapshot prod@2; it has 1"));
  EXPECT_THAT(store().ReadMeasures("prod", 1, "redis"),
              StatusIs(kNotFound, "prod@1 has no section 'redis'; it has postgres and archive"));
}

TEST_P(StoreConformance, ATagThatIsTakenAwayNamesNothing) {
  for (int n = 1; n <= 2; ++n) ASSERT_EQ(Put(Tables()), n);
  EXPECT_EQ(*store().Tag("prod", 1, "release-1.4"), 0);
  EXPECT_EQ(*store().Tag("prod", 2, "release-1.5"), 0);
  EXPECT_EQ(*store().Untag("prod", "release-1.4"), 1);
  EXPECT_THAT(store().FindSnapshot("prod", 1)->tags, IsEmpty());
  EXPECT_THAT(store().FindSnapshot("prod", 2)->tags, ElementsAre("release-1.5"));
  EXPECT_THAT(store().Untag("prod", "release-1.4"),
              StatusIs(kNotFound, HasSubstr("nearest is release-1.5")));
  EXPECT_THAT(store().Untag("prdo", "release-1.5"), StatusIs(kNotFound, HasSubstr("prod")));
}

TEST_P(StoreConformance, ATagNamesOneSnapshotAndMovesWhenGivenAgain) {
  for (int n = 1; n <= 2; ++n) ASSERT_EQ(Put(Tables()), n);
  VARVE_ASSERT_OK(store().Tag("prod", 1, "release-1.4"));
  VARVE_ASSERT_OK(store().Tag("prod", 1, "before"));
  EXPECT_THAT(store().FindSnapshot("prod", 1)->tags, ElementsAre("before", "release-1.4"));
  EXPECT_EQ(*store().Tag("prod", 2, "release-1.4"), 1);
  EXPECT_THAT(store().FindSnapshot("prod", 1)->tags, ElementsAre("before"));
  EXPECT_THAT(store().FindSnapshot("prod", 2)->tags, ElementsAre("release-1.4"));
}

TEST_P(StoreConformance, ATagOfNothingIsRefused) {
  ASSERT_EQ(Put(Tables()), 1);
  EXPECT_THAT(store().Tag("prod", 5, "v1"), StatusIs(kNotFound, HasSubstr("it has 1")));
  EXPECT_THAT(store().Tag("prod", 1, ""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("the tag is empty")));
  EXPECT_THAT(store().FindSnapshot("prod", 1)->tags, IsEmpty());
}

TEST_P(StoreConformance, ASnapshotsTimeIsNeverBeforeItsPredecessorsNorAfterAReceipt) {
  const int64_t kTaken[] = {100, 5'000, 300, 250, 400};
  const int64_t kReceived[] = {110, 210, 310, 410, 510};
  const int64_t kTimes[] = {100, 210, 300, 300, 400};
  for (int n = 0; n < 5; ++n) {
    ASSERT_EQ(Commit(Publish("prod", NextId()).At(kTaken[n], kReceived[n])), n + 1);
  }
  for (int n = 0; n < 5; ++n) {
    EXPECT_EQ(store().FindSnapshot("prod", n + 1)->time_us, kTimes[n]) << n + 1;
  }
}

// A reference, and the number it means; 0 and the words where it means none.
struct ReferenceCase {
  const char* reference;
  int64_t seq;
  const char* words = "";
};

TEST_P(StoreConformance, ReferencesMeanTheSnapshotThatAPersonWouldSay) {
  constexpr const char* kTaken[] = {"2026-03-01T10:00:00Z", "2026-03-01T23:59:59Z",
                                    "2026-03-02T00:00:00Z", "2026-03-04T12:30:00Z"};
  for (const char* const taken : kTaken) {
    ASSERT_GT(Commit(Publish("prod", NextId()).At(Us(taken), Us(taken) + 1)), 0);
  }
  VARVE_ASSERT_OK(store().Tag("prod", 2, "release-1.4"));
  ASSERT_EQ(Commit(Publish("test", "t1")), 1);
  const ReferenceCase kCases[] = {
      {"prod", 4},
      {"prod@1", 1},
      {"prod~0", 4},
      {"prod~3", 1},
      {"prod@release-1.4", 2},
      {"prod@2026-03-01", 2},
      {"prod@2026-03-02", 3},
      {"prod@2026-03-03", 3},
      {"prod@yesterday", 4},
      {"prod@2026-03-01T10:00Z", 1},
      {"prod@2026-03-01T23:59Z", 1},
      {"prod@2026-03-02T00:00Z", 3},
      {"prod@2030-01-01T00:00Z", 4},
      {"prod@9", 0, "no snapshot prod@9; it has 1 to 4"},
      {"prod~4", 0, "it has 4 snapshots; the oldest is prod~3 (prod@1)"},
      {"prod@2026-02-28", 0,
       "at or before 2026-02-28; the first is prod@1 of 2026-03-01T10:00:00Z"},
      {"prod@2026-03-01T09:59Z", 0, "the first is prod@1 of 2026-03-01T10:00:00Z"},
      {"prod@release-1.5", 0, "no such tag; nearest is release-1.4"},
      {"test@release-1.4", 0, "test has no tags"},
      {"prdo@1", 0, "no environment 'prdo'; there is prod and test"},
  };
  const absl::Time now = absl::FromUnixMicros(Us("2026-03-05T08:00:00Z"));
  for (const ReferenceCase& wanted : kCases) {
    SCOPED_TRACE(wanted.reference);
    const auto resolved = ResolveAsOf(store(), wanted.reference, now);
    if (wanted.seq == 0) {
      EXPECT_THAT(resolved, StatusIs(kNotFound, HasSubstr(wanted.words)));
      continue;
    }
    VARVE_ASSERT_OK(resolved);
    EXPECT_EQ(resolved->environment, "prod");
    EXPECT_EQ(resolved->seq, wanted.seq);
  }
  for (const char* const elsewhere : {"file:base", "now:prod", "prod@0"}) {
    EXPECT_THAT(Resolve(store(), elsewhere),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(elsewhere)));
  }
}

TEST_P(StoreConformance, AReopenedStoreIsTheSameLifeWithAllThatItAcknowledged) {
  TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg, MeasuresOf("m"))), 1);
  ASSERT_EQ(Commit(Publish("prod", "p2").Whole(pg).Acknowledged("an earlier life", 5)), 6);
  VARVE_ASSERT_OK(store().Tag("prod", 1, "v1"));
  const std::string incarnation = store().incarnation();
  Close();
  Open();
  EXPECT_EQ(store().incarnation(), incarnation);
  EXPECT_THAT(Lines(1), ElementsAre("table public.orders structure: a"));
  EXPECT_EQ(store().ReadMeasures("prod", 1, "postgres").value(), MeasuresOf("m"));
  EXPECT_THAT(store().FindSnapshot("prod", 1)->tags, ElementsAre("v1"));
  EXPECT_EQ(HeadOf("postgres").seq, 6);
  EXPECT_EQ(Commit(Publish("prod", "p2").Whole(pg)), 6);
  EXPECT_EQ(Commit(Publish("prod", "p3").Same(pg)), 7);
}

TEST_P(StoreConformance, TwoStoresAreTwoLives) {
  TemporaryFolder other_folder;
  const auto other = GetParam().open(other_folder.path());
  VARVE_ASSERT_OK(other);
  EXPECT_NE((*other)->incarnation(), store().incarnation());
  EXPECT_FALSE(store().incarnation().empty());
}

}  // namespace
}  // namespace varve::testing
