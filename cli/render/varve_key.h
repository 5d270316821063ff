// The key `varve` at the end of each JSON file: what it is, readable, and the snapshot itself.
// docs/formats.md has a worked example.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"
#include "varve/v1/file.pb.h"

namespace varve {

// The format that is written, and the newest that is read. Every released one is read.
inline constexpr int64_t kFileFormat = 1;

// Writes the key with `sections`, those of this file, into the object that is open.
// Errors: kDataLoss (a shape that a line names is not in the snapshot).
absl::Status WriteVarveKey(JsonWriter& out, const RenderView& view,
                           const std::vector<const SectionView*>& sections);

// The head as it stands in each file.
v1::FileSnapshot FileSnapshotOf(const Snapshot& snapshot);

}  // namespace varve
