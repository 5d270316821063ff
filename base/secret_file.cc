#include "base/secret_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace varve {
namespace {

constexpr mode_t kGroupAndOthers = 077;

absl::Status Trouble(absl::string_view what, const std::string& path, int error) {
  const std::string message = absl::StrCat(what, " ", path, ": ", std::strerror(error));
  if (error == EACCES || error == EPERM) return absl::PermissionDeniedError(message);
  return error == ENOENT || error == ENOTDIR ? absl::NotFoundError(message)
                                             : absl::UnavailableError(message);
}

// Facts of the file at `path`, which is a file and not a folder.
absl::StatusOr<struct stat> FactsOf(absl::string_view what, const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return Trouble(what, path, errno);
  if (S_ISDIR(facts.st_mode)) {
    return absl::NotFoundError(absl::StrCat(what, " ", path, ": it is a folder"));
  }
  return facts;
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(absl::string_view what, const std::string& path) {
  const absl::StatusOr<struct stat> facts = FactsOf(what, path);
  if (!facts.ok()) return facts.status();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Trouble(what, path, errno == 0 ? EIO : errno);
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return Trouble(what, path, errno == 0 ? EIO : errno);
  if (content.empty()) return absl::NotFoundError(absl::StrCat(what, " ", path, ": it is empty"));
  return content;
}

absl::Status CheckOnlyOwnerMayUse(absl::string_view what, const std::string& path) {
  const absl::StatusOr<struct stat> facts = FactsOf(what, path);
  if (!facts.ok()) return facts.status();
  if ((facts->st_mode & kGroupAndOthers) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrFormat("%s %s: others than its owner may use it (mode %04o); run: chmod 600 %s",
                      what, path, facts->st_mode & 07777, path));
}

}  // namespace varve
