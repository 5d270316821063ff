#include "agent/daemon/publish_parts.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "agent/daemon/outbox_file.h"
#include "tests/support/matchers.h"
#include "tests/unit/agent/daemon/snapshots.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::TestSnapshot;

constexpr size_t kMostBytes = 1 << 20;  // of any message of the contract

// Takes what is sent, and holds that no message is larger than the contract allows.
class Sink {
 public:
  // A FunctionRef calls what it borrows as const.
  absl::Status operator()(const v1::PublishRequest& request) const {
    EXPECT_LE(request.ByteSizeLong(), kMostBytes);
    sent.push_back(request);
    return absl::OkStatus();
  }
  mutable std::vector<v1::PublishRequest> sent;
};

v1::OutboxSection SectionWith(const std::map<std::string, std::string>& tables) {
  return ToOutbox(TestSnapshot(1, tables)).sections(0);
}

std::map<std::string, std::string> ManyTables(int count, size_t name_bytes) {
  std::map<std::string, std::string> tables;
  for (int i = 0; i < count; ++i) {
    tables[absl::StrCat(1'000'000 + i, std::string(name_bytes, 't'))] = "id";
  }
  return tables;
}

ManifestBase BaseOf(const v1::OutboxSection& section) {
  ManifestBase base;
  base.head.set_incarnation("first");
  base.head.set_seq(7);
  base.head.set_manifest_hash(std::string(32, 'm'));
  base.lines.assign(section.lines().begin(), section.lines().end());
  return base;
}

TEST(SendManifest, AWholeOneGoesInPartsThatEndOnce) {
  const v1::OutboxSection section = SectionWith(ManyTables(5000, 200));
  Sink sink;
  VARVE_ASSERT_OK(SendManifest("postgres", section, std::nullopt, sink));
  ASSERT_GT(sink.sent.size(), 1u);
  std::vector<std::string> lines;
  for (size_t i = 0; i < sink.sent.size(); ++i) {
    const v1::ManifestPart& part = sink.sent[i].manifest();
    EXPECT_EQ(part.section(), "postgres");
    EXPECT_FALSE(part.has_base());
    EXPECT_EQ(part.last(), i + 1 == sink.sent.size());
    lines.insert(lines.end(), part.lines().begin(), part.lines().end());
  }
  EXPECT_EQ(lines, std::vector<std::string>(section.lines().begin(), section.lines().end()));
}

TEST(SendManifest, AnEmptyOneIsOneMessage) {
  Sink sink;
  VARVE_ASSERT_OK(SendManifest("postgres", SectionWith({}), std::nullopt, sink));
  ASSERT_THAT(sink.sent, SizeIs(1));
  EXPECT_TRUE(sink.sent[0].manifest().last());
}

TEST(SendManifest, ADeltaHasWhatChangedAndWhatIsGone) {
  const v1::OutboxSection before =
      SectionWith({{"a", "id"}, {"b", "id"}, {"c", "id"}, {"d", "id"}, {"e", "id"}});
  const v1::OutboxSection after =
      SectionWith({{"b", "id"}, {"c", "other"}, {"d", "id"}, {"e", "id"}, {"f", "id"}});
  Sink sink;
  VARVE_ASSERT_OK(SendManifest("postgres", after, BaseOf(before), sink));
  ASSERT_THAT(sink.sent, SizeIs(1));
  const v1::ManifestPart& part = sink.sent[0].manifest();
  EXPECT_EQ(part.base().seq(), 7);
  EXPECT_THAT(part.lines(), ElementsAre(after.lines(1), after.lines(4)));
  ASSERT_THAT(part.dropped(), SizeIs(1));
  EXPECT_THAT(part.dropped(0).identity().names(), ElementsAre("public", "a"));
  EXPECT_EQ(part.dropped(0).facet(), v1::FACET_STRUCTURE);
}

TEST(SendManifest, ADeltaThatIsNotLessGoesWhole) {
  const v1::OutboxSection before = SectionWith({{"a", "id"}, {"b", "id"}});
  const v1::OutboxSection after = SectionWith({{"c", "id"}, {"d", "id"}});
  Sink sink;
  VARVE_ASSERT_OK(SendManifest("postgres", after, BaseOf(before), sink));
  ASSERT_THAT(sink.sent, SizeIs(1));
  EXPECT_FALSE(sink.sent[0].manifest().has_base());
  EXPECT_THAT(sink.sent[0].manifest().lines(), SizeIs(2));
}

TEST(SendManifest, ALongDeltaGoesInPartsThatAllNameTheirBase) {
  const v1::OutboxSection before = SectionWith(ManyTables(9000, 100));
  std::map<std::string, std::string> tables = ManyTables(9000, 100);
  int i = 0;
  for (auto& [name, column] : tables) {
    if (++i % 3 == 0) column = "changed";
  }
  Sink sink;
  VARVE_ASSERT_OK(SendManifest("postgres", SectionWith(tables), BaseOf(before), sink));
  ASSERT_GT(sink.sent.size(), 1u);
  for (const v1::PublishRequest& request : sink.sent) EXPECT_EQ(request.manifest().base().seq(), 7);
}

