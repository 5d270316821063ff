#include "agent/source/redis/key_hash.h"

namespace varve::redis {

// FNV-1a, then mixed; absl::Hash differs from process to process.
uint64_t KeyHash(int database, absl::string_view name) {
  uint64_t hash = 14695981039346656037ull ^ static_cast<uint64_t>(database);
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ull;
  hash ^= hash >> 30;
  hash *= 0xBF58476D1CE4E5B9ull;
  hash ^= hash >> 27;
  hash *= 0x94D049BB133111EBull;
  return hash ^ hash >> 31;
}

}  // namespace varve::redis
