// What a store checks of a snapshot before it writes anything, without looking at what it holds.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "snapshot/line.h"
#include "storage/store.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// Largest shape or coverage that is kept.
inline constexpr size_t kMaxBlobBytes = size_t{64} << 20;
// Largest measures of a section, before compression.
inline constexpr size_t kMaxMeasuresBytes = size_t{256} << 20;

// Largest number that an agent may say it was acknowledged: numbers go on past it, and must not run
// out.
inline constexpr int64_t kMaxAcknowledged = int64_t{1} << 53;

// Errors, all kInvalidArgument and naming the section: header and sections that do not belong
// together, lines out of order or twice, a whole manifest that does not hash to the header's,
// measures that nobody could read back, blobs that do not hash to their names or are too large.
absl::Status CheckPending(const PendingSnapshot& snapshot);

// Whether `lines`, by key, are what `header` says: its manifest hash and its fingerprints. Errors:
// kInvalidArgument.
absl::Status CheckManifest(const v1::SectionHeader& header, absl::Span<const Line> lines);

}  // namespace varve
