#include "agent/daemon/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve {
namespace {

// An open file, closed when this goes.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status WriteAll(int fd, absl::string_view bytes, absl::string_view doing) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(doing, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return SystemError(doing, errno);
  return absl::OkStatus();
}

// A rename is on disk when its folder is.
absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.open() || fsync(opened.get()) != 0) {
    return SystemError(absl::StrCat("syncing folder ", folder), errno);
  }
  return absl::OkStatus();
}

absl::Status WriteTemporary(const std::string& path, absl::string_view bytes) {
  const std::string doing = absl::StrCat("writing ", path);
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return SystemError(doing, errno);
  return WriteAll(file.get(), bytes, doing);
}

}  // namespace

absl::Status SystemError(absl::string_view doing, int error) {
  const std::string message = absl::StrCat(doing, ": ", std::strerror(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(absl::StrCat(message, "; free disk space"));
    default:
      return absl::UnavailableError(message);
  }
}

absl::Status WriteDurably(const std::string& path, absl::string_view bytes) {
  const std::string temporary = absl::StrCat(path, ".part");
  absl::Status written = WriteTemporary(temporary, bytes);
  if (!written.ok()) {
    unlink(temporary.c_str());
    return written;
  }
  return MoveDurably(temporary, path);
}

absl::Status MoveDurably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return SystemError(absl::StrCat("moving ", from, " to ", to), errno);
  }
  VARVE_RETURN_IF_ERROR(SyncFolderOf(to));
  return SyncFolderOf(from);
}

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  const std::string doing = absl::StrCat("reading ", path);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return SystemError(doing, errno);
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(doing, errno);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<size_t>(got));
  }
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;  // said again, with its reason, by what comes next
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return SystemError(absl::StrCat("making folder ", path), errno);
}

}  // namespace varve
