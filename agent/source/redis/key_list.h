// The keys that are listed: all of them up to a cap, beyond it those of the smallest hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/redis/pattern_counts.h"

namespace varve::redis {

// A key as it was met. Its name is raw: mask it before it leaves.
struct ListedKey {
  uint64_t hash = 0;
  int database = 0;
  std::string name;           // of a long name the beginning
  bool is_name_whole = true;  // else the key cannot be asked for by it
  std::string type;
  std::optional<int64_t> ttl_ms;
  std::optional<uint64_t> size_bytes;
  std::string encoding;
  bool not_permitted = false;
  std::string sample;  // an excerpt of its value, as it may leave the host
  bool is_sample_masked = false;
  std::optional<uint64_t> length;        // bytes of a string, elements of all else
  std::optional<uint64_t> idle_seconds;  // OBJECT IDLETIME
  std::optional<uint32_t> frequency;     // OBJECT FREQ
};

// A key that was just met; of its name no more than is kept.
ListedKey ListedKeyOf(uint64_t hash, int database, absl::string_view name, const KeyFacts& facts);

// A sample that depends on names alone: a key that is listed once stays listed while it lives and
// keys of smaller hash do not push it out. Not thread-safe.
class KeyList {
 public:
  explicit KeyList(size_t cap) : cap_(cap) {}

  // `hash` is the key's (key_hash.h).
  void Offer(uint64_t hash, int database, absl::string_view name, const KeyFacts& facts);

  // How many keys were offered.
  uint64_t offered() const { return offered_; }
  // Sorted by database and name, each key once. Ends the list.
  std::vector<ListedKey> Finish();

 private:
  size_t cap_;
  uint64_t offered_ = 0;
  std::vector<ListedKey> heap_;  // largest hash first
};

}  // namespace varve::redis
