#include "cli/render/write_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace varve {
namespace {

namespace fs = std::filesystem;

absl::Status ErrorAt(absl::string_view path, int error) {
  const std::string text = absl::StrCat(path, ": ", std::generic_category().message(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(absl::StrCat(text, "; make the folder around it first"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(
          absl::StrCat(text, "; choose a folder that you may write"));
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(absl::StrCat(text, "; free disk space"));
    default:
      return absl::UnavailableError(text);
  }
}

std::string WithoutSlash(absl::string_view folder) {
  while (folder.size() > 1 && absl::ConsumeSuffix(&folder, "/")) continue;
  return std::string(folder);
}

absl::Status WriteOne(const fs::path& path, const std::string& content) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return ErrorAt(path.parent_path().string(), error.value());
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) return ErrorAt(path.string(), errno == 0 ? EIO : errno);
  return absl::OkStatus();
}

// All that is on the file system of the folder: one by one thousands of files would take minutes.
absl::Status Flush(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return ErrorAt(folder, errno);
  const int result = syncfs(file);
  const int error = errno;
  close(file);
  return result == 0 ? absl::OkStatus() : ErrorAt(folder, error);
}

}  // namespace

absl::Status CheckNewFolder(const std::string& folder) {
  std::error_code error;
  const fs::path path = WithoutSlash(folder);
  const fs::file_status found = fs::status(path, error);
  if (fs::exists(found) && !fs::is_directory(found)) {
    return absl::InvalidArgumentError(absl::StrCat(folder, " is no folder; choose another name"));
  }
  if (fs::exists(found) && !fs::is_empty(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        folder, " holds something already; choose a new or an empty folder: nothing is deleted"));
  }
  const fs::path around = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (access(around.c_str(), W_OK | X_OK) != 0) return ErrorAt(around.string(), errno);
  return absl::OkStatus();
}

absl::Status WriteFolder(const std::string& folder, const std::vector<FileToWrite>& files) {
  VARVE_RETURN_IF_ERROR(CheckNewFolder(folder));
  const std::string path = WithoutSlash(folder);
  std::random_device random;
  const std::string temporary = absl::StrCat(path, ".varve-", absl::Hex(random(), absl::kZeroPad8),
                                             absl::Hex(random(), absl::kZeroPad8), ".tmp");
  const auto remove_rest = absl::MakeCleanup([&temporary] {
    std::error_code ignored;  // it is gone where all went well
    fs::remove_all(temporary, ignored);
  });
  for (const FileToWrite& file : files) {
    VARVE_RETURN_IF_ERROR(WriteOne(fs::path(temporary) / file.path, file.content));
  }
  VARVE_RETURN_IF_ERROR(Flush(temporary));
  // It takes the place of an empty folder, and of nothing else.
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return ErrorAt(path, errno);
  return absl::OkStatus();
}

}  // namespace varve
