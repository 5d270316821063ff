#include "cli/render/snapshot_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/render/files.h"
#include "snapshot/stored_line.h"
#include "tests/support/sample_snapshot.h"
#include "tests/unit/cli/render/rendered_files.h"

namespace varve {
namespace {

using ::testing::AllOf;
using testing::FileJson;
using ::testing::HasSubstr;
using testing::Json;
using testing::StatusIs;

void ExpectSame(const Section& read, const Section& written) {
  EXPECT_EQ(read.header.SerializeAsString(), written.header.SerializeAsString());
  EXPECT_EQ(read.coverage, written.coverage);
  EXPECT_EQ(*read.shapes, *written.shapes);
  EXPECT_EQ(read.measures->SerializeAsString(), written.measures->SerializeAsString());
  ASSERT_EQ(read.lines.size(), written.lines.size());
  for (size_t at = 0; at < read.lines.size(); ++at) {
    EXPECT_EQ(ToProto(read.lines->at(at)).SerializeAsString(),
              ToProto(written.lines->at(at)).SerializeAsString());
  }
}

void ExpectSame(const Snapshot& read, const Snapshot& written) {
  EXPECT_EQ(read.header.SerializeAsString(), written.header.SerializeAsString());
  EXPECT_EQ(read.seq, written.seq);
  EXPECT_EQ(read.time_us, written.time_us);
  EXPECT_EQ(read.received_at_us, written.received_at_us);
  ASSERT_EQ(read.sections.size(), written.sections.size());
  for (size_t at = 0; at < read.sections.size(); ++at) {
    ExpectSame(read.sections[at], written.sections[at]);
  }
}

struct RoundTripCase {
  const char* name;
  Snapshot (*make)();
};
class SnapshotFiles : public ::testing::TestWithParam<RoundTripCase> {};

TEST_P(SnapshotFiles, ReadBackAsExactlyWhatWasExported) {
  const testing::TemporaryFolder folder;
  const Snapshot written = GetParam().make();
  VARVE_ASSERT_OK(WriteFourFiles(written, folder.Path("a"), {}));
  const absl::StatusOr<Snapshot> read = ReadSnapshotFiles(folder.Path("a"));
  VARVE_ASSERT_OK(read);
  ExpectSame(*read, written);
}

Section UnavailableRedis() {
  return SectionBuilder::Unavailable("redis", "redis", "h:6379", "connecting", "refused", "start");
}

// Read back from a store: a line that could not be seen, with what was seen last.
Snapshot WithLastSeen() {
  Section models = testing::SampleModels();
  ReadLine line;
  line.line.key = {{"model", {"zoo", "Last"}}, v1::FACET_STRUCTURE};
  line.line.unseen = v1::SIGHT_FAILED;
  line.sent = false;
  line.last_seen = models.lines->front().line.seen;
  line.last_seen_seq = 3;
  line.last_seen_us = 5;
  std::vector<ReadLine>& lines = models.lines.Edit();
  const auto after = std::find_if(lines.begin(), lines.end(), [](const ReadLine& at) {
    return at.line.key.entity.kind != "model";
  });
  lines.insert(after, line);
  return testing::Assemble({models});
}

INSTANTIATE_TEST_SUITE_P(
    All, SnapshotFiles,
    ::testing::Values(
        RoundTripCase{"Sample", testing::SampleSnapshot},
        RoundTripCase{"Empty", [] { return testing::Assemble({}); }},
        RoundTripCase{"Unavailable", [] { return testing::Assemble({UnavailableRedis()}); }},
        RoundTripCase{
            "OtherOrderOfSections",
            [] {
              return testing::Assemble({testing::SampleModels(), testing::SamplePostgres()});
            }},
        RoundTripCase{"LastSeen", WithLastSeen},
        RoundTripCase{"NewerSourceKind",
                      [] {
                        SectionBuilder builder("kafka", "kafka", 1);
                        return testing::Assemble({builder.Finish(), testing::SampleRedis()});
                      }}),
    [](const auto& info) { return info.param.name; });

TEST(SnapshotFiles, AreFoundByABaseThatEndsInJson) {
  const testing::TemporaryFolder folder;
  VARVE_ASSERT_OK(WriteFourFiles(testing::SampleSnapshot(), folder.Path("a"), {}));
  VARVE_EXPECT_OK(ReadSnapshotFiles(folder.Path("a.json")));
}

TEST(SnapshotFiles, ThatAreNotThereAreNamed) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(ReadSnapshotFiles(folder.Path("a")),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("a_schema.json"), HasSubstr("file:BASE reads"))));
}

