// What a commit makes of a snapshot: its number, its id, the heads, and what forms a section has.
#include "google/protobuf/util/message_differencer.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST_P(StoreConformance, NumbersSnapshotsFromOneInEachEnvironment) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  EXPECT_EQ(Commit(Publish("prod", "p1").Whole(pg)), 1);
  EXPECT_EQ(Commit(Publish("prod", "p2").Whole(pg)), 2);
  EXPECT_EQ(Commit(Publish("test", "t1").Whole(pg)), 1);
  EXPECT_EQ(Commit(Publish("prod", "p3").Whole(pg)), 3);
}

TEST_P(StoreConformance, CommittingTheSameIdTwiceKeepsOneSnapshot) {
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(Tables().See(Table("orders"), "a"))), 1);
  const auto again =
      store().Commit(Publish("prod", "p1").Whole(Tables().See(Table("orders"), "b")));
  VARVE_ASSERT_OK(again);
  EXPECT_EQ(again->seq, 1);
  EXPECT_TRUE(again->already_known);
  EXPECT_EQ(store().ReadHead("prod")->last_seq, 1);
  EXPECT_THAT(Lines(1), ElementsAre("table public.orders structure: a"));
}

TEST_P(StoreConformance, AnIdThatIsKnownAnswersItsNumberEvenWhereTheHeadHasMovedSince) {
  const TestSection first = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(first)), 1);
  ASSERT_EQ(Commit(Publish("prod", "p2").Same(first)), 2);
  ASSERT_EQ(Commit(Publish("prod", "p3").Whole(Tables().See(Table("orders"), "b"))), 3);
  const auto again = store().Commit(Publish("prod", "p2").Same(first));
  VARVE_ASSERT_OK(again);
  EXPECT_EQ(again->seq, 2);
  EXPECT_TRUE(again->already_known);
}

TEST_P(StoreConformance, AnIdBelongsToItsEnvironment) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "u").Whole(pg)), 1);
  const auto other = store().Commit(Publish("test", "u").Whole(pg));
  VARVE_ASSERT_OK(other);
  EXPECT_FALSE(other->already_known);
  EXPECT_EQ(store().FindById("prod", "u").value(), 1);
  EXPECT_EQ(store().FindById("test", "u").value(), 1);
  EXPECT_EQ(store().FindById("prod", "v").value(), std::nullopt);
  EXPECT_EQ(store().FindById("nobody", "u").value(), std::nullopt);
}

TEST_P(StoreConformance, NumbersGoOnPastWhatAnotherLifeOfTheStoreAcknowledged) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg)), 1);
  EXPECT_EQ(Commit(Publish("prod", "p2").Whole(pg).Acknowledged("an earlier life", 7)), 8);
  EXPECT_EQ(Commit(Publish("prod", "p3").Whole(pg).Acknowledged("an earlier life", 7)), 9);
  EXPECT_EQ(Commit(Publish("prod", "p4").Whole(pg)), 10);
}

TEST_P(StoreConformance, WhatThisLifeAcknowledgedRaisesNoNumber) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg)), 1);
  EXPECT_EQ(Commit(Publish("prod", "p2").Whole(pg).Acknowledged(store().incarnation(), 7)), 2);
}

TEST_P(StoreConformance, AHeadIsTheLastManifestUnderTheNumberThatPublishedItLast) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg)), 1);
  EXPECT_EQ(HeadOf("postgres").seq, 1);
  EXPECT_EQ(HeadOf("postgres").manifest, pg.manifest());
  ASSERT_EQ(Commit(Publish("prod", "p2").Same(pg)), 2);
  EXPECT_EQ(HeadOf("postgres").seq, 2);
  ASSERT_EQ(PutUnavailable("postgres"), 3);
  EXPECT_EQ(HeadOf("postgres").seq, 2);
  EXPECT_EQ(HeadOf("postgres").manifest, pg.manifest());
  EXPECT_EQ(store().ReadHead("prod")->last_seq, 3);
}

TEST_P(StoreConformance, ASectionThatWasTakenOutHasNoHead) {
  ASSERT_EQ(Put({Tables("postgres"), Tables("archive")}), 1);
  ASSERT_EQ(Put(Tables("archive")), 2);
  const auto head = store().ReadHead("prod");
  VARVE_ASSERT_OK(head);
  ASSERT_EQ(head->sections.size(), 1u);
  EXPECT_EQ(head->sections[0].first, "archive");
}

TEST_P(StoreConformance, AnEnvironmentThatNobodyPublishedToHasNoHead) {
  const auto head = store().ReadHead("prod");
  VARVE_ASSERT_OK(head);
  EXPECT_EQ(head->last_seq, 0);
  EXPECT_THAT(head->sections, IsEmpty());
}

