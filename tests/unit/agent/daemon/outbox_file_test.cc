#include "agent/daemon/outbox_file.h"

#include "absl/strings/str_cat.h"
#include "base/zstd.h"
#include "snapshot/hash.h"
#include "tests/support/matchers.h"
#include "tests/unit/agent/daemon/snapshots.h"
#include "varve/v1/measures.pb.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TestSnapshot;

std::string SomeFile() {
  return EncodeOutboxFile(ToOutbox(TestSnapshot(1, {{"orders", "id"}, {"refunds", "id"}})));
}

TEST(OutboxFile, HoldsTheBytesThatTheManifestsHashCovers) {
  const Snapshot snapshot = TestSnapshot(7, {{"orders", "total"}, {"refunds", "id"}});
  const auto read = DecodeOutboxFile(EncodeOutboxFile(ToOutbox(snapshot)));
  VARVE_ASSERT_OK(read);
  EXPECT_EQ(read->header().SerializeAsString(), snapshot.header.SerializeAsString());
  ASSERT_EQ(read->sections_size(), 1);
  const Section& section = snapshot.sections[0];
  EXPECT_EQ(read->sections(0).coverage(), section.coverage);
  ASSERT_EQ(read->sections(0).lines_size(), 2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(read->sections(0).lines(i),
              LineBytes(section.lines->at(static_cast<size_t>(i)).line));
  }
}

TEST(OutboxFile, ShapesAreSortedByTheirHashAndMeasuresInflate) {
  const v1::OutboxSnapshot snapshot =
      ToOutbox(TestSnapshot(3, {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}));
  const v1::OutboxSection& section = snapshot.sections(0);
  ASSERT_EQ(section.shapes_size(), 4);
  for (int i = 1; i < 4; ++i) {
    EXPECT_LT(HashOf<BlobHash>(section.shapes(i - 1)), HashOf<BlobHash>(section.shapes(i)));
  }
  const auto bytes = Inflated(section.measures(), 1 << 20);
  VARVE_ASSERT_OK(bytes);
  v1::Measures measures;
  ASSERT_TRUE(measures.ParseFromString(*bytes));
  EXPECT_EQ(measures.entities_size(), 4);
}

TEST(OutboxFile, EachFlippedByteIsFound) {
  const std::string whole = SomeFile();
  constexpr size_t kVersionAt = 7;  // a file of another version says so instead
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    const auto code =
        at == kVersionAt ? absl::StatusCode::kUnimplemented : absl::StatusCode::kDataLoss;
    EXPECT_EQ(DecodeOutboxFile(damaged).status().code(), code) << "byte " << at;
  }
}

TEST(OutboxFile, EachShorterFileIsFound) {
  const std::string whole = SomeFile();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(DecodeOutboxFile(whole.substr(0, size)).status().code(), absl::StatusCode::kDataLoss)
        << size << " bytes";
  }
  EXPECT_THAT(DecodeOutboxFile(whole + "x"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("hash")));
}

TEST(OutboxFile, ANewerAgentsFileAsksForAnUpgrade) {
  std::string newer = SomeFile();
  newer[7] = '2';
  EXPECT_THAT(DecodeOutboxFile(newer),
              StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("upgrade")));
}

// Whoever can write the file can make its hash right.
std::string WithHash(absl::string_view frame) {
  return absl::StrCat("VARVOUT1", HashOf<BlobHash>(frame).bytes(), frame);
}

TEST(OutboxFile, HostileContentUnderARightHashIsNoSnapshot) {
  v1::OutboxSnapshot more_sections_than_headers;
  more_sections_than_headers.add_sections();
  for (const std::string& frame :
       {std::string("not zstd"), Compressed("not protobuf \xff\xff"),
        Compressed(more_sections_than_headers.SerializeAsString()), std::string()}) {
    EXPECT_EQ(DecodeOutboxFile(WithHash(frame)).status().code(), absl::StatusCode::kDataLoss);
  }
}

}  // namespace
}  // namespace varve
