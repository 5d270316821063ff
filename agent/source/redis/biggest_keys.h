// The biggest keys of a server, by memory.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/redis/key_list.h"

namespace varve::redis {

// More memory first, of equal ones by database and name; sizes are known.
bool IsBigger(const ListedKey& a, const ListedKey& b);

// Not thread-safe.
class BiggestKeys {
 public:
  explicit BiggestKeys(size_t cap = 100) : cap_(cap) {}

  // A key whose size is not known is none of them.
  void Offer(uint64_t hash, int database, absl::string_view name, const KeyFacts& facts);

  // As IsBigger has them; each key once. Ends the heap.
  std::vector<ListedKey> Finish();

 private:
  size_t cap_;
  std::vector<ListedKey> heap_;  // smallest first
};

}  // namespace varve::redis
