// The promises of proto/varve/v1/ingest.proto that an agent relies on: what is asked for, in which
// order, and which errors a retry can mend.
#include "absl/strings/str_cat.h"
#include "base/zstd.h"
#include "snapshot/section_builder.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/faulty_vfs.h"
#include "tests/unit/collector/publish_fixture.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr size_t kMessageBytes = size_t{1} << 20;

Section Down(const std::string& name) {
  return SectionBuilder::Unavailable(name, "postgres", "db:5432", "connecting", "refused", "");
}

// Says the header and returns the plan; the test fails where it is refused.
v1::Plan PlanOf(PublishSession& session, const v1::PublishRequest& header) {
  const auto answers = session.Handle(header);
  VARVE_EXPECT_OK(answers);
  return answers.ok() ? answers->front().plan() : v1::Plan();
}

TEST_F(PublishSessionTest, ThePlanNamesEachSectionInTheHeadersOrderWithItsHead) {
  const Section known = EnumSection({"sad"}, "zeta");
  VARVE_ASSERT_OK(Publish(known, Id(1)));
  PublishSession session = NewSession();
  const v1::Plan plan = PlanOf(
      session,
      HeaderOf({EnumSection({"ok"}, "zeta"), Down("mid"), EnumSection({"ok"}, "alpha")}, Id(2)));
  EXPECT_EQ(plan.incarnation(), store_->incarnation());
  EXPECT_EQ(plan.already_seq(), 0);
  ASSERT_EQ(plan.sections_size(), 3);
  EXPECT_EQ(plan.sections(0).section(), "zeta");
  EXPECT_EQ(plan.sections(0).want(), v1::SectionPlan::WANT_MANIFEST);
  EXPECT_EQ(plan.sections(0).head().incarnation(), store_->incarnation());
  EXPECT_EQ(plan.sections(0).head().seq(), 1);
  EXPECT_EQ(plan.sections(0).head().manifest_hash(), known.header.manifest_hash());
  EXPECT_EQ(plan.sections(1).section(), "mid");
  EXPECT_EQ(plan.sections(1).want(), v1::SectionPlan::WANT_NOTHING);
  EXPECT_EQ(plan.sections(2).want(), v1::SectionPlan::WANT_MANIFEST);
  EXPECT_FALSE(plan.sections(2).has_head());
}

TEST_F(PublishSessionTest, WhatIsMissingIsSaidAlsoWhereNothingWasAskedForAndNothingIsMissing) {
  PublishSession session = NewSession();
  const auto answers = session.Handle(HeaderOf(Down("postgres"), Id(1)));
  VARVE_ASSERT_OK(answers);
  ASSERT_EQ(answers->size(), 2u);
  ASSERT_TRUE(answers->back().has_missing());
  EXPECT_THAT(answers->back().missing().hashes(), IsEmpty());
  EXPECT_TRUE(answers->back().missing().last());
}

TEST_F(PublishSessionTest, WhatIsMissingIsSaidOnceAllManifestsAreIn) {
  const Section one = EnumSection({"sad"}, "one");
  const Section two = EnumSection({"sad"}, "two");
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf({one, two}, Id(1)));
  const auto first = session.Handle(ManifestOf(two));
  VARVE_ASSERT_OK(first);
  EXPECT_THAT(*first, IsEmpty());
  const auto second = session.Handle(ManifestOf(one));
  VARVE_ASSERT_OK(second);
  ASSERT_EQ(second->size(), 1u);
  EXPECT_EQ(second->front().missing().hashes_size(), 2);  // each once: both have the same
  EXPECT_TRUE(second->front().missing().last());
}

