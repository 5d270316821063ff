// Files that are there whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve {

struct FileToWrite {
  std::string path;
  std::string content;
};

// Whether a folder stands at `path`.
bool IsFolder(const std::string& path);

// Whether files can be made in the folder of `path`. Errors, naming it: kNotFound (no such folder),
// kPermissionDenied, kUnavailable.
absl::Status CheckFolderOf(const std::string& path);

// Writes each file to a temporary name in its own folder and flushes it; once all are on disk
// renames each to its path. When this fails, no temporary file stays, and no path holds part of a
// file. Mode 0666 less the umask. Errors, each naming the path: kNotFound (no such folder),
// kPermissionDenied, kResourceExhausted (disk full), kInvalidArgument (it is a folder, or the name
// is too long), kUnavailable (the disk did not answer).
absl::Status WriteFiles(const std::vector<FileToWrite>& files);

// The same of one file, whose content is `pieces`, one behind the other: what is large need not be
// put together first.
absl::Status WriteFile(const std::string& path, absl::Span<const absl::string_view> pieces);

}  // namespace varve
