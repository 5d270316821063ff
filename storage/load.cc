// LoadSnapshot, LoadForDiff and their parts: over the interface alone, so that they serve every
// store.
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "snapshot/diff_needs.h"
#include "storage/pending.h"
#include "storage/store.h"

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

absl::Status LoadShapes(const SnapshotStore& store, absl::Span<const ShapeHash> hashes,
                        Section& section) {
  ShapeMap& shapes = section.shapes.Edit();
  for (const ShapeHash& hash : hashes) VARVE_RETURN_IF_ERROR(LoadShape(store, hash, shapes));
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

// All of a section but its shapes and measures.
absl::StatusOr<Section> LoadLines(const SnapshotStore& store, absl::string_view environment,
                                  int64_t seq, const v1::SectionHeader& header) {
  Section section;
  section.header = header;
  if (!header.coverage_hash().empty()) {
    VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(header.coverage_hash()));
    VARVE_ASSIGN_OR_RETURN(section.coverage, store.ReadBlob(hash));
  }
  std::vector<ReadLine> lines;
  const auto keep = [&lines](ReadLine&& line) -> absl::Status {
    lines.push_back(std::move(line));
    return absl::OkStatus();
  };
  VARVE_RETURN_IF_ERROR(store.ReadLines(environment, seq, header.name(), keep));
  section.lines = std::move(lines);
  return section;
}

// The same with what a diff reads of measures: whether a pattern has keys. Those of a database are
// many, and none is compared.
absl::StatusOr<Section> LoadWithoutShapes(const SnapshotStore& store, absl::string_view environment,
                                          int64_t seq, const v1::SectionHeader& header) {
  VARVE_ASSIGN_OR_RETURN(Section section, LoadLines(store, environment, seq, header));
  if (header.source_kind() == "redis") {
    VARVE_RETURN_IF_ERROR(LoadMeasures(store, environment, seq, section));
  }
  return section;
}

// What an error says of a section of `snapshot`.
absl::Status InSection(const absl::Status& status, const Snapshot& snapshot,
                       const v1::SectionHeader& header) {
  if (status.ok()) return status;
  return Annotate(status, absl::StrCat("reading section ", header.name(), " of ",
                                       snapshot.header.environment(), "@", snapshot.seq));
}

using SectionLoader = absl::FunctionRef<absl::StatusOr<Section>(
    const SnapshotStore& store, absl::string_view environment, int64_t seq,
    const v1::SectionHeader& header)>;

// A snapshot of which `load` reads each section.
absl::StatusOr<Snapshot> LoadBy(SectionLoader load, const SnapshotStore& store,
                                absl::string_view environment, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(SnapshotRow row, store.FindSnapshot(environment, seq));
  Snapshot snapshot;
  snapshot.header = std::move(row.header);
  snapshot.seq = seq;
  snapshot.received_at_us = row.received_at_us;
  snapshot.time_us = row.time_us;
  for (const v1::SectionHeader& header : snapshot.header.sections()) {
    absl::StatusOr<Section> section = load(store, environment, seq, header);
    VARVE_RETURN_IF_ERROR(InSection(section.status(), snapshot, header));
    snapshot.sections.push_back(*std::move(section));
  }
  return snapshot;
}

Section* FindSection(Snapshot& snapshot, absl::string_view name) {
  for (Section& section : snapshot.sections) {
    if (section.header.name() == name) return &section;
  }
  return nullptr;
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
  VARVE_ASSIGN_OR_RETURN(Section section, LoadLines(store, environment, seq, header));
  VARVE_RETURN_IF_ERROR(LoadMeasures(store, environment, seq, section));
  VARVE_RETURN_IF_ERROR(LoadShapes(store, AllShapes(section), section));
  return section;
}

absl::StatusOr<Snapshot> LoadSnapshot(const SnapshotStore& store, absl::string_view environment,
                                      int64_t seq) {
  return LoadBy(LoadSection, store, environment, seq);
}

absl::StatusOr<SnapshotPair> LoadForDiff(const SnapshotStore& store, const SnapshotAt& before,
                                         const SnapshotAt& after) {
  SnapshotPair pair;
  VARVE_ASSIGN_OR_RETURN(pair.before,
                         LoadBy(LoadWithoutShapes, store, before.environment, before.seq));
  VARVE_ASSIGN_OR_RETURN(pair.after,
                         LoadBy(LoadWithoutShapes, store, after.environment, after.seq));
  for (Section& a : pair.before.sections) {
    Section* const b = FindSection(pair.after, a.header.name());
    if (b == nullptr) continue;  // nothing in it is compared
    const ShapesNeeded needed = ShapesForDiff(a, *b, before.environment == after.environment);
    VARVE_RETURN_IF_ERROR(InSection(LoadShapes(store, needed.before, a), pair.before, a.header));
    VARVE_RETURN_IF_ERROR(InSection(LoadShapes(store, needed.after, *b), pair.after, b->header));
  }
  return pair;
}

}  // namespace varve