TEST(SnapshotFiles, OfTwoSnapshotsAreRefused) {
  const testing::TemporaryFolder folder;
  VARVE_ASSERT_OK(WriteFourFiles(testing::SampleSnapshot(), folder.Path("a"), {}));
  Snapshot other = testing::SampleSnapshot();
  other.seq = 43;
  VARVE_ASSERT_OK(WriteFourFiles(other, folder.Path("b"), {}));
  std::filesystem::rename(folder.Path("b_redis.json"), folder.Path("a_redis.json"));
  EXPECT_THAT(ReadSnapshotFiles(folder.Path("a")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("different snapshots")));
}

TEST(SnapshotFiles, AFolderInTheirPlaceIsNoFile) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(std::filesystem::create_directory(folder.Path("a_schema.json")));
  EXPECT_THAT(ReadSnapshotFiles(folder.Path("a")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cannot be read")));
}

struct SpoiledCase {
  const char* name;
  void (*spoil)(Json& file);
  absl::StatusCode code;
  const char* words;
};
class SpoiledFiles : public ::testing::TestWithParam<SpoiledCase> {};

TEST_P(SpoiledFiles, AreRefusedWithWhatIsWrong) {
  Json file = FileJson(testing::SampleSnapshot(), "redis");
  GetParam().spoil(file);
  EXPECT_THAT(ParseSnapshotFile(file.dump()),
              StatusIs(GetParam().code, HasSubstr(GetParam().words)));
}

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

INSTANTIATE_TEST_SUITE_P(
    All, SpoiledFiles,
    ::testing::Values(
        SpoiledCase{"NoVarve", [](Json& f) { f.erase("varve"); },
                    absl::StatusCode::kInvalidArgument, "only files of varve"},
        SpoiledCase{"NewerFormat", [](Json& f) { f["varve"]["format"] = 2; },
                    absl::StatusCode::kFailedPrecondition, "use a newer varve"},
        SpoiledCase{"NotBase64", [](Json& f) { f["varve"]["data"]["redis"] = "%%%"; }, kDataLoss,
                    "section 'redis' is not base64"},
        SpoiledCase{"NotZstd", [](Json& f) { f["varve"]["data"]["redis"] = "AAAA"; }, kDataLoss,
                    "section 'redis'"},
        SpoiledCase{"HeadNotZstd", [](Json& f) { f["varve"]["snapshot"] = "AAAA"; }, kDataLoss,
                    "the snapshot's head"},
        SpoiledCase{"HeadInPlaceOfData",
                    [](Json& f) { f["varve"]["data"]["redis"] = f["varve"]["snapshot"]; },
                    kDataLoss, "section 'redis'"},
        SpoiledCase{"SectionOfAnotherName",
                    [](Json& f) { f["varve"]["data"]["cache"] = f["varve"]["data"]["redis"]; },
                    kDataLoss, "section 'cache' is not in the snapshot's head"},
        SpoiledCase{"DataOfAnotherSection",
                    [](Json& f) {
                      f["varve"]["data"]["redis"] =
                          FileJson(testing::SampleSnapshot(), "models")["varve"]["data"]["models"];
                    },
                    kDataLoss, "fails its hash"}),
    [](const auto& info) { return info.param.name; });

TEST(SpoiledFiles, TheReadablePartIsForPeopleAlone) {
  Json file = FileJson(testing::SampleSnapshot(), "redis");
  file["keys"] = "edited";
  file["summary"]["total_keys"] = 0;
  VARVE_EXPECT_OK(ParseSnapshotFile(file.dump()));
}

}  // namespace
}  // namespace varve
