#include "storage/load.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "storage/pending.h"

namespace varve {
namespace {

absl::Status LoadShape(const SnapshotStore& store, const ShapeHash& shape, ShapeMap& shapes) {
  if (shapes.contains(shape)) return absl::OkStatus();
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(shape.bytes()));
  absl::StatusOr<std::string> bytes = store.ReadBlob(hash);
  // A row names it, so it must be there.
  if (absl::IsNotFound(bytes.status())) return absl::DataLossError(bytes.status().message());
  VARVE_RETURN_IF_ERROR(bytes.status());
  shapes[shape] = *std::move(bytes);
  return absl::OkStatus();
}

std::vector<ShapeHash> AllShapes(const Section& section) {
  std::vector<ShapeHash> hashes;
  for (const ReadLine& line : section.lines) {
    for (const Seen* const seen : line.All()) {
      if (seen != nullptr) hashes.push_back(seen->shape);
    }
  }
  return hashes;
}

absl::StatusOr<Section> LoadHead(const SnapshotStore& store, const v1::SectionHeader& header) {
  Section section;
  section.header = header;
  if (header.coverage_hash().empty()) return section;
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(header.coverage_hash()));
  VARVE_ASSIGN_OR_RETURN(section.coverage, store.ReadBlob(hash));
  return section;
}

absl::Status LoadAllOf(const SnapshotStore& store, absl::string_view environment, int64_t seq,
                       Section& section) {
  VARVE_RETURN_IF_ERROR(LoadLines(store, environment, seq, section));
  VARVE_RETURN_IF_ERROR(LoadMeasures(store, environment, seq, section));
  return LoadShapes(store, AllShapes(section), section);
}

}  // namespace

absl::StatusOr<Snapshot> LoadHeads(const SnapshotStore& store, absl::string_view environment,
                                   int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(SnapshotRow row, store.FindSnapshot(environment, seq));
  Snapshot snapshot;
  snapshot.header = std::move(row.header);
  snapshot.seq = seq;
  snapshot.received_at_us = row.received_at_us;
  snapshot.time_us = row.time_us;
  for (const v1::SectionHeader& header : snapshot.header.sections()) {
    absl::StatusOr<Section> section = LoadHead(store, header);
    VARVE_RETURN_IF_ERROR(InSection(section.status(), snapshot, header));
    snapshot.sections.push_back(*std::move(section));
  }
  return snapshot;
}

absl::Status LoadLines(const SnapshotStore& store, absl::string_view environment, int64_t seq,
                       Section& section) {
  std::vector<ReadLine> lines;
  const auto keep = [&lines](ReadLine&& line) -> absl::Status {
    lines.push_back(std::move(line));
    return absl::OkStatus();
  };
  VARVE_RETURN_IF_ERROR(store.ReadLines(environment, seq, section.header.name(), keep));
  section.lines = std::move(lines);
  return absl::OkStatus();
}

absl::Status LoadShapes(const SnapshotStore& store, absl::Span<const ShapeHash> hashes,
                        Section& section) {
  ShapeMap& shapes = section.shapes.Edit();
  for (const ShapeHash& hash : hashes) VARVE_RETURN_IF_ERROR(LoadShape(store, hash, shapes));
  return absl::OkStatus();
}

absl::Status InSection(const absl::Status& status, const Snapshot& snapshot,
                       const v1::SectionHeader& header) {
  if (status.ok()) return status;
  return Annotate(status, absl::StrCat("reading section ", header.name(), " of ",
                                       snapshot.header.environment(), "@", snapshot.seq));
}

absl::Status LoadMeasures(const SnapshotStore& store, absl::string_view environment, int64_t seq,
                          Section& section) {
  VARVE_ASSIGN_OR_RETURN(const std::string frame,
                         store.ReadMeasures(environment, seq, section.header.name()));
  if (frame.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> bytes = Inflated(frame, kMaxMeasuresBytes);
  if (bytes.ok() && section.measures.Edit().ParseFromString(*bytes)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "its measures are damaged (", bytes.ok() ? "they do not parse" : bytes.status().message(),
      "); restore from a backup"));
}

absl::StatusOr<Section> LoadSection(const SnapshotStore& store, absl::string_view environment,
                                    int64_t seq, const v1::SectionHeader& header) {
  VARVE_ASSIGN_OR_RETURN(Section section, LoadHead(store, header));
  VARVE_RETURN_IF_ERROR(LoadAllOf(store, environment, seq, section));
  return section;
}

absl::StatusOr<Snapshot> LoadSnapshot(const SnapshotStore& store, absl::string_view environment,
                                      int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Snapshot snapshot, LoadHeads(store, environment, seq));
  for (Section& section : snapshot.sections) {
    const absl::Status status = LoadAllOf(store, environment, seq, section);
    VARVE_RETURN_IF_ERROR(InSection(status, snapshot, section.header));
  }
  return snapshot;
}

}  // namespace varve