TEST(SendManifest, ALineThatDoesNotParseIsRefused) {
  ManifestBase base = BaseOf(SectionWith({{"a", "id"}}));
  base.lines[0] = "\xff\xff";
  Sink sink;
  EXPECT_THAT(SendManifest("postgres", SectionWith({{"a", "id"}}), base, sink),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("parse")));
  EXPECT_THAT(sink.sent, IsEmpty());
}

TEST(SendManifest, AnErrorOfTheStreamEndsIt) {
  int sent = 0;
  const auto broken = [&sent](const v1::PublishRequest&) {
    return ++sent == 2 ? absl::UnavailableError("cut") : absl::OkStatus();
  };
  EXPECT_THAT(SendManifest("postgres", SectionWith(ManyTables(5000, 200)), std::nullopt, broken),
              StatusIs(absl::StatusCode::kUnavailable, "cut"));
  EXPECT_EQ(sent, 2);
}

// Blobs put together again from the pieces that were sent.
std::map<std::string, std::string> Joined(const std::vector<v1::PublishRequest>& sent) {
  std::map<std::string, std::string> blobs;
  for (const v1::PublishRequest& request : sent) {
    for (const v1::BlobPiece& piece : request.blobs().pieces()) blobs[piece.hash()] += piece.data();
  }
  return blobs;
}

TEST(SendBlobs, HugeOnesGoInPiecesAndSmallOnesShareAMessage) {
  const std::string huge(3 << 20, 'h');
  const std::string small = "small";
  const std::string empty;
  absl::flat_hash_map<BlobHash, absl::string_view> blobs;
  std::vector<BlobHash> wanted;
  for (const std::string& bytes : {small, huge, empty}) {
    wanted.push_back(HashOf<BlobHash>(bytes));
  }
  blobs[wanted[0]] = small;
  blobs[wanted[1]] = huge;
  blobs[wanted[2]] = empty;
  Sink sink;
  VARVE_ASSERT_OK(SendBlobs(wanted, blobs, sink));
  EXPECT_GT(sink.sent.size(), 3u);
  EXPECT_GE(sink.sent[0].blobs().pieces_size(), 2);  // the small one, and the huge one's first
  const std::map<std::string, std::string> joined = Joined(sink.sent);
  ASSERT_THAT(joined, SizeIs(3));
  for (const BlobHash& hash : wanted) {
    EXPECT_EQ(HashOf<BlobHash>(joined.at(std::string(hash.bytes()))), hash);
  }
}

TEST(SendBlobs, ThousandsOfSmallOnesStayWithinTheBound) {
  const v1::OutboxSnapshot snapshot = ToOutbox(TestSnapshot(1, [] {
    std::map<std::string, std::string> tables;
    for (int i = 0; i < 20'000; ++i) tables[absl::StrCat("t", i)] = absl::StrCat("c", i);
    return tables;
  }()));
  const auto blobs = BlobsOf(snapshot);
  std::vector<BlobHash> wanted;
  for (const auto& [hash, bytes] : blobs) wanted.push_back(hash);
  Sink sink;
  VARVE_ASSERT_OK(SendBlobs(wanted, blobs, sink));
  EXPECT_THAT(Joined(sink.sent), SizeIs(20'001));  // the coverage too
}

TEST(SendBlobs, NothingWantedIsNoMessage) {
  Sink sink;
  VARVE_ASSERT_OK(SendBlobs({}, {}, sink));
  EXPECT_THAT(sink.sent, IsEmpty());
}

TEST(SendBlobs, OneThatTheSnapshotDoesNotHaveIsRefused) {
  Sink sink;
  EXPECT_THAT(SendBlobs({HashOf<BlobHash>("never seen")}, {}, sink),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("does not have")));
}

TEST(SendMeasures, GoInPiecesAndTheLastOneSaysSo) {
  v1::OutboxSection section;
  section.set_measures(std::string(700 << 10, 'z'));
  Sink sink;
  VARVE_ASSERT_OK(SendMeasures("redis", section, sink));
  ASSERT_GT(sink.sent.size(), 1u);
  std::string joined;
  for (size_t i = 0; i < sink.sent.size(); ++i) {
    joined += sink.sent[i].measures().data();
    EXPECT_EQ(sink.sent[i].measures().last(), i + 1 == sink.sent.size());
  }
  EXPECT_EQ(joined, section.measures());
}

TEST(SendMeasures, NoneIsNoMessage) {
  Sink sink;
  VARVE_ASSERT_OK(SendMeasures("redis", v1::OutboxSection(), sink));
  EXPECT_THAT(sink.sent, IsEmpty());
}

}  // namespace
}  // namespace varve
