// How many keys begin with a segment.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace varve::redis {

// Counts keys by their first segment: what stands before the first ':', or where there is none
// before the first '/' or '|'. In it, what identifies one thing is a class ("<int>", "<uuid>":
// key_tokens.h). A name without a separator is its own segment; beyond 1,000 different ones they
// are one entry, "<no separator>". Sums are exact. Not thread-safe.
class PrefixTable {
 public:
  void Add(absl::string_view name);

  // Most keys first, then by segment. Ends the table.
  std::vector<std::pair<std::string, uint64_t>> Finish();

 private:
  void CountSegment(absl::string_view raw);

  absl::flat_hash_map<std::string, uint64_t> segments_;
  absl::flat_hash_map<std::string, uint64_t> whole_names_;
  uint64_t folded_names_ = 0;
  bool is_folding_ = false;
};

}  // namespace varve::redis
