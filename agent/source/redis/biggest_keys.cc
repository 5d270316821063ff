#include "agent/source/redis/biggest_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace varve::redis {
namespace {

bool IsSameKey(const ListedKey& a, const ListedKey& b) {
  return a.database == b.database && a.name == b.name;
}

}  // namespace

bool IsBigger(const ListedKey& a, const ListedKey& b) {
  if (a.size_bytes != b.size_bytes) return *a.size_bytes > *b.size_bytes;
  return std::tie(a.database, a.name) < std::tie(b.database, b.name);
}

void BiggestKeys::Offer(uint64_t hash, int database, absl::string_view name,
                        const KeyFacts& facts) {
  if (!facts.size_bytes.has_value() || cap_ == 0) return;
  const bool is_full = heap_.size() >= cap_;
  if (is_full && *facts.size_bytes < *heap_.front().size_bytes) return;
  ListedKey key = ListedKeyOf(hash, database, name, facts);
  if (is_full && !IsBigger(key, heap_.front())) return;
  // SCAN may give a key twice.
  const auto again = std::find_if(heap_.begin(), heap_.end(),
                                  [&](const ListedKey& known) { return IsSameKey(known, key); });
  if (again != heap_.end()) return;
  if (is_full) {
    std::pop_heap(heap_.begin(), heap_.end(), IsBigger);
    heap_.pop_back();
  }
  heap_.push_back(std::move(key));
  std::push_heap(heap_.begin(), heap_.end(), IsBigger);
}

std::vector<ListedKey> BiggestKeys::Finish() {
  std::vector<ListedKey> keys = std::exchange(heap_, {});
  std::sort(keys.begin(), keys.end(), IsBigger);
  return keys;
}

}  // namespace varve::redis
