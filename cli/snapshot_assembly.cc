#include "cli/snapshot_assembly.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "snapshot/manifest.h"
#include "snapshot/stored_line.h"

namespace varve {
namespace {

// What the measures of one section may inflate to.
constexpr size_t kMostMeasuresBytes = size_t{1} << 30;

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("what the collector sent is damaged: ", what));
}

template <typename H>
absl::StatusOr<H> HashFrom(absl::string_view bytes, absl::string_view of) {
  absl::StatusOr<H> hash = H::FromBytes(bytes);
  return hash.ok() ? hash : Damaged(absl::StrCat("the hash of ", of, " has not 32 bytes"));
}

// Lines as the agent sent them, which the manifest's hash covers.
std::vector<Line> SentLines(const Section& section) {
  std::vector<Line> lines;
  for (const ReadLine& line : section.lines) {
    if (line.sent) lines.push_back(SentLine(line));
  }
  return lines;
}

}  // namespace

absl::Status SnapshotAssembly::Add(const v1::SnapshotPart& part) {
  switch (part.part_case()) {
    case v1::SnapshotPart::kHeader: {
      if (has_header_) return Damaged("two headers");
      has_header_ = true;
      const v1::StoredSnapshot& stored = part.header();
      snapshot_.header = stored.header();
      snapshot_.seq = stored.seq();
      snapshot_.received_at_us = stored.received_at_us();
      snapshot_.time_us = stored.time_us();
      for (const v1::SectionHeader& header : stored.header().sections()) {
        snapshot_.sections.emplace_back().header = header;
      }
      return absl::OkStatus();
    }
    case v1::SnapshotPart::kLines:
      return AddLines(part.lines());
    case v1::SnapshotPart::kBlobs:
      for (const v1::BlobPiece& piece : part.blobs().pieces())
        VARVE_RETURN_IF_ERROR(AddBlob(piece));
      return absl::OkStatus();
    case v1::SnapshotPart::kMeasures:
      measures_[part.measures().section()] += part.measures().data();
      return absl::OkStatus();
    case v1::SnapshotPart::PART_NOT_SET:
      return absl::OkStatus();  // a newer collector says more; what it adds is not part of a
                                // snapshot that we know
  }
  return absl::OkStatus();
}

absl::StatusOr<Section*> SnapshotAssembly::SectionOf(const std::string& name) {
  for (Section& section : snapshot_.sections) {
    if (section.header.name() == name) return &section;
  }
  return Damaged(absl::StrCat("section '", name, "' is not in the header"));
}

absl::Status SnapshotAssembly::AddLines(const v1::LinesPart& part) {
  VARVE_ASSIGN_OR_RETURN(Section* const section, SectionOf(part.section()));
  std::vector<ReadLine>& lines = section->lines.Edit();
  for (const v1::StoredLine& line : part.lines()) {
    absl::StatusOr<ReadLine> read = ReadLineFrom(line);
    if (!read.ok()) return Damaged(absl::StrCat(part.section(), ": ", read.status().message()));
    if (!lines.empty() && !(lines.back().line.key < read->line.key)) {
      return Damaged(absl::StrCat("the lines of ", part.section(), " are not in order"));
    }
    lines.push_back(*std::move(read));
  }
  return absl::OkStatus();
}

absl::Status SnapshotAssembly::AddBlob(const v1::BlobPiece& piece) {
  VARVE_ASSIGN_OR_RETURN(const auto hash, HashFrom<BlobHash>(piece.hash(), "a blob"));
  if (open_missing_ == 0) {
    open_blob_ = hash;
    open_missing_ = piece.size_bytes();
    blobs_[hash].clear();
  }
  if (hash != open_blob_ || piece.data().size() > open_missing_) {
    return Damaged(absl::StrCat("the pieces of blob ", hash.Short()));
  }
  open_missing_ -= piece.data().size();
  std::string& bytes = blobs_[hash];
  bytes += piece.data();
  if (open_missing_ == 0 && HashOf<BlobHash>(bytes) != hash) {
    return Damaged(absl::StrCat("blob ", hash.Short(), " fails its hash"));
  }
  return absl::OkStatus();
}

absl::Status SnapshotAssembly::AddShape(Section& section, const LineKey& key,
                                        const Seen& seen) const {
  if (section.shapes->contains(seen.shape)) return absl::OkStatus();
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(seen.shape.bytes()));
  const auto found = blobs_.find(hash);
  if (found == blobs_.end()) {
    return Damaged(absl::StrCat("the shape of ", DisplayName(key.entity), " is missing"));
  }
  section.shapes.Edit()[seen.shape] = found->second;
  return absl::OkStatus();
}

absl::Status SnapshotAssembly::FinishSection(Section& section) {
  const v1::SectionHeader& header = section.header;
  if (!header.coverage_hash().empty()) {
    VARVE_ASSIGN_OR_RETURN(const auto hash,
                           HashFrom<BlobHash>(header.coverage_hash(), header.name()));
    const auto found = blobs_.find(hash);
    if (found == blobs_.end()) {
      return Damaged(absl::StrCat("the coverage of ", header.name(), " is missing"));
    }
    section.coverage = found->second;
  }
  for (const ReadLine& line : section.lines) {
    for (const Seen* const seen : line.All()) {
      if (seen != nullptr) VARVE_RETURN_IF_ERROR(AddShape(section, line.line.key, *seen));
    }
  }
  const auto measures = measures_.find(header.name());
  if (measures != measures_.end()) {
    const absl::StatusOr<std::string> bytes = Inflated(measures->second, kMostMeasuresBytes);
    if (!bytes.ok() || !section.measures.Edit().ParseFromString(*bytes)) {
      return Damaged(absl::StrCat("the measures of ", header.name(), " do not parse"));
    }
  }
  if (header.manifest_hash().empty()) return absl::OkStatus();
  VARVE_ASSIGN_OR_RETURN(const auto coverage,
                         HashFrom<CoverageHash>(header.coverage_hash(), header.name()));
  const ManifestHash manifest = HashManifest(header.revision(), coverage, SentLines(section));
  if (manifest.bytes() == header.manifest_hash()) return absl::OkStatus();
  return Damaged(absl::StrCat("the lines of ", header.name(), " fail their manifest hash"));
}

absl::StatusOr<Snapshot> SnapshotAssembly::Finish() {
  if (!has_header_) return Damaged("it has no header");
  if (open_missing_ > 0) return Damaged(absl::StrCat("blob ", open_blob_.Short(), " is cut short"));
  for (Section& section : snapshot_.sections) {
    VARVE_RETURN_IF_ERROR(Annotate(
        FinishSection(section), absl::StrCat(snapshot_.header.environment(), "@", snapshot_.seq)));
  }
  return std::move(snapshot_);
}

}  // namespace varve
