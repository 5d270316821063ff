#include "cli/snapshot_assembly.h"

#include <functional>

#include "base/zstd.h"
#include "snapshot/stored_line.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using Parts = std::vector<v1::SnapshotPart>;

v1::SnapshotPart HeaderPart(const Snapshot& snapshot) {
  v1::SnapshotPart part;
  *part.mutable_header()->mutable_header() = snapshot.header;
  part.mutable_header()->set_seq(snapshot.seq);
  part.mutable_header()->set_time_us(snapshot.time_us);
  part.mutable_header()->set_received_at_us(snapshot.received_at_us);
  return part;
}

v1::SnapshotPart BlobPart(absl::string_view bytes) {
  v1::SnapshotPart part;
  v1::BlobPiece& piece = *part.mutable_blobs()->add_pieces();
  piece.set_hash(std::string(HashOf<BlobHash>(bytes).bytes()));
  piece.set_size_bytes(bytes.size());
  piece.set_data(std::string(bytes));
  return part;
}

// What a collector sends of `snapshot`: header; lines and measures; coverages and shapes.
Parts PartsOf(const Snapshot& snapshot) {
  Parts parts = {HeaderPart(snapshot)};
  for (const Section& section : snapshot.sections) {
    v1::SnapshotPart lines;
    lines.mutable_lines()->set_section(section.header.name());
    for (const ReadLine& line : section.lines) *lines.mutable_lines()->add_lines() = ToProto(line);
    parts.push_back(lines);
    v1::SnapshotPart measures;
    measures.mutable_measures()->set_section(section.header.name());
    measures.mutable_measures()->set_data(Compressed(section.measures->SerializeAsString()));
    parts.push_back(measures);
    parts.push_back(BlobPart(section.coverage));
    for (const auto& [hash, shape] : section.shapes) parts.push_back(BlobPart(shape));
  }
  return parts;
}

absl::StatusOr<Snapshot> Assembled(const Parts& parts) {
  SnapshotAssembly assembly;
  for (const v1::SnapshotPart& part : parts) {
    const absl::Status added = assembly.Add(part);
    if (!added.ok()) return added;
  }
  return assembly.Finish();
}

Snapshot OneSection() { return testing::Assemble({testing::SamplePostgres()}); }

TEST(SnapshotAssembly, MakesTheSnapshotThatWasSent) {
  const Snapshot sent = testing::SampleSnapshot();
  const absl::StatusOr<Snapshot> read = Assembled(PartsOf(sent));
  VARVE_ASSERT_OK(read);
  EXPECT_EQ(read->header.SerializeAsString(), sent.header.SerializeAsString());
  EXPECT_EQ(read->seq, sent.seq);
  EXPECT_EQ(read->time_us, sent.time_us);
  ASSERT_EQ(read->sections.size(), sent.sections.size());
  for (size_t at = 0; at < sent.sections.size(); ++at) {
    EXPECT_EQ(read->sections[at].coverage, sent.sections[at].coverage);
    EXPECT_EQ(*read->sections[at].shapes, *sent.sections[at].shapes);
    EXPECT_EQ(read->sections[at].measures->SerializeAsString(),
              sent.sections[at].measures->SerializeAsString());
    ASSERT_EQ(read->sections[at].lines.size(), sent.sections[at].lines.size());
  }
}

TEST(SnapshotAssembly, PutsABlobTogetherFromItsPieces) {
  Parts parts = PartsOf(OneSection());
  for (v1::SnapshotPart& part : parts) {
    if (part.blobs().pieces_size() == 0) continue;
    const v1::BlobPiece whole = part.blobs().pieces(0);
    v1::BlobPiece& first = *part.mutable_blobs()->mutable_pieces(0);
    first.set_data(whole.data().substr(0, 1));
    v1::BlobPiece& rest = *part.mutable_blobs()->add_pieces();
    rest = whole;
    rest.set_data(whole.data().substr(1));
  }
  VARVE_EXPECT_OK(Assembled(parts));
}

struct HostileCase {
  const char* name;
  void (*spoil)(Parts& parts);  // header, lines, measures, coverage, shapes of one section
  const char* words;
};
class HostileParts : public ::testing::TestWithParam<HostileCase> {};