TEST_F(PublishSessionTest, NoMessageIsLargerThanAMebibyteHoweverMuchIsMissing) {
  constexpr int kSchemas = 45'000;
  SectionBuilder builder("postgres", "postgres", 1);
  for (int n = 0; n < kSchemas; ++n) {
    v1::Shape shape;
    shape.mutable_enumeration()->add_labels(absl::StrCat(n));
    builder.Add({"enum", {absl::StrCat(n)}}, v1::FACET_STRUCTURE, shape);
  }
  const Section section = builder.Finish();
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf(section, Id(1)));
  const auto answers = session.Handle(ManifestOf(section));
  VARVE_ASSERT_OK(answers);
  int hashes = 0;
  for (const v1::PublishResponse& answer : *answers) {
    EXPECT_LE(answer.ByteSizeLong(), kMessageBytes);
    EXPECT_EQ(answer.missing().last(), &answer == &answers->back());
    hashes += answer.missing().hashes_size();
  }
  EXPECT_EQ(hashes, kSchemas + 1);
}

TEST_F(PublishSessionTest, APlanThatNamesANumberEndsTheStream) {
  const Section section = EnumSection({"sad"});
  VARVE_ASSERT_OK(Publish(section, Id(1)));
  PublishSession session = NewSession();
  const auto answers = session.Handle(HeaderOf(section, Id(1)));
  VARVE_ASSERT_OK(answers);
  ASSERT_EQ(answers->size(), 1u);
  EXPECT_EQ(answers->front().plan().already_seq(), 1);
  EXPECT_TRUE(session.done());
  EXPECT_THAT(session.Handle(Commit()), StatusIs(kInvalid, HasSubstr("does not belong here")));
}

TEST_F(PublishSessionTest, OfTwoStreamsWithOneIdTheSecondIsToldThatItWasThere) {
  const Section section = EnumSection({"sad"});
  PublishSession first = NewSession();
  PublishSession second = NewSession();
  PlanOf(first, HeaderOf(section, Id(1)));
  PlanOf(second, HeaderOf(section, Id(1)));
  const auto missing_first = first.Handle(ManifestOf(section));
  const auto missing_second = second.Handle(ManifestOf(section));
  VARVE_ASSERT_OK(missing_first);
  VARVE_ASSERT_OK(missing_second);
  const auto one = Finish(first, section, missing_first->front().missing());
  const auto two = Finish(second, section, missing_second->front().missing());
  VARVE_ASSERT_OK(one);
  VARVE_ASSERT_OK(two);
  EXPECT_FALSE(one->committed().already_known());
  EXPECT_TRUE(two->committed().already_known());
  EXPECT_EQ(two->committed().seq(), 1);
  EXPECT_EQ(two->committed().incarnation(), store_->incarnation());
}

TEST_F(PublishSessionTest, ADeltaToTheHeadIsTaken) {
  VARVE_ASSERT_OK(Publish(EnumSection({"sad"}), Id(1)));
  const Section next = EnumSection({"sad", "ok"});
  PublishSession session = NewSession();
  const v1::Plan plan = PlanOf(session, HeaderOf(next, Id(2)));
  const auto missing = session.Handle(DeltaOf(next, plan.sections(0).head()));
  VARVE_ASSERT_OK(missing);
  EXPECT_EQ(missing->front().missing().hashes_size(), 1);  // the coverage is the same
  const auto last = Finish(session, next, missing->front().missing());
  VARVE_ASSERT_OK(last);
  EXPECT_EQ(last->committed().seq(), 2);
}

// What may happen between the plan and the commit, and what the agent is told then.
struct Meanwhile {
  const char* name;
  bool delta;  // else "same"
};
class HeadThatMoves : public PublishSessionTest, public ::testing::WithParamInterface<Meanwhile> {};

