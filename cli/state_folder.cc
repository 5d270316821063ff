#include "cli/state_folder.h"

#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

// Makes `path` and what is missing above it.
absl::Status MakeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat("making the folder ", folder,
                              " for the mask key (XDG_STATE_HOME names another place)"));
    }
    if (slash == std::string::npos) return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<std::string> StateFolder(const Variables& variables) {
  std::string state = variables("XDG_STATE_HOME").value_or("");
  if (!absl::StartsWith(state,
                        "/")) {  // the standard says: one that is not absolute is as if not set
    const std::string home = variables("HOME").value_or("");
    if (!absl::StartsWith(home, "/")) {
      return absl::FailedPreconditionError(
          "no folder to keep the mask key in; set HOME or XDG_STATE_HOME");
    }
    state = absl::StrCat(home, "/.local/state");
  }
  const std::string folder = absl::StrCat(state, "/varve");
  const absl::Status made = MakeFolders(folder);
  if (!made.ok()) return made;
  return folder;
}

}  // namespace varve
