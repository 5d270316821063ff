#include "collector/publish_session.h"

#include "snapshot/section_builder.h"
#include "tests/unit/collector/publish_fixture.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;

TEST_F(PublishSessionTest, AFirstSnapshotIsAskedForWholeAndNumberedOne) {
  const absl::StatusOr<int64_t> seq = Publish(EnumSection({"sad", "ok"}), Id(1));
  VARVE_ASSERT_OK(seq);
  EXPECT_EQ(*seq, 1);
  EXPECT_EQ(missing_, 2);  // the shape and the coverage
}

TEST_F(PublishSessionTest, AnUnchangedStructureIsAskedForNothing) {
  VARVE_ASSERT_OK(Publish(EnumSection({"sad", "ok"}), Id(1)));
  EXPECT_EQ(*Publish(EnumSection({"sad", "ok"}), Id(2)), 2);
  EXPECT_EQ(missing_, 0);
}

TEST_F(PublishSessionTest, TheSameIdTwiceIsOneSnapshot) {
  EXPECT_EQ(*Publish(EnumSection({"sad"}), Id(1)), 1);
  EXPECT_EQ(*Publish(EnumSection({"sad"}), Id(1)), 1);
  EXPECT_EQ((*store_->Snapshots("prod", 0)).size(), 1u);
}

TEST_F(PublishSessionTest, AShapeThatTheFleetHasIsNotAskedForAgain) {
  VARVE_ASSERT_OK(Publish(EnumSection({"sad"}), Id(1)));
  VARVE_ASSERT_OK(Publish(EnumSection({"ok"}), Id(2)));
  VARVE_ASSERT_OK(Publish(EnumSection({"sad"}), Id(3)));
  EXPECT_EQ(missing_, 0);
}

TEST_F(PublishSessionTest, LinesThatFailTheirHashAreRefused) {
  const Section section = EnumSection({"sad"});
  v1::PublishRequest header = HeaderOf(section, Id(1));
  header.mutable_header()->mutable_sections(0)->set_manifest_hash(std::string(32, 'x'));
  PublishSession session = NewSession();
  VARVE_ASSERT_OK(session.Handle(header));
  EXPECT_THAT(session.Handle(ManifestOf(section)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fail their hash")));
}

TEST_F(PublishSessionTest, AShapeThatFailsItsHashIsRefused) {
  const Section section = EnumSection({"sad"});
  PublishSession session = NewSession();
  VARVE_ASSERT_OK(session.Handle(HeaderOf(section, Id(1))));
  const auto answers = session.Handle(ManifestOf(section));
  VARVE_ASSERT_OK(answers);
  EXPECT_THAT(session.Handle(BlobOf(answers->front().missing().hashes(0), "other bytes")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fails its hash")));
}

TEST_F(PublishSessionTest, ACommitBeforeAllShapesAreThereIsRefused) {
  const Section section = EnumSection({"sad"});
  PublishSession session = NewSession();
  VARVE_ASSERT_OK(session.Handle(HeaderOf(section, Id(1))));
  VARVE_ASSERT_OK(session.Handle(ManifestOf(section)));
  EXPECT_THAT(session.Handle(Commit()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2 shapes")));
  EXPECT_EQ((*store_->ReadHead("prod")).last_seq, 0);
}

TEST_F(PublishSessionTest, MessagesOutOfOrderAreRefused) {
  const Section section = EnumSection({"sad"});
  for (const v1::PublishRequest& first :
       {Commit(), ManifestOf(section), BlobOf("x", "y"), v1::PublishRequest()}) {
    PublishSession session = NewSession();
    EXPECT_THAT(session.Handle(first),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("does not belong here")));
  }
}

TEST_F(PublishSessionTest, LinesOutOfOrderAreRefused) {
  SectionBuilder builder("postgres", "postgres", 1);
  for (const char* const name : {"a", "b"}) {
    v1::Shape shape;
    shape.mutable_schema();
    builder.Add({"schema", {name}}, v1::FACET_STRUCTURE, shape);
  }
  const Section section = builder.Finish();
  v1::PublishRequest manifest = ManifestOf(section);
  manifest.mutable_manifest()->mutable_lines()->SwapElements(0, 1);
  PublishSession session = NewSession();
  VARVE_ASSERT_OK(session.Handle(HeaderOf(section, Id(1))));
  EXPECT_THAT(session.Handle(manifest),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not in order")));
}

TEST_F(PublishSessionTest, ADeltaToAnotherStoreIsToldToBeginAgain) {
  const Section section = EnumSection({"sad"});
  v1::PublishRequest manifest = ManifestOf(section);
  manifest.mutable_manifest()->mutable_base()->set_incarnation("another");
  manifest.mutable_manifest()->mutable_base()->set_manifest_hash(std::string(32, 'x'));
  PublishSession session = NewSession();
  VARVE_ASSERT_OK(session.Handle(HeaderOf(section, Id(1))));
  EXPECT_THAT(session.Handle(manifest),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("begin again")));
}

TEST_F(PublishSessionTest, MoreThanTheLimitIsRefused) {
  PublishLimits limits;
  limits.total_bytes = 64;
  PublishSession session = NewSession(limits);
  EXPECT_THAT(session.Handle(HeaderOf(EnumSection({"sad"}), Id(1))),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most")));
}

struct HeaderCase {
  const char* name;
  void (*spoil)(v1::SnapshotHeader&);
  const char* words;
};
class BadHeader : public PublishSessionTest, public ::testing::WithParamInterface<HeaderCase> {};

TEST_P(BadHeader, IsRefusedInWordsThatHelp) {
  v1::PublishRequest request = HeaderOf(EnumSection({"sad"}), Id(1));
  GetParam().spoil(*request.mutable_header());
  PublishSession session = NewSession();
  EXPECT_THAT(session.Handle(request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadHeader,
    ::testing::Values(
        HeaderCase{"Environment", [](v1::SnapshotHeader& h) { h.set_environment("../etc"); },
                   "write for example prod-eu"},
        HeaderCase{"Id", [](v1::SnapshotHeader& h) { h.set_snapshot_id("7"); }, "not a UUID"},
        HeaderCase{"SectionTwice",
                   [](v1::SnapshotHeader& h) {
                     const v1::SectionHeader first = h.sections(0);
                     *h.add_sections() = first;
                   },
                   "given twice"},
        HeaderCase{"NoHash",
                   [](v1::SnapshotHeader& h) { h.mutable_sections(0)->clear_manifest_hash(); },
                   "no manifest or coverage hash"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::testing
