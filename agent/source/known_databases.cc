#include "agent/source/known_databases.h"

#include <utility>

namespace varve {

std::vector<std::string> KnownDatabases::Of(absl::string_view source) const {
  absl::MutexLock lock(&mutex_);
  const auto found = known_.find(std::string(source));
  return found == known_.end() ? std::vector<std::string>() : found->second;
}

void KnownDatabases::Set(absl::string_view source, std::vector<std::string> databases) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string>& known = known_[std::string(source)];
  if (known == databases) return;
  known = std::move(databases);
  if (save_ != nullptr) save_(known_);
}

}  // namespace varve
