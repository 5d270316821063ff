// Which keys are probed where not all are.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace varve::redis {

// Chooses by the hash of the name alone, so that the choice says nothing of the values, and is
// mostly the same at every read: all keys whose hash falls in the share, and of names that look
// alike (equal but for what identifies one thing) at least the first few. Not thread-safe.
class KeyChoice {
 public:
  // `share` of the keys, from 0 to 1; 1 chooses all.
  explicit KeyChoice(double share);

  // Whether to probe the key of that name and hash (key_hash.h).
  bool Chooses(absl::string_view name, uint64_t hash);

 private:
  uint64_t Threshold(absl::string_view name);

  double share_;
  // Met so far, by a hash of what names that look alike have in common; bounded.
  absl::flat_hash_map<uint64_t, uint64_t> met_;
};

}  // namespace varve::redis