TEST_P(HostileParts, AreDamageThatIsNamed) {
  Parts parts = PartsOf(OneSection());
  GetParam().spoil(parts);
  EXPECT_THAT(Assembled(parts), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(GetParam().words)));
}

v1::SectionHeader& SectionIn(Parts& parts) {
  return *parts[0].mutable_header()->mutable_header()->mutable_sections(0);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileParts,
    ::testing::Values(
        HostileCase{"NoHeader", [](Parts& p) { p.erase(p.begin(), p.end()); }, "no header"},
        HostileCase{"TwoHeaders", [](Parts& p) { p.push_back(p[0]); }, "two headers"},
        HostileCase{"LinesOfAnotherSection",
                    [](Parts& p) { p[1].mutable_lines()->set_section("other"); },
                    "section 'other' is not in the header"},
        HostileCase{"LinesTwice", [](Parts& p) { p.push_back(p[1]); }, "not in order"},
        HostileCase{"LineWithoutIdentity",
                    [](Parts& p) { p[1].mutable_lines()->mutable_lines(0)->clear_identity(); },
                    "postgres"},
        HostileCase{"LineMissing",
                    [](Parts& p) { p[1].mutable_lines()->mutable_lines()->RemoveLast(); },
                    "fail their manifest hash"},
        HostileCase{"MeasuresNotZstd",
                    [](Parts& p) { p[2].mutable_measures()->set_data("not zstd"); },
                    "the measures of postgres"},
        HostileCase{"MeasuresNotAMessage",
                    [](Parts& p) { p[2].mutable_measures()->set_data(Compressed("\xff\xff")); },
                    "the measures of postgres do not parse"},
        HostileCase{"CoverageMissing", [](Parts& p) { p.erase(p.begin() + 3); },
                    "the coverage of postgres is missing"},
        HostileCase{"ShapeMissing", [](Parts& p) { p.pop_back(); }, "the shape of"},
        HostileCase{"BlobOfOtherBytes",
                    [](Parts& p) {
                      std::string& data = *p[4].mutable_blobs()->mutable_pieces(0)->mutable_data();
                      data[0] = static_cast<char>(data[0] ^ 1);
                    },
                    "fails its hash"},
        HostileCase{"BlobCutShort",
                    [](Parts& p) {
                      p.back().mutable_blobs()->mutable_pieces(0)->mutable_data()->pop_back();
                    },
                    "is cut short"},
        HostileCase{
            "BlobLongerThanItSays",
            [](Parts& p) { p[4].mutable_blobs()->mutable_pieces(0)->mutable_data()->append("x"); },
            "the pieces of blob"},
        HostileCase{"BlobHashOfOddSize",
                    [](Parts& p) { p[4].mutable_blobs()->mutable_pieces(0)->set_hash("x"); },
                    "the hash of a blob has not 32 bytes"},
        HostileCase{"CoverageHashOfOddSize", [](Parts& p) { SectionIn(p).set_coverage_hash("x"); },
                    "the hash of postgres has not 32 bytes"},
        HostileCase{"ManifestHashWithoutCoverage",
                    [](Parts& p) { SectionIn(p).clear_coverage_hash(); },
                    "the hash of postgres has not 32 bytes"},
        HostileCase{"AnotherRevision", [](Parts& p) { SectionIn(p).set_revision(7); },
                    "fail their manifest hash"}),
    [](const auto& info) { return info.param.name; });

TEST(SnapshotAssembly, PassesOverPiecesOfANewerCollector) {
  Parts parts = PartsOf(OneSection());
  parts.emplace_back();
  VARVE_EXPECT_OK(Assembled(parts));
}

TEST(SnapshotAssembly, AnUnavailableSectionHasNeitherCoverageNorManifest) {
  const Snapshot sent = testing::Assemble({SectionBuilder::Unavailable(
      "redis", "redis", "h:6379", "connecting", "refused", "start it")});
  Parts parts = {HeaderPart(sent)};
  const absl::StatusOr<Snapshot> read = Assembled(parts);
  VARVE_ASSERT_OK(read);
  EXPECT_TRUE(read->sections[0].lines.empty());
}

}  // namespace
}  // namespace varve
