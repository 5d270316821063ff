#include "agent/source/redis/key_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace varve::redis {
namespace {

// Names longer than that are masked at that length anyway.
constexpr size_t kLongestName = 2048;

bool HasSmallerHash(const ListedKey& a, const ListedKey& b) { return a.hash < b.hash; }

}  // namespace

ListedKey ListedKeyOf(uint64_t hash, int database, absl::string_view name, const KeyFacts& facts) {
  ListedKey key;
  key.hash = hash;
  key.database = database;
  key.name = std::string(name.substr(0, kLongestName));
  key.is_name_whole = name.size() <= kLongestName;
  key.type = std::string(facts.type);
  key.ttl_ms = facts.ttl_ms;
  key.size_bytes = facts.size_bytes;
  key.encoding = std::string(facts.encoding);
  key.not_permitted = facts.not_permitted;
  return key;
}

void KeyList::Offer(uint64_t hash, int database, absl::string_view name, const KeyFacts& facts) {
  ++offered_;
  if (cap_ == 0) return;
  if (heap_.size() >= cap_) {
    if (hash >= heap_.front().hash) return;
    std::pop_heap(heap_.begin(), heap_.end(), HasSmallerHash);
    heap_.pop_back();
  }
  heap_.push_back(ListedKeyOf(hash, database, name, facts));
  std::push_heap(heap_.begin(), heap_.end(), HasSmallerHash);
}

std::vector<ListedKey> KeyList::Finish() {
  std::vector<ListedKey> keys = std::exchange(heap_, {});
  const auto order = [](const ListedKey& key) {
    return std::tie(key.database, key.name, key.hash);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const ListedKey& a, const ListedKey& b) { return order(a) < order(b); });
  // SCAN may give a key twice while the server's table shrinks.
  keys.erase(
      std::unique(keys.begin(), keys.end(),
                  [&](const ListedKey& a, const ListedKey& b) { return order(a) == order(b); }),
      keys.end());
  return keys;
}

}  // namespace varve::redis
