// What a commit refuses, by what its agent is to do: begin again, or never send that again.
#include <cstdint>
#include <limits>
#include <utility>

#include "base/zstd.h"
#include "snapshot/manifest.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kAborted = absl::StatusCode::kAborted;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST_P(StoreConformance, SameAsWhatIsNotTheHeadIsToBeginAgain) {
  const TestSection old = Tables().See(Table("orders"), "a");
  EXPECT_THAT(store().Commit(Publish("prod", "p1").Same(old)),
              StatusIs(kAborted, HasSubstr("begin again with the header")));
  ASSERT_EQ(Put(old), 1);
  ASSERT_EQ(Put(Tables().See(Table("orders"), "b")), 2);
  EXPECT_THAT(store().Commit(Publish("prod", "p2").Same(old)),
              StatusIs(kAborted, HasSubstr("section postgres: its manifest is not the head")));
}

TEST_P(StoreConformance, SameWithoutWhatTheHeadSaysOfItsLinesIsRefused) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  Publish publish("prod", "p2");
  publish.Same(pg);
  publish.pending().sections[0].header.set_revision(2);
  EXPECT_THAT(store().Commit(publish), StatusIs(kInvalid, HasSubstr("revision")));
}

TEST_P(StoreConformance, ADeltaToABaseThatIsNotTheHeadIsToBeginAgain) {
  const TestSection first = Tables().See(Table("orders"), "a");
  const TestSection second = Tables().See(Table("orders"), "b");
  const TestSection third = Tables().See(Table("orders"), "c");
  ASSERT_EQ(Put(first), 1);
  const Head base = HeadOf("postgres");
  ASSERT_EQ(Put(second), 2);
  EXPECT_THAT(store().Commit(Publish("prod", "x").Delta(third, first, base)),
              StatusIs(kAborted, HasSubstr("its delta's base is not the head")));
  ASSERT_EQ(Put(first), 3);  // the manifest is the base's again, its number is not
  EXPECT_THAT(store().Commit(Publish("prod", "x").Delta(third, first, base)),
              StatusIs(kAborted, HasSubstr("its delta's base is not the head")));
  const Head other = {HeadOf("postgres").seq, second.manifest()};
  EXPECT_THAT(store().Commit(Publish("prod", "x").Delta(third, first, other)),
              StatusIs(kAborted, HasSubstr("its delta's base is not the head")));
}

TEST_P(StoreConformance, ADeltaToASectionThatWasTakenOutIsToBeginAgain) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  const Head base = HeadOf("postgres");
  ASSERT_EQ(Commit(Publish("prod", NextId())), 2);
  EXPECT_THAT(
      store().Commit(Publish("prod", "x").Delta(Tables().See(Table("orders"), "b"), pg, base)),
      StatusIs(kAborted, HasSubstr("begin again with the header")));
}

TEST_P(StoreConformance, AShapeThatIsMissingByNowIsToBeginAgain) {
  EXPECT_THAT(store().Commit(
                  Publish("prod", "p1").Whole(Tables().See(Table("orders"), "a")).WithoutBlobs()),
              StatusIs(kAborted, HasSubstr("is missing; begin again with the header")));
}

TEST_P(StoreConformance, AShapeThatAnotherEnvironmentBroughtIsThere) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Commit(Publish("test", "t1").Whole(pg)), 1);
  EXPECT_EQ(Commit(Publish("prod", "p1").Whole(pg).WithoutBlobs()), 1);
}

TEST_P(StoreConformance, WhatWasRefusedLeavesNothing) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  Publish publish("prod", "p1");
  publish.Whole(pg).Same(Tables("archive"));
  ASSERT_THAT(store().Commit(publish), StatusIs(kAborted, HasSubstr("section archive")));
  EXPECT_THAT(store().Environments().value(), IsEmpty());
  EXPECT_EQ(store().FindById("prod", "p1").value(), std::nullopt);
  EXPECT_EQ(store().MissingBlobs({HashOf<BlobHash>("a")})->size(), 1u);
  EXPECT_EQ(Commit(Publish("prod", "p1").Whole(pg)), 1);
}

TEST_P(StoreConformance, OneSectionThatIsRefusedRefusesTheSnapshot) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  Publish publish("prod", NextId());
  publish.Whole(Tables().See(Table("orders"), "b")).Same(Tables("archive"));
  ASSERT_THAT(store().Commit(publish), StatusIs(kAborted, HasSubstr("archive")));
  EXPECT_EQ(HeadOf("postgres").manifest, pg.manifest());
  EXPECT_EQ(store().ReadHead("prod")->last_seq, 1);
}

TEST_P(StoreConformance, ADeltaWhoseResultHasAnotherHashIsRefused) {
  const TestSection before = Tables().See(Table("orders"), "a").See(Table("items"), "b");
  const TestSection after = Tables().See(Table("orders"), "c").See(Table("items"), "b");
  ASSERT_EQ(Put(before), 1);
  Publish publish("prod", "x");
  publish.Delta(after, before, HeadOf("postgres"));
  publish.pending().sections[0].set.clear();
  EXPECT_THAT(store().Commit(publish),
              StatusIs(kInvalid, HasSubstr("section postgres: its lines hash to")));
}

TEST_P(StoreConformance, ADeltaThatDropsWhatItsBaseDoesNotHaveIsRefused) {
  const TestSection pg = Tables().See(Table("orders"), "a");
  ASSERT_EQ(Put(pg), 1);
  Publish publish("prod", "x");
  publish.Delta(pg, pg, HeadOf("postgres"));
  publish.pending().sections[0].dropped.push_back(Table("items"));
  EXPECT_THAT(store().Commit(publish),
              StatusIs(kInvalid, HasSubstr("the delta drops public.items (structure)")));
}

