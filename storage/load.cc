// LoadSnapshot and its parts: over the interface alone, so that it serves every store.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "storage/pending.h"
#include "storage/store.h"

namespace varve {
namespace {

absl::Status LoadShape(const SnapshotStore& store, const Seen* seen, ShapeMap& shapes) {
  if (seen == nullptr || shapes.contains(seen->shape)) return absl::OkStatus();
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(seen->shape.bytes()));
  absl::StatusOr<std::string> bytes = store.ReadBlob(hash);
  // A row names it, so it must be there.
  if (absl::IsNotFound(bytes.status())) return absl::DataLossError(bytes.status().message());
  VARVE_RETURN_IF_ERROR(bytes.status());
  shapes[seen->shape] = *std::move(bytes);
  return absl::OkStatus();
}

}  // namespace

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
  Section section;
  section.header = header;
  if (!header.coverage_hash().empty()) {
    VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(header.coverage_hash()));
    VARVE_ASSIGN_OR_RETURN(section.coverage, store.ReadBlob(hash));
  }
  std::vector<ReadLine> lines;
  ShapeMap shapes;
  const auto keep = [&](const ReadLine& line) -> absl::Status {
    for (const Seen* const seen : line.All()) {
      VARVE_RETURN_IF_ERROR(LoadShape(store, seen, shapes));
    }
    lines.push_back(line);
    return absl::OkStatus();
  };
  VARVE_RETURN_IF_ERROR(store.ReadLines(environment, seq, header.name(), keep));
  section.lines = std::move(lines);
  section.shapes = std::move(shapes);
  VARVE_RETURN_IF_ERROR(LoadMeasures(store, environment, seq, section));
  return section;
}

absl::StatusOr<Snapshot> LoadSnapshot(const SnapshotStore& store, absl::string_view environment,
                                      int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(SnapshotRow row, store.FindSnapshot(environment, seq));
  Snapshot snapshot;
  snapshot.header = std::move(row.header);
  snapshot.seq = seq;
  snapshot.received_at_us = row.received_at_us;
  snapshot.time_us = row.time_us;
  for (const v1::SectionHeader& header : snapshot.header.sections()) {
    absl::StatusOr<Section> section = LoadSection(store, environment, seq, header);
    if (!section.ok()) {
      return Annotate(section.status(), absl::StrCat("reading section ", header.name(), " of ",
                                                     environment, "@", seq));
    }
    snapshot.sections.push_back(*std::move(section));
  }
  return snapshot;
}

}  // namespace varve