TEST_P(StoreConformance, ASnapshotOfTheSameManifestReadsAsItsHead) {
  const TestSection pg = Tables()
                             .See(Table("orders"), "a")
                             .Unsee(Table("orders", v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Commit(Publish("prod", NextId()).Same(pg)), 2);
  EXPECT_EQ(Lines(2), Lines(1));
  EXPECT_THAT(Lines(2), ElementsAre("table public.orders structure: a",
                                    "table public.orders expressions: locked"));
}

TEST_P(StoreConformance, ADeltaReadsAsTheWholeThatItMeans) {
  const TestSection before =
      Tables().See(Table("gone"), "a").See(Table("kept"), "b").See(Table("moved"), "c");
  TestSection after = before;
  after.Drop(Table("gone")).See(Table("moved"), "d").See(Table("new"), "e");
  ASSERT_EQ(Put(before), 1);
  ASSERT_EQ(Commit(Publish("prod", NextId()).Delta(after, before, HeadOf("postgres"))), 2);
  EXPECT_THAT(Lines(2),
              ElementsAre("table public.kept structure: b", "table public.moved structure: d",
                          "table public.new structure: e"));
  EXPECT_EQ(HeadOf("postgres").manifest, after.manifest());
}

TEST_P(StoreConformance, ADeltaIsToWhatTheAgentSentAndNotToWhatTheCollectorWrote) {
  TestSection pg = Tables().See(Table("orders"), "a").See(Table("orders", v1::FACET_ACCESS), "x");
  ASSERT_EQ(Put(pg), 1);
  pg.Drop(Table("orders", v1::FACET_ACCESS))
      .Cover("table", v1::FACET_ACCESS, v1::SIGHT_NOT_PERMITTED);
  ASSERT_EQ(Put(pg), 2);  // the collector notes that access was not permitted
  TestSection next = pg;
  next.See(Table("items"), "b");
  ASSERT_EQ(Commit(Publish("prod", NextId()).Delta(next, pg, HeadOf("postgres"))), 3);
  EXPECT_THAT(Lines(3),
              ElementsAre("table public.items structure: b", "table public.orders structure: a",
                          "table public.orders access: not permitted (not sent), last x @1"));
}

TEST_P(StoreConformance, ADeltaAfterAStaticReadIsToThatRead) {
  const LineKey user = Key("model", {"app", "User"});
  const TestSection run = TestSection("models").Cover("model", v1::FACET_STRUCTURE).See(user, "a");
  TestSection weaker = run;
  weaker.See(user, "b", {.way = v1::WAY_STATIC});
  TestSection next = weaker;
  next.See(Key("model", {"app", "Zone"}), "z");
  ASSERT_EQ(Put(run), 1);
  ASSERT_EQ(Put(weaker), 2);
  ASSERT_EQ(Commit(Publish("prod", NextId()).Delta(next, weaker, HeadOf("models"))), 3);
  EXPECT_THAT(Lines(3, "models"), ElementsAre("model app.User structure: static b, last a @1",
                                              "model app.Zone structure: z"));
}

TEST_P(StoreConformance, AWholeManifestOfTheHeadsHashChangesNothing) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg), 2);
  EXPECT_EQ(Lines(2), Lines(1));
  EXPECT_EQ(HeadOf("postgres").seq, 2);
}

TEST_P(StoreConformance, KeepsTheHeaderAsItCame) {
  Publish publish("prod", "p1");
  publish.Whole(Tables("zeta")).Unavailable("alpha").At(11, 22);
  PendingSnapshot& pending = publish.pending();
  pending.header.set_occasion(v1::OCCASION_COMMAND);
  pending.header.set_agent_host("db-1");
  v1::Label& label = *pending.header.add_labels();
  label.set_name("tier");
  label.set_value("prod");
  v1::SectionError error;
  error.set_severity(v1::SectionError::SEVERITY_ERROR);
  error.set_doing("connecting to db-1:5432");
  error.set_why("connection refused");
  *pending.sections[1].header.add_errors() = error;
  *pending.header.mutable_sections(1) = pending.sections[1].header;
  ASSERT_EQ(Commit(publish), 1);
  const auto row = store().FindSnapshot("prod", 1);
  VARVE_ASSERT_OK(row);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(row->header, pending.header))
      << row->header.DebugString();
  EXPECT_EQ(row->seq, 1);
  EXPECT_EQ(row->received_at_us, 22);
}

TEST_P(StoreConformance, ASnapshotWithoutSectionsIsKept) {
  ASSERT_EQ(Commit(Publish("prod", "p1")), 1);
  const auto snapshot = LoadSnapshot(store(), "prod", 1);
  VARVE_ASSERT_OK(snapshot);
  EXPECT_THAT(snapshot->sections, IsEmpty());
}

TEST_P(StoreConformance, MeasuresReadBackAsTheyCameAndBelongToTheirSnapshot) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("prod", "p1").Whole(pg, MeasuresOf("one"))), 1);
  ASSERT_EQ(Commit(Publish("prod", "p2").Whole(pg)), 2);
  EXPECT_EQ(store().ReadMeasures("prod", 1, "postgres").value(), MeasuresOf("one"));
  EXPECT_EQ(store().ReadMeasures("prod", 2, "postgres").value(), "");
}

TEST_P(StoreConformance, EnvironmentsAreListedByName) {
  EXPECT_THAT(store().Environments().value(), IsEmpty());
  for (const char* const name : {"prod", "demo", "test"}) {
    ASSERT_EQ(Commit(Publish(name, "u")), 1);
  }
  EXPECT_THAT(store().Environments().value(), ElementsAre("demo", "prod", "test"));
}

}  // namespace
}  // namespace varve::testing
