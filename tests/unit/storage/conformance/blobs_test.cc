// Shapes and coverages: kept once, and never shown where they are not what they were.
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

BlobHash BlobOf(absl::string_view bytes) { return HashOf<BlobHash>(bytes); }

TEST_P(StoreConformance, TellsWhichBlobsItLacksEachOnceInTheOrderGiven) {
  ASSERT_EQ(Put(Tables().See(Table("orders"), "b")), 1);
  const std::vector<BlobHash> asked = {BlobOf("c"), BlobOf("a"), BlobOf("b"), BlobOf("a"),
                                       BlobOf("c")};
  EXPECT_THAT(store().MissingBlobs(asked).value(), ElementsAre(BlobOf("c"), BlobOf("a")));
  EXPECT_THAT(store().MissingBlobs({}).value(), IsEmpty());
}

TEST_P(StoreConformance, BlobsReadBackAsTheyCameWhateverTheirSize) {
  const std::string large(size_t{3} << 20, 'x');
  TestSection pg = Tables().See(Table("empty"), "").See(Table("large"), large);
  ASSERT_EQ(Put(pg.See(Table("zeros"), std::string(100, '\0'))), 1);
  EXPECT_EQ(store().ReadBlob(BlobOf("")).value(), "");
  EXPECT_EQ(store().ReadBlob(BlobOf(large)).value(), large);
  EXPECT_EQ(store().ReadBlob(BlobOf(std::string(100, '\0'))).value(), std::string(100, '\0'));
}

TEST_P(StoreConformance, ABlobThatIsNotThereIsNotFound) {
  EXPECT_THAT(store().ReadBlob(BlobOf("a")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(BlobOf("a").Hex())));
}

TEST_P(StoreConformance, BlobsThatNoLineNamesAreNotKept) {
  Publish publish("prod", "p1");
  publish.Whole(Tables().See(Table("orders"), "a"));
  publish.pending().blobs[BlobOf("stray")] = "stray";
  ASSERT_EQ(Commit(publish), 1);
  EXPECT_THAT(store().MissingBlobs({BlobOf("stray")}).value(), ElementsAre(BlobOf("stray")));
}

TEST_P(StoreConformance, AFlippedBitInAShapeIsDataLossAndNeverAnAnswer) {
  const std::string shape = "a shape that is long enough to be compressed, compressed, compressed";
  ASSERT_EQ(Put(Tables().See(Table("items"), "b").See(Table("orders"), shape)), 1);
  Close();
  VARVE_ASSERT_OK(GetParam().damage_blob(folder(), BlobOf(shape)));
  Open();
  EXPECT_THAT(store().ReadBlob(BlobOf(shape)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is damaged")));
  EXPECT_THAT(LoadSnapshot(store(), "prod", 1),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("reading section postgres of prod@1: blob ")));
  EXPECT_EQ(store().ReadBlob(BlobOf("b")).value(), "b");
}

TEST_P(StoreConformance, ASnapshotLoadsWithTheShapesOfAllThatItShows) {
  const LineKey weak = Table("orders");
  const LineKey locked = Table("orders", v1::FACET_EXPRESSIONS);
  TestSection pg = Tables().See(weak, "run").See(locked, "x");
  ASSERT_EQ(Put(pg), 1);
  pg.See(weak, "static", {.way = v1::WAY_STATIC}).Unsee(locked, v1::SIGHT_LOCKED);
  ASSERT_EQ(Put(pg), 2);
  const auto snapshot = LoadSnapshot(store(), "prod", 2);
  VARVE_ASSERT_OK(snapshot);
  ASSERT_EQ(snapshot->sections.size(), 1u);
  for (const char* const shape : {"run", "static", "x"}) {
    EXPECT_EQ(snapshot->sections[0].shapes->count(ShapeOf(shape)), 1u) << shape;
  }
  EXPECT_EQ(HashOf<CoverageHash>(snapshot->sections[0].coverage).bytes(),
            snapshot->sections[0].header.coverage_hash());
  EXPECT_EQ(snapshot->seq, 2);
}

std::vector<std::string> LoadedShapes(const Snapshot& snapshot) {
  std::vector<std::string> texts;
  for (const auto& [hash, bytes] : *snapshot.sections.at(0).shapes) texts.push_back(bytes);
  return texts;
}

TEST_P(StoreConformance, APairForADiffHasTheShapesOfWhatDiffersAlone) {
  const LineKey locked = Table("locked");
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "old");
  pg.See(locked, "unseen later").See(Table("gone"), "removed");
  ASSERT_EQ(Put(pg), 1);
  pg.See(Table("orders"), "new").Unsee(locked, v1::SIGHT_LOCKED).Drop(Table("gone"));
  ASSERT_EQ(Put(pg), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), UnorderedElementsAre("old", "removed", "unseen later"));
  EXPECT_THAT(LoadedShapes(pair->after), ElementsAre("new"));
  EXPECT_EQ(pair->before.sections[0].lines.size(), 4u);
  EXPECT_EQ(pair->after.seq, 2);
}

// A name in an equal shape may mean another object.
TEST_P(StoreConformance, APairForADiffHasAllShapesWhereSomethingWasRenamed) {
  const SeenFacts facts = {.locator = LocatorOf("1/2/3")};
  TestSection pg = Tables().See(Table("items"), "equal").See(Table("orders"), "b", facts);
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.Drop(Table("orders")).See(Table("people"), "b", facts)), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), UnorderedElementsAre("b", "equal"));
  EXPECT_THAT(LoadedShapes(pair->after), UnorderedElementsAre("b", "equal"));
}

TEST_P(StoreConformance, APairForADiffHasAllShapesOfKeyPatterns) {
  const LineKey users = Key("key_pattern", {"0", "user:<n>"});
  TestSection redis("redis");
  ASSERT_EQ(Put(redis.See(users, "hash").Cover("key_pattern", v1::FACET_STRUCTURE)), 1);
  ASSERT_EQ(Put(redis.See(Key("key_pattern", {"0", "job:<n>"}), "list")), 2);
  const auto pair = LoadForDiff(store(), {"prod", 1}, {"prod", 2});
  VARVE_ASSERT_OK(pair);
  EXPECT_THAT(LoadedShapes(pair->before), ElementsAre("hash"));
  EXPECT_THAT(LoadedShapes(pair->after), UnorderedElementsAre("hash", "list"));
}

TEST_P(StoreConformance, ADamagedShapeThatADiffNeedsIsDataLoss) {
  const std::string shape = "a shape that is long enough to be compressed, compressed, compressed";
  TestSection pg = Tables().See(Table("orders"), shape);
  ASSERT_EQ(Put(pg), 1);
  ASSERT_EQ(Put(pg.See(Table("orders"), "new")), 2);
  Close();
  VARVE_ASSERT_OK(GetParam().damage_blob(folder(), BlobOf(shape)));
  Open();
  EXPECT_THAT(LoadForDiff(store(), {"prod", 1}, {"prod", 2}),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("reading section postgres of prod@1: blob ")));
}

}  // namespace
}  // namespace varve::testing
