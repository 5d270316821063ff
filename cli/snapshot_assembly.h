// A snapshot from the pieces in which a collector sends it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "snapshot/hash.h"
#include "snapshot/section.h"
#include "varve/v1/query.pb.h"

namespace varve {

// Pieces are added in the order in which they come; then Finish is called once. Not thread-safe.
class SnapshotAssembly {
 public:
  // Errors: kDataLoss (pieces that do not fit together).
  absl::Status Add(const v1::SnapshotPart& part);

  // The snapshot, verified: each blob is what its hash names, each line's shape is there, and the
  // lines that the agent sent hash to their section's manifest hash. Errors: kDataLoss, with what
  // is missing or damaged.
  absl::StatusOr<Snapshot> Finish();

 private:
  absl::Status AddLines(const v1::LinesPart& part);
  absl::Status AddBlob(const v1::BlobPiece& piece);
  absl::StatusOr<Section*> SectionOf(const std::string& name);
  absl::Status FinishSection(Section& section);
  absl::Status AddShape(Section& section, const LineKey& key, const Seen& seen) const;

  bool has_header_ = false;
  Snapshot snapshot_;
  absl::flat_hash_map<BlobHash, std::string> blobs_;
  BlobHash open_blob_;                           // whose pieces are coming
  uint64_t open_missing_ = 0;                    // bytes of it that have not come
  std::map<std::string, std::string> measures_;  // by section: zstd of serialized v1::Measures
};

}  // namespace varve
