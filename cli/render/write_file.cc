#include "cli/render/write_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve {
namespace {

absl::Status SystemError(absl::string_view path, int error) {
  const auto text = [&](absl::string_view remedy) {
    return absl::StrCat(path, ": ", std::strerror(error), "; ", remedy);
  };
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(text("make the folder first, or choose another with -o"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(text("choose a folder that you may write to with -o"));
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(
          text("free disk space, or choose another folder with -o"));
    case EFBIG:
      return absl::ResourceExhaustedError(text("raise the limit on a file's size (ulimit -f)"));
    case EISDIR:
    case EEXIST:
    case ENOTEMPTY:
    case ENAMETOOLONG:
      return absl::InvalidArgumentError(text("choose another name with -o"));
    default:
      return absl::UnavailableError(text("see the system's log, or choose another folder with -o"));
  }
}

// "folder/" of a path, "" where it has none.
std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

// Short, so that a name that fits leaves a temporary one that fits too.
std::string TemporaryName(const std::string& path) {
  std::random_device random;
  return absl::StrCat(FolderOf(path), ".varve-", absl::Hex(random(), absl::kZeroPad8),
                      absl::Hex(random(), absl::kZeroPad8), ".tmp");
}

absl::Status WriteAll(int file, absl::string_view content, absl::string_view path) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

struct Pieces {
  std::string path;
  absl::Span<const absl::string_view> content;
};

// Writes and flushes `file` under `name`; errors speak of its path, which is what people know.
absl::Status WriteTemporary(const std::string& name, const Pieces& pieces) {
  const std::string& path = pieces.path;
  const int file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return SystemError(path, errno);
  absl::Status status;
  for (const absl::string_view piece : pieces.content) {
    if (status.ok()) status = WriteAll(file, piece, path);
  }
  if (status.ok() && fsync(file) != 0) status = SystemError(path, errno);
  // Some file systems say only here that the disk is full.
  if (close(file) != 0 && status.ok()) status = SystemError(path, errno);
  return status;
}

// A rename is on disk once its folder is.
absl::Status FlushFolder(const std::string& path) {
  const std::string folder = FolderOf(path);
  const int file = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return absl::OkStatus();  // a folder that may be written but not read
  const int result = fsync(file);
  const int error = errno;
  close(file);
  // EINVAL: this file system has nothing to flush.
  return result == 0 || error == EINVAL ? absl::OkStatus() : SystemError(path, error);
}

absl::Status CheckTarget(const std::string& path) {
  if (IsFolder(path)) return SystemError(path, EISDIR);
  if (path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("a file's name cannot hold a NUL byte");
  }
  return absl::OkStatus();
}

absl::Status WritePieces(const std::vector<Pieces>& files) {
  std::vector<std::string> temporary;
  const auto remove_rest = absl::MakeCleanup([&temporary] {
    for (const std::string& name : temporary) unlink(name.c_str());  // renamed ones are gone
  });
  for (const Pieces& file : files) {
    VARVE_RETURN_IF_ERROR(CheckTarget(file.path));
    temporary.push_back(TemporaryName(file.path));
    VARVE_RETURN_IF_ERROR(WriteTemporary(temporary.back(), file));
  }
  for (size_t at = 0; at < files.size(); ++at) {
    if (std::rename(temporary[at].c_str(), files[at].path.c_str()) != 0) {
      return SystemError(files[at].path, errno);
    }
  }
  for (const Pieces& file : files) VARVE_RETURN_IF_ERROR(FlushFolder(file.path));
  return absl::OkStatus();
}

}  // namespace

bool IsFolder(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

absl::Status CheckFolderOf(const std::string& path) {
  const std::string folder = FolderOf(path);
  const std::string name = folder.empty() ? "." : folder;
  if (access(name.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  return SystemError(name, errno);
}

absl::Status WriteFiles(const std::vector<FileToWrite>& files) {
  std::vector<absl::string_view> contents(files.size());
  std::vector<Pieces> pieces;
  for (size_t at = 0; at < files.size(); ++at) {
    contents[at] = files[at].content;
    pieces.push_back({files[at].path, absl::MakeConstSpan(&contents[at], 1)});
  }
  return WritePieces(pieces);
}

absl::Status WriteFile(const std::string& path, absl::Span<const absl::string_view> pieces) {
  return WritePieces({{path, pieces}});
}

}  // namespace varve
