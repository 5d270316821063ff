// Counts by name, where anybody chooses the names: bounded, and without secrets.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace varve::redis {

// Not thread-safe.
class CountedNames {
 public:
  // `most`: so many are named.
  explicit CountedNames(size_t most) : most_(most) {}

  // "" counts as "(none)".
  void Count(absl::string_view name);

  // Those of most counts first, then by name; all others as "(other)", last.
  std::vector<std::pair<std::string, int64_t>> Most() const;

 private:
  size_t most_;
  absl::flat_hash_map<std::string, int64_t> counts_;
};

// "worker-<int>" of "worker-17": workers are one name, whatever their numbers.
std::string WithoutNumbers(absl::string_view name);

}  // namespace varve::redis
