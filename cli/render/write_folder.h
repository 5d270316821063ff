// A folder of files that is there whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/render/write_file.h"

namespace varve {

// What WriteFolder would refuse of `folder` before it writes anything.
absl::Status CheckNewFolder(const std::string& folder);

// Makes `folder` with the files, whose paths are relative to it and may have folders of their own:
// first under a temporary name beside it, which is flushed and renamed. Nothing is ever deleted:
// where something stands at `folder` it must be an empty folder. When this fails, nothing of it
// stays. Errors, naming the folder: kInvalidArgument (it is no folder, or holds something),
// kNotFound (no folder around it), kPermissionDenied, kResourceExhausted (disk full), kUnavailable.
absl::Status WriteFolder(const std::string& folder, const std::vector<FileToWrite>& files);

}  // namespace varve
