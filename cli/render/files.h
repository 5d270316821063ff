// The four files of a snapshot, and the summary that is printed after they are written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/render/options.h"
#include "snapshot/section.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// A file that was written.
struct WrittenFile {
  std::string path;
  uint64_t size_bytes = 0;
  v1::SectionStatus status = v1::SECTION_STATUS_UNSPECIFIED;  // the worst of the sections in it
};

// "schema_export_20250608_042412": the base where the user gave none. UTC.
std::string DefaultBase(absl::Time now);

// `base` without a `.json` at its end.
std::string BaseOf(absl::string_view base);

// What WriteFourFiles would refuse of `base` before it writes anything, for commands that work long
// before they write: kInvalidArgument (it names no file, or a folder), kNotFound (no such folder),
// kPermissionDenied. The disk is not touched.
absl::Status CheckBase(const std::string& base);

// Writes BASE_schema.json, BASE_redis.json, BASE_models.json and BASE_analysis.md, in this order,
// where BASE is BaseOf(base): a path as the user chose it; its folder must exist. All four are
// rendered before the first is written; each goes to a temporary name in the same folder, is
// flushed to disk and renamed, so that no partial file ever has a final name. What the snapshot
// holds never reaches a file's name. Equal snapshots give equal bytes. Errors: kInvalidArgument
// (base is empty or names a folder), kNotFound (no such folder), kPermissionDenied,
// kResourceExhausted (disk full), kDataLoss (a shape fails its hash), kUnavailable (the disk did
// not answer).
absl::StatusOr<std::vector<WrittenFile>> WriteFourFiles(const Snapshot& snapshot,
                                                        const std::string& base,
                                                        const RenderOptions& options);

// What is printed at the end: one line a file with its mark and size, aligned lines of counts, then
// what could not be seen and what would change it. Ends with a newline.
std::string Summary(const Snapshot& snapshot, const std::vector<WrittenFile>& files,
                    const RenderOptions& options);

}  // namespace varve
