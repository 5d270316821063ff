// Files that are there whole or not at all, also after a power cut.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// `doing`, and what the system says of errno `error`, by the code that says what a caller can do:
// kNotFound, kPermissionDenied, kResourceExhausted (disk full), else kUnavailable.
absl::Status SystemError(absl::string_view doing, int error);

// Writes `bytes` under a temporary name beside `path` (0600), and renames it when it is on disk.
// Before that, what was at `path` stays.
absl::Status WriteDurably(const std::string& path, absl::string_view bytes);

// Moves a file within one file system; on disk when it returns.
absl::Status MoveDurably(const std::string& from, const std::string& to);

absl::StatusOr<std::string> ReadWhole(const std::string& path);

// Makes a folder (0700), and those above it, where they are missing.
absl::Status MakeFolder(const std::string& path);

}  // namespace varve
