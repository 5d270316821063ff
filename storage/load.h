// The parts of reading a snapshot, over the interface alone, so that they serve every store.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/hash.h"
#include "snapshot/section.h"
#include "storage/store.h"

namespace varve {

// Reads of snapshot `seq` its header and those of its sections, with their coverages; no lines.
// Errors: as the methods it calls.
absl::StatusOr<Snapshot> LoadHeads(const SnapshotStore& store, absl::string_view environment,
                                   int64_t seq);

// Reads the lines of a section of snapshot `seq`, whose header is set. Errors: as ReadLines.
absl::Status LoadLines(const SnapshotStore& store, absl::string_view environment, int64_t seq,
                       Section& section);

// Reads shapes into `section`; those it has are not read again. Errors: kDataLoss (one is not
// there, or fails its hash).
absl::Status LoadShapes(const SnapshotStore& store, absl::Span<const ShapeHash> hashes,
                        Section& section);

// `status` with the names of the section and the snapshot that it concerns.
absl::Status InSection(const absl::Status& status, const Snapshot& snapshot,
                       const v1::SectionHeader& header);

}  // namespace varve
