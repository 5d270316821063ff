// Shapes and coverages: kept once, and never shown where they are not what they were.
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace varve::testing
