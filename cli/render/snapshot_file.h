// Reads exported files back: `file:base`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/section.h"

namespace varve {

// One exported JSON file: the head of the snapshot, and those of its sections that are in this
// file.
struct SnapshotFile {
  Snapshot head;  // header, seq and times; `sections` is empty
  std::vector<Section> sections;
};

// Reads the text of one exported JSON file, by its key `varve`. What it returns is verified: every
// line's shape is there, and manifest hash and fingerprints are what the section's header says.
// Pure; never crashes, whatever the text is; memory is bounded by kMostInflatedBytes. Errors:
// kInvalidArgument (not JSON, or no export of ours), kFailedPrecondition (a newer format),
// kDataLoss (damaged).
absl::StatusOr<SnapshotFile> ParseSnapshotFile(absl::string_view json);

// What the sections of one file may inflate to, together.
inline constexpr size_t kMostInflatedBytes = size_t{1} << 30;

// Reads BASE_schema.json, BASE_redis.json and BASE_models.json; `base` may end in `.json`. The
// snapshot is exactly the one that was exported. Errors: as ParseSnapshotFile, with the file's
// name; kNotFound; kInvalidArgument where the files are of different snapshots.
absl::StatusOr<Snapshot> ReadSnapshotFiles(const std::string& base);

}  // namespace varve
