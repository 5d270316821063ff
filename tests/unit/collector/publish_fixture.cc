#include "tests/unit/collector/publish_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "snapshot/section_builder.h"
#include "storage/sqlite/sqlite_store.h"

namespace varve::testing {

Section EnumSection(const std::vector<std::string>& labels, const std::string& name) {
  SectionBuilder builder(name, "postgres", 1);
  v1::Shape shape;
  for (const std::string& label : labels) shape.mutable_enumeration()->add_labels(label);
  builder.Add({"enum", {"public", "mood"}}, v1::FACET_STRUCTURE, shape);
  builder.Cover("enum", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED);
  return builder.Finish();
}

v1::PublishRequest HeaderOf(const Section& section, const std::string& id) {
  return HeaderOf(std::vector<Section>{section}, id);
}

v1::PublishRequest HeaderOf(const std::vector<Section>& sections, const std::string& id) {
  v1::PublishRequest request;
  v1::SnapshotHeader& header = *request.mutable_header();
  header.set_environment("prod");
  header.set_snapshot_id(id);
  for (const Section& section : sections) *header.add_sections() = section.header;
  return request;
}

v1::PublishRequest ManifestOf(const Section& section) {
  v1::PublishRequest request;
  v1::ManifestPart& part = *request.mutable_manifest();
  part.set_section(section.header.name());
  for (const ReadLine& line : section.lines) part.add_lines(LineBytes(line.line));
  part.set_last(true);
  return request;
}

v1::PublishRequest DeltaOf(const Section& section, const v1::HeadReference& base) {
  v1::PublishRequest request = ManifestOf(section);
  *request.mutable_manifest()->mutable_base() = base;
  return request;
}

v1::PublishRequest BlobOf(absl::string_view hash, absl::string_view bytes) {
  v1::PublishRequest request;
  v1::BlobPiece& piece = *request.mutable_blobs()->add_pieces();
  piece.set_hash(std::string(hash));
  piece.set_size_bytes(bytes.size());
  piece.set_data(std::string(bytes));
  return request;
}

v1::PublishRequest MeasuresPartOf(const std::string& section, absl::string_view data, bool last) {
  v1::PublishRequest request;
  v1::MeasuresPart& part = *request.mutable_measures();
  part.set_section(section);
  part.set_data(std::string(data));
  part.set_last(last);
  return request;
}

v1::PublishRequest Commit() {
  v1::PublishRequest request;
  request.mutable_commit();
  return request;
}

std::string Id(int n) { return absl::StrCat("00000000-0000-4000-8000-", 100'000'000'000 + n); }

void PublishSessionTest::SetUp() {
  auto opened = OpenSqliteStore(folder_.Path("varve.db"));
  VARVE_ASSERT_OK(opened);
  store_ = *std::move(opened);
}

PublishSession PublishSessionTest::NewSession(const PublishLimits& limits) {
  return PublishSession(*store_, absl::Now, limits);
}

absl::StatusOr<v1::PublishResponse> PublishSessionTest::Finish(PublishSession& session,
                                                               const Section& section,
                                                               const v1::Missing& missing) {
  for (const std::string& hash : missing.hashes()) {
    const bool is_coverage = hash == section.header.coverage_hash();
    VARVE_RETURN_IF_ERROR(
        session
            .Handle(BlobOf(hash, is_coverage ? section.coverage
                                             : section.shapes->at(*ShapeHash::FromBytes(hash))))
            .status());
  }
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::PublishResponse> answers, session.Handle(Commit()));
  EXPECT_TRUE(session.done());
  return answers.front();
}

absl::StatusOr<int64_t> PublishSessionTest::Publish(const Section& section, const std::string& id) {
  PublishSession session = NewSession();
  VARVE_ASSIGN_OR_RETURN(std::vector<v1::PublishResponse> answers,
                         session.Handle(HeaderOf(section, id)));
  const v1::Plan plan = answers.front().plan();
  if (plan.already_seq() != 0) return plan.already_seq();
  if (plan.sections(0).want() == v1::SectionPlan::WANT_MANIFEST) {
    VARVE_ASSIGN_OR_RETURN(answers, session.Handle(ManifestOf(section)));
  }
  missing_ = answers.back().missing().hashes_size();
  VARVE_ASSIGN_OR_RETURN(const v1::PublishResponse last,
                         Finish(session, section, answers.back().missing()));
  return last.committed().seq();
}

}  // namespace varve::testing
