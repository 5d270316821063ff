#include "storage/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace varve::sqlite {
namespace {

std::string HolderOf(int file) {
  char text[32];
  const ssize_t size = pread(file, text, sizeof(text), 0);
  if (size <= 0) return "another process";
  return absl::StrCat("process ",
                      absl::StripSuffix(absl::string_view(text, static_cast<size_t>(size)), "\n"));
}

absl::Status CannotMake(const std::string& path, const std::string& lock_path, int error) {
  const std::string what =
      absl::StrCat("database ", path, ": making ", lock_path, ": ", strerror(error));
  if (error == ENOSPC || error == EDQUOT) {
    return absl::ResourceExhaustedError(absl::StrCat(what, "; free disk space"));
  }
  const bool refused = error == EACCES || error == EPERM || error == EROFS;
  return absl::Status(
      refused ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kFailedPrecondition,
      absl::StrCat(what,
                   "; its folder must exist and the collector's user must be able to write there"));
}

}  // namespace

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int file = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return CannotMake(path, lock_path, errno);
  FileLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return absl::UnavailableError(absl::StrCat("database ", path, ": locking ", lock_path, ": ",
                                                 strerror(errno), "; move it to a local disk"));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("database ", path, " is in use by ", HolderOf(file),
                     "; stop that collector, or name another file"));
  }
  // Who holds it is for the message above only: the lock holds without it.
  const std::string text = absl::StrCat(getpid(), "\n");
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) errno = 0;
  return lock;
}

FileLock::~FileLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace varve::sqlite
