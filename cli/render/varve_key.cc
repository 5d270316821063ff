#include "cli/render/varve_key.h"

#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "snapshot/header_words.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"
#include "snapshot/stored_line.h"

namespace varve {
namespace {

std::string Serialized(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

std::string Packed(const google::protobuf::Message& message) {
  return absl::Base64Escape(Compressed(Serialized(message)));
}

std::set<ShapeHash> ShapesOf(const Section& section) {
  std::set<ShapeHash> hashes;
  for (const ReadLine& line : section.lines) {
    for (const Seen* const seen : line.All()) {
      if (seen != nullptr) hashes.insert(seen->shape);
    }
  }
  return hashes;
}

absl::StatusOr<v1::FileSection> FileSectionOf(const Section& section) {
  v1::FileSection file;
  file.set_coverage(section.coverage);
  for (const ReadLine& line : section.lines) *file.add_lines() = ToProto(line);
  for (const ShapeHash& hash : ShapesOf(section)) {
    const auto found = section.shapes->find(hash);
    if (found == section.shapes.end()) {
      return absl::DataLossError(
          absl::StrCat(section.header.name(), ": shape ", hash.Short(), " is not in the snapshot"));
    }
    file.add_shapes(found->second);
  }
  *file.mutable_measures() = *section.measures;
  return file;
}

// One line for people; `reason` and `remedy` stand in `not_seen` already.
std::string CoverageLine(const v1::CoverageEntry& entry) {
  const std::string text = CoverageText(entry);
  if (entry.state() != v1::SIGHT_CAPTURED) return text;
  return absl::StrCat(text, " ", entry.count());
}

void WriteSectionFacts(JsonWriter& out, const SectionView& section) {
  const v1::SectionHeader& header = section.header();
  out.BeginObject();
  out.Text("name", header.name());
  out.Text("source_kind", header.source_kind());
  out.Unsigned("capture_revision", header.revision());
  out.Text("status", StatusWord(header.status()));
  out.BeginArray("coverage");
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (!IsByPatterns(entry)) out.Text(CoverageLine(entry));
  }
  for (const LeftOutKind& kind : LeftOutKinds(section.coverage())) out.Text(kind.Text());
  out.EndArray();
  out.BeginObject("fingerprints");
  for (const v1::FacetFingerprint& fingerprint : header.fingerprints()) {
    out.Text(FacetName(fingerprint.facet()), absl::BytesToHexString(fingerprint.hash()));
  }
  out.EndObject();
  out.EndObject();
}

}  // namespace

v1::FileSnapshot FileSnapshotOf(const Snapshot& snapshot) {
  v1::FileSnapshot file;
  *file.mutable_header() = snapshot.header;
  // What the sections hold is what is true: whoever assembled the snapshot may have left these out.
  file.mutable_header()->clear_sections();
  for (const Section& section : snapshot.sections) {
    *file.mutable_header()->add_sections() = section.header;
  }
  file.set_seq(snapshot.seq);
  file.set_received_at_us(snapshot.received_at_us);
  file.set_time_us(snapshot.time_us);
  return file;
}

absl::Status WriteVarveKey(JsonWriter& out, const RenderView& view,
                           const std::vector<const SectionView*>& sections) {
  const Snapshot& snapshot = view.snapshot();
  out.BeginObject("varve");
  out.Number("format", kFileFormat);
  out.Text("environment", snapshot.header.environment());
  out.Text("snapshot_id", snapshot.header.snapshot_id());
  out.Number("seq", snapshot.seq);
  out.Text("taken_at", TimeText(snapshot.header.taken_at_us()));
  out.BeginArray("sections");
  for (const SectionView* const section : sections) WriteSectionFacts(out, *section);
  out.EndArray();
  out.Text("snapshot", Packed(FileSnapshotOf(snapshot)));
  out.BeginObject("data");
  for (const SectionView* const section : sections) {
    VARVE_ASSIGN_OR_RETURN(const v1::FileSection file, FileSectionOf(section->section()));
    out.Text(section->header().name(), Packed(file));
  }
  out.EndObject();
  out.EndObject();
  return absl::OkStatus();
}

}  // namespace varve
