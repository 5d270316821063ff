#include "collector/snapshot_parts.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

constexpr size_t kMessageLimit = size_t{1} << 20;

// A section of `count` schemas whose comments have `comment_size` bytes each, all different.
Section SectionOf(int count, size_t comment_size) {
  SectionBuilder builder("postgres", "postgres", 1);
  for (int i = 0; i < count; ++i) {
    v1::Shape docs;
    docs.mutable_docs()->set_comment(std::string(comment_size, 'x') + absl::StrCat(i));
    builder.Add({"schema", {absl::StrCat("s", i)}}, v1::FACET_DOCS, docs);
  }
  builder.CoverWhole("schema");
  return builder.Finish();
}

Snapshot SnapshotOf(Section section) {
  Snapshot snapshot;
  snapshot.header.set_environment("prod");
  *snapshot.header.add_sections() = section.header;
  snapshot.sections.push_back(std::move(section));
  return snapshot;
}

TEST(CutSnapshot, NoMessageIsLargerThanAMebibyteAndNothingIsLost) {
  const Snapshot snapshot = SnapshotOf(SectionOf(3, 3u << 20));
  const std::vector<v1::SnapshotPart> parts =
      CutSnapshot({}, snapshot, {std::string(2u << 20, 'm')});
  std::map<std::string, std::string> blobs;
  size_t measures = 0;
  for (const v1::SnapshotPart& part : parts) {
    EXPECT_LE(part.ByteSizeLong(), kMessageLimit);
    for (const v1::BlobPiece& piece : part.blobs().pieces()) blobs[piece.hash()] += piece.data();
    measures += part.measures().data().size();
  }
  EXPECT_EQ(measures, 2u << 20);
  const Section& section = snapshot.sections[0];
  EXPECT_EQ(blobs.size(), section.shapes.size() + 1);
  for (const auto& [hash, bytes] : section.shapes) {
    EXPECT_EQ(blobs[std::string(hash.bytes())], bytes);
  }
  EXPECT_EQ(blobs[section.header.coverage_hash()], section.coverage);
}

TEST(CutSnapshot, ManyLinesAreCutWithoutLosingOne) {
  const Snapshot snapshot = SnapshotOf(SectionOf(20'000, 10));
  int lines = 0;
  for (const v1::SnapshotPart& part : CutSnapshot({}, snapshot, {""})) {
    EXPECT_LE(part.ByteSizeLong(), kMessageLimit);
    lines += part.lines().lines_size();
  }
  EXPECT_EQ(lines, 20'000);
}

TEST(CutAnswer, PartsMergeIntoTheWhole) {
  v1::DiffResult whole;
  whole.set_before("prod@1");
  whole.set_verdict(v1::VERDICT_DIFFERENT);
  whole.add_not_configured("redis");
  for (int i = 0; i < 3000; ++i) {
    v1::Difference& difference = *whole.add_differences();
    difference.set_section(std::string(600, 's'));
    difference.add_changes()->set_before(absl::StrCat(i));
  }
  const std::vector<v1::DiffResult> parts = CutAnswer(whole);
  EXPECT_GT(parts.size(), 1u);
  v1::DiffResult merged;
  for (const v1::DiffResult& part : parts) {
    EXPECT_LE(part.ByteSizeLong(), kMessageLimit);
    merged.MergeFrom(part);
  }
  EXPECT_EQ(merged.SerializeAsString(), whole.SerializeAsString());
}

}  // namespace
}  // namespace varve