TEST_P(HeadThatMoves, IsAbortedAndBegunAgain) {
  const Section first = EnumSection({"sad"});
  const Section mine = GetParam().delta ? EnumSection({"sad", "ok"}) : first;
  VARVE_ASSERT_OK(Publish(first, Id(1)));
  PublishSession session = NewSession();
  auto answers = session.Handle(HeaderOf(mine, Id(2)));
  VARVE_ASSERT_OK(answers);
  if (GetParam().delta) {
    answers = session.Handle(DeltaOf(mine, answers->front().plan().sections(0).head()));
    VARVE_ASSERT_OK(answers);
  }
  VARVE_ASSERT_OK(Publish(EnumSection({"other"}), Id(3)));
  EXPECT_THAT(Finish(session, mine, answers->back().missing()),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("begin again with the header")));
  EXPECT_EQ(Publish(mine, Id(2)).value(), 3);
}

INSTANTIATE_TEST_SUITE_P(All, HeadThatMoves,
                         ::testing::Values(Meanwhile{"UnderADelta", true},
                                           Meanwhile{"UnderSame", false}),
                         [](const auto& info) { return info.param.name; });

TEST_F(PublishSessionTest, PartsOfAManifestThatNameDifferentBasesAreRefused) {
  VARVE_ASSERT_OK(Publish(EnumSection({"sad"}), Id(1)));
  const Section next = EnumSection({"ok"});
  PublishSession session = NewSession();
  const v1::Plan plan = PlanOf(session, HeaderOf(next, Id(2)));
  v1::PublishRequest part = DeltaOf(next, plan.sections(0).head());
  part.mutable_manifest()->set_last(false);
  VARVE_ASSERT_OK(session.Handle(part));
  EXPECT_THAT(session.Handle(ManifestOf(next)),
              StatusIs(kInvalid, HasSubstr("name different bases")));
}

TEST_F(PublishSessionTest, AWholeManifestThatDropsLinesIsRefused) {
  const Section section = EnumSection({"sad"});
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf(section, Id(1)));
  v1::PublishRequest manifest = ManifestOf(section);
  v1::LineKey& dropped = *manifest.mutable_manifest()->add_dropped();
  dropped.mutable_identity()->set_kind("enum");
  dropped.mutable_identity()->add_names("gone");
  const auto missing = session.Handle(manifest);
  VARVE_ASSERT_OK(missing);
  EXPECT_THAT(Finish(session, section, missing->front().missing()),
              StatusIs(kInvalid, HasSubstr("drops lines, but is no delta")));
}

TEST_F(PublishSessionTest, ABlobMayComeInPieces) {
  const Section section = EnumSection({"sad", "ok", "happy"});
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf(section, Id(1)));
  const auto missing = session.Handle(ManifestOf(section));
  VARVE_ASSERT_OK(missing);
  const auto& [hash, bytes] = *section.shapes.begin();
  v1::Missing rest = missing->front().missing();
  for (size_t at = 0; at < bytes.size(); at += 3) {
    v1::PublishRequest piece = BlobOf(hash.bytes(), bytes.substr(at, 3));
    piece.mutable_blobs()->mutable_pieces(0)->set_size_bytes(bytes.size());
    VARVE_ASSERT_OK(session.Handle(piece));
  }
  rest.clear_hashes();
  rest.add_hashes(section.header.coverage_hash());
  VARVE_EXPECT_OK(Finish(session, section, rest));
  EXPECT_EQ(store_->ReadBlob(*BlobHash::FromBytes(hash.bytes())).value(), bytes);
}

// Pieces that do not make the blob that was asked for.
struct BadPieces {
  const char* name;
  v1::PublishRequest (*make)(const Section& section);
  const char* words;
};
class Pieces : public PublishSessionTest, public ::testing::WithParamInterface<BadPieces> {};

