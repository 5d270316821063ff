#include "agent/source/redis/known_keyspace.h"

#include <utility>

namespace varve::redis {

std::vector<std::string> PatternNames(const KnownKeyspace& known, int database) {
  std::vector<std::string> names;
  const auto found = known.find(database);
  if (found == known.end()) return names;
  for (const auto& [pattern, of_it] : found->second.patterns) names.push_back(pattern);
  return names;
}

KnownKeyspace KnownKeyspaces::Of(absl::string_view source) const {
  absl::MutexLock lock(&mutex_);
  const auto found = known_.find(std::string(source));
  return found == known_.end() ? KnownKeyspace() : found->second;
}

void KnownKeyspaces::Set(absl::string_view source, KnownKeyspace keyspace) {
  absl::MutexLock lock(&mutex_);
  known_[std::string(source)] = std::move(keyspace);
  if (save_ != nullptr) save_(known_);
}

}  // namespace varve::redis
