#include "agent/source/models/tasks_of_user.h"

#include <dirent.h>
#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

bool IsNumber(const char* name) { return absl::ascii_isdigit(static_cast<unsigned char>(*name)); }

uint64_t EntriesOf(const std::string& path) {
  const Folder folder(opendir(path.c_str()));
  uint64_t count = 0;
  if (folder == nullptr) return 1;  // it has just ended
  while (const dirent* const entry = readdir(folder.get()))
    count += IsNumber(entry->d_name) ? 1 : 0;
  return count;
}

}  // namespace

uint64_t TasksOfUser(uid_t user) {
  const Folder processes(opendir("/proc"));
  uint64_t count = 0;
  if (processes == nullptr) return count;
  while (const dirent* const entry = readdir(processes.get())) {
    struct stat owner = {};
    const std::string path = absl::StrCat("/proc/", entry->d_name);
    if (!IsNumber(entry->d_name) || stat(path.c_str(), &owner) != 0) continue;
    if (owner.st_uid == user) count += EntriesOf(path + "/task");
  }
  return count;
}

}  // namespace varve