TEST_P(Pieces, AreRefused) {
  const Section section = EnumSection({"sad"});
  PublishLimits limits;
  limits.blob_bytes = 1000;
  PublishSession session = NewSession(limits);
  PlanOf(session, HeaderOf(section, Id(1)));
  VARVE_ASSERT_OK(session.Handle(ManifestOf(section)));
  EXPECT_THAT(session.Handle(GetParam().make(section)),
              StatusIs(kInvalid, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, Pieces,
    ::testing::Values(
        BadPieces{"NotAskedFor",
                  [](const Section&) { return BlobOf(std::string(32, 'x'), "bytes"); },
                  "was not asked for"},
        BadPieces{"NoHash", [](const Section&) { return BlobOf("short", "bytes"); },
                  "was not asked for"},
        BadPieces{"TooLarge",
                  [](const Section& section) {
                    return BlobOf(section.header.coverage_hash(), std::string(1001, 'x'));
                  },
                  "has 1001 bytes; at most 1000 are taken"},
        BadPieces{"MoreThanItSaid",
                  [](const Section& section) {
                    v1::PublishRequest request = BlobOf(section.header.coverage_hash(), "bytes");
                    request.mutable_blobs()->mutable_pieces(0)->set_size_bytes(2);
                    return request;
                  },
                  "do not fit together"},
        BadPieces{"AnotherBetween",
                  [](const Section& section) {
                    v1::PublishRequest request = BlobOf(section.header.coverage_hash(), "b");
                    request.mutable_blobs()->mutable_pieces(0)->set_size_bytes(9);
                    *request.mutable_blobs()->add_pieces() =
                        BlobOf(section.shapes.begin()->first.bytes(), "x").blobs().pieces(0);
                    return request;
                  },
                  "do not fit together"},
        BadPieces{"Twice",
                  [](const Section& section) {
                    v1::PublishRequest request =
                        BlobOf(section.header.coverage_hash(), section.coverage);
                    request.mutable_blobs()->add_pieces()->CopyFrom(request.blobs().pieces(0));
                    return request;
                  },
                  "was not asked for"}),
    [](const auto& info) { return info.param.name; });

TEST_F(PublishSessionTest, MeasuresComeInPartsAndAreKeptAsTheyCame) {
  const Section section = EnumSection({"sad"});
  v1::Measures measures;
  measures.mutable_redis();
  const std::string frame = Compressed(measures.SerializeAsString());
  VARVE_ASSERT_OK(Publish(section, Id(1)));
  PublishSession session = NewSession();
  const auto answers = session.Handle(HeaderOf(section, Id(2)));  // of "same" too
  VARVE_ASSERT_OK(answers);
  VARVE_ASSERT_OK(session.Handle(MeasuresPartOf("postgres", frame.substr(0, 4), false)));
  VARVE_ASSERT_OK(session.Handle(MeasuresPartOf("postgres", frame.substr(4), true)));
  VARVE_ASSERT_OK(Finish(session, section, answers->back().missing()));
  EXPECT_EQ(store_->ReadMeasures("prod", 2, "postgres").value(), frame);
}

// Measures that nobody could read back, and what is said of them, at once or at the commit.
struct BadMeasures {
  const char* name;
  std::vector<v1::PublishRequest> parts;
  const char* words;
};
class Measures : public PublishSessionTest, public ::testing::WithParamInterface<BadMeasures> {};

TEST_P(Measures, AreRefused) {
  const Section section = EnumSection({"sad"});
  VARVE_ASSERT_OK(Publish(section, Id(1)));
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf(section, Id(2)));
  absl::Status status;
  for (const v1::PublishRequest& part : GetParam().parts) {
    if (status.ok()) status = session.Handle(part).status();
  }
  if (status.ok()) status = session.Handle(Commit()).status();
  EXPECT_THAT(status, StatusIs(kInvalid, HasSubstr(GetParam().words)));
  EXPECT_EQ(store_->ReadHead("prod")->last_seq, 1);
}

INSTANTIATE_TEST_SUITE_P(
    All, Measures,
    ::testing::Values(
        BadMeasures{"OfNoSection",
                    {MeasuresPartOf("redis", "x", true)},
                    "measures of section 'redis', which is not there"},
        BadMeasures{"WithoutALastPart",
                    {MeasuresPartOf("postgres", Compressed(""), false)},
                    "before the last part of the measures of section 'postgres'"},
        BadMeasures{"AfterTheLastPart",
                    {MeasuresPartOf("postgres", Compressed(""), true),
                     MeasuresPartOf("postgres", "x", true)},
                    "came after their last part"},
        BadMeasures{"NotCompressed", {MeasuresPartOf("postgres", "plain", true)}, "its measures"}),
    [](const auto& info) { return info.param.name; });

TEST_F(PublishSessionTest, TooManyLinesAreRefusedDroppedOnesCounted) {
  const Section section = EnumSection({"sad"});
  PublishLimits limits;
  limits.lines = 1;
  PublishSession session = NewSession(limits);
  PlanOf(session, HeaderOf(section, Id(1)));
  v1::PublishRequest manifest = ManifestOf(section);
  manifest.mutable_manifest()->add_dropped();
  EXPECT_THAT(session.Handle(manifest), StatusIs(kInvalid, HasSubstr("at most 1 lines")));
}

TEST_F(PublishSessionTest, TooManySectionsAreRefused) {
  PublishLimits limits;
  limits.sections = 1;
  PublishSession session = NewSession(limits);
  EXPECT_THAT(session.Handle(HeaderOf({Down("a"), Down("b")}, Id(1))),
              StatusIs(kInvalid, HasSubstr("at most 1 sections, not 2")));
}

TEST_F(PublishSessionTest, AManifestThatWasNotAskedForIsRefused) {
  const Section section = EnumSection({"sad"});
  PublishSession session = NewSession();
  PlanOf(session, HeaderOf({section, Down("redis")}, Id(1)));
  v1::PublishRequest manifest = ManifestOf(section);
  manifest.mutable_manifest()->set_section("redis");
  EXPECT_THAT(session.Handle(manifest),
              StatusIs(kInvalid, HasSubstr("no manifest of section 'redis' was asked for")));
}

TEST_F(PublishSessionTest, BytesThatAreNoLineAreRefused) {
  const Section section = EnumSection({"sad"});
  for (const char* const bytes : {"\xff\xff", ""}) {
    PublishSession session = NewSession();
    PlanOf(session, HeaderOf(section, Id(1)));
    v1::PublishRequest manifest = ManifestOf(section);
    manifest.mutable_manifest()->set_lines(0, bytes);
    EXPECT_THAT(session.Handle(manifest), StatusIs(kInvalid, HasSubstr("section postgres")));
  }
}

TEST_F(PublishSessionTest, NumbersGoOnPastWhatAnotherLifeOfTheStoreAcknowledged) {
  v1::PublishRequest header = HeaderOf(Down("postgres"), Id(1));
  header.mutable_header()->mutable_acknowledged()->set_incarnation("an earlier life");
  header.mutable_header()->mutable_acknowledged()->set_seq(41);
  PublishSession session = NewSession();
  PlanOf(session, header);
  const auto answers = session.Handle(Commit());
  VARVE_ASSERT_OK(answers);
  EXPECT_EQ(answers->front().committed().seq(), 42);
}

TEST_F(PublishSessionTest, AFullDiskIsToRetryLaterAndALaterRetrySucceeds) {
  FaultyVfs vfs;
  SqliteOptions options;
  options.vfs = vfs.name();
  store_.reset();
  auto opened = OpenSqliteStore(folder_.Path("full.db"), options);
  VARVE_ASSERT_OK(opened);
  store_ = *std::move(opened);
  vfs.Fail(FaultyVfs::Operation::kWrite, 0, SQLITE_FULL);
  EXPECT_THAT(Publish(EnumSection({"sad"}), Id(1)),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("disk is full")));
  vfs.Mend();
  EXPECT_EQ(Publish(EnumSection({"sad"}), Id(1)).value(), 1);
  store_.reset();  // before the file layer that it uses
}

}  // namespace
}  // namespace varve::testing
