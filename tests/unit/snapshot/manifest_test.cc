#include "snapshot/manifest.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

Line Seen_(const std::string& name, absl::string_view shape, const std::string& locator = "") {
  Line line;
  line.key = {{"table", {name}}, v1::FACET_STRUCTURE};
  line.seen = Seen{HashOf<ShapeHash>(shape), v1::WAY_RUN, "", "", locator};
  return line;
}

Line Unseen(const std::string& name) {
  Line line;
  line.key = {{"table", {name}}, v1::FACET_STRUCTURE};
  line.unseen = v1::SIGHT_LOCKED;
  return line;
}

std::string Located(const std::string& id) {
  v1::Locator locator;
  locator.set_id(id);
  return locator.SerializeAsString();
}

const CoverageHash kCoverage = HashOf<CoverageHash>("coverage");

TEST(Manifest, EverythingThatALineCarriesIsInTheHash) {
  const auto hash = [](const Line& line) { return HashManifest(1, kCoverage, {{line}}); };
  const ManifestHash base = hash(Seen_("a", "x", Located("1")));
  EXPECT_EQ(hash(Seen_("a", "x", Located("1"))), base);
  EXPECT_NE(hash(Seen_("b", "x", Located("1"))), base);
  EXPECT_NE(hash(Seen_("a", "y", Located("1"))), base);
  EXPECT_NE(hash(Seen_("a", "x", Located("2"))), base);
  EXPECT_NE(hash(Unseen("a")), base);
}

TEST(Manifest, RevisionAndCoverageAreInTheHash) {
  EXPECT_NE(HashManifest(1, kCoverage, {}), HashManifest(2, kCoverage, {}));
  EXPECT_NE(HashManifest(1, kCoverage, {}), HashManifest(1, HashOf<CoverageHash>("other"), {}));
}

TEST(Manifest, OneByOneIsTheSameAsWhole) {
  const std::vector<Line> lines = {Seen_("a", "x"), Unseen("b")};
  ManifestHasher hasher(3, kCoverage);
  for (const Line& line : lines) hasher.Add(LineBytes(line));
  EXPECT_EQ(hasher.Finish(), HashManifest(3, kCoverage, lines));
}

std::string Fingerprint(const std::vector<Line>& lines) {
  const auto fingerprints = Fingerprints(lines);
  return fingerprints.empty() ? "" : fingerprints[0].hash();
}

TEST(Fingerprint, ComparesShapesAndNamesAlone) {
  const std::string base = Fingerprint({Seen_("a", "x", Located("1"))});
  EXPECT_EQ(Fingerprint({Seen_("a", "x", Located("2"))}), base);
  EXPECT_EQ(Fingerprint({Seen_("a", "x"), Unseen("b")}), base);
  EXPECT_NE(Fingerprint({Seen_("a", "y")}), base);
  EXPECT_NE(Fingerprint({Seen_("b", "x")}), base);
}

TEST(Fingerprint, AFacetThatNobodySawHasNone) {
  EXPECT_TRUE(Fingerprints({{Unseen("a")}}).empty());
}

}  // namespace
}  // namespace varve