TEST_P(StoreConformance, CoverageThatIsNoCoverageIsRefused) {
  const std::string bytes = "\xff\xff no message";
  Publish publish("prod", "p1");
  PendingSnapshot& pending = publish.Whole(Tables()).pending();
  const auto hash = HashOf<CoverageHash>(bytes);
  v1::SectionHeader& header = pending.sections[0].header;
  header.set_coverage_hash(std::string(hash.bytes()));
  header.set_manifest_hash(std::string(HashManifest(header.revision(), hash, {}).bytes()));
  pending.blobs[HashOf<BlobHash>(bytes)] = bytes;
  EXPECT_THAT(store().Commit(publish), StatusIs(kInvalid, HasSubstr("does not parse")));
}

// Snapshots that no store may take, whatever it holds.
struct Spoiled {
  const char* what;
  void (*spoil)(PendingSnapshot&);
  const char* words;
};

const Spoiled kSpoiled[] = {
    {"an environment that is no name",
     [](PendingSnapshot& p) { p.header.set_environment("../etc"); }, "../etc"},
    {"no id", [](PendingSnapshot& p) { p.header.clear_snapshot_id(); }, "has no id"},
    {"an acknowledged number that leaves none to go on with",
     [](PendingSnapshot& p) {
       p.header.mutable_acknowledged()->set_seq(std::numeric_limits<int64_t>::max());
     },
     "the acknowledged number 9223372036854775807 is none of a snapshot"},
    {"a header without the section", [](PendingSnapshot& p) { p.header.clear_sections(); },
     "the header's sections are not those that came"},
    {"a section twice",
     [](PendingSnapshot& p) {
       *p.header.add_sections() = p.sections[0].header;
       p.sections.push_back(p.sections[0]);
     },
     "section postgres is there twice"},
    {"a section without a name",
     [](PendingSnapshot& p) {
       p.header.mutable_sections(0)->clear_name();
       p.sections[0].header.clear_name();
     },
     "it has no name"},
    {"a manifest of an unavailable section",
     [](PendingSnapshot& p) { p.sections[0].header.set_status(v1::SECTION_STATUS_UNAVAILABLE); },
     "its status says that it was not read"},
    {"unavailable with a manifest",
     [](PendingSnapshot& p) {
       p.sections[0].form = PendingSection::Form::kUnavailable;
       p.sections[0].header.set_status(v1::SECTION_STATUS_UNAVAILABLE);
     },
     "it is unavailable, but has a manifest"},
    {"neither read nor unavailable",
     [](PendingSnapshot& p) { p.sections[0].form = PendingSection::Form::kUnavailable; },
     "its status is not unavailable"},
    {"a manifest hash of another size",
     [](PendingSnapshot& p) { p.sections[0].header.set_manifest_hash("short"); },
     "section postgres"},
    {"another manifest hash",
     [](PendingSnapshot& p) { p.sections[0].header.set_manifest_hash(std::string(32, 'x')); },
     "its lines hash to"},
    {"other fingerprints",
     [](PendingSnapshot& p) { p.sections[0].header.mutable_fingerprints(0)->set_hash("x"); },
     "its fingerprints are not those of its lines"},
    {"lines out of order",
     [](PendingSnapshot& p) { std::swap(p.sections[0].set[0], p.sections[0].set[1]); },
     "table public.items, structure is out of order"},
    {"a line twice", [](PendingSnapshot& p) { p.sections[0].set[1] = p.sections[0].set[0]; },
     "table public.items, structure is there twice"},
    {"a line without a name",
     [](PendingSnapshot& p) { p.sections[0].set[0].key.entity.names.clear(); },
     "a line has no identity"},
    {"dropped lines of what is no delta",
     [](PendingSnapshot& p) { p.sections[0].dropped.push_back(Table("items")); },
     "drops lines, but is no delta"},
    {"measures that are no frame", [](PendingSnapshot& p) { p.sections[0].measures = "plain"; },
     "section postgres: its measures: "},
    {"measures that are cut short",
     [](PendingSnapshot& p) {
       p.sections[0].measures = MeasuresOf("m");
       p.sections[0].measures.pop_back();
     },
     "section postgres: its measures: "},
    {"measures that are no message",
     [](PendingSnapshot& p) { p.sections[0].measures = Compressed("\xff\xff\xff"); },
     "its measures do not parse"},
    {"lines of what is the same as its head",
     [](PendingSnapshot& p) { p.sections[0].form = PendingSection::Form::kSame; },
     "it is the same as its head, but has lines"},
    {"a blob under another name",
     [](PendingSnapshot& p) { p.blobs[HashOf<BlobHash>("one")] = "another"; },
     "does not hash to its name"},
};

TEST_P(StoreConformance, WhatDoesNotHoldTogetherIsRefusedWithWhatIsWrong) {
  for (const Spoiled& spoiled : kSpoiled) {
    SCOPED_TRACE(spoiled.what);
    Publish publish("prod", "p1");
    publish.Whole(Tables().See(Table("items"), "a").See(Table("orders"), "b"));
    spoiled.spoil(publish.pending());
    EXPECT_THAT(store().Commit(publish), StatusIs(kInvalid, HasSubstr(spoiled.words)));
  }
  EXPECT_THAT(store().Environments().value(), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
