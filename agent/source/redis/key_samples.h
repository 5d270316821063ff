// Which keys of a pattern are looked at more closely, and which is its biggest.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve::redis {

// A key by name. The name is raw: mask it before it leaves.
struct SampleKey {
  uint64_t hash = 0;
  std::string name;
  std::string type;  // empty is not known
  std::optional<uint64_t> size_bytes;
  std::string encoding;
};

// Memory for names that all patterns of a database share. Not thread-safe.
struct SampleBudget {
  size_t all_bytes = size_t{8} << 20;
  size_t used_bytes = 0;

  size_t left() const { return used_bytes < all_bytes ? all_bytes - used_bytes : 0; }
};

// Of each type the keys of the smallest hash, so that a key that was chosen stays chosen while it
// lives; and the biggest. When the budget runs out a pattern keeps three of a type, then only what
// it has. Not thread-safe.
class KeySamples {
 public:
  static constexpr size_t kMostOfType = 40;
  static constexpr size_t kFewestOfType = 3;
  static constexpr size_t kLongestName = 256;  // a key of a longer name is not chosen

  // The budget is shared with the other patterns, and with what is left of them when their table is
  // gone.
  explicit KeySamples(std::shared_ptr<SampleBudget> budget) : budget_(std::move(budget)) {}
  ~KeySamples();
  KeySamples(const KeySamples& other);
  KeySamples& operator=(const KeySamples&) = delete;

  void Offer(uint64_t hash, absl::string_view name, absl::string_view type,
             std::optional<uint64_t> size_bytes, absl::string_view encoding);
  void Add(const KeySamples& other);

  // By hash.
  std::vector<SampleKey> Sorted() const;
  // Null where none was kept.
  const SampleKey* biggest() const { return biggest_.size_bytes.has_value() ? &biggest_ : nullptr; }

 private:
  void OfferSample(const SampleKey& key);
  void OfferBiggest(const SampleKey& key);
  size_t MostOfType() const;
  size_t CountOf(absl::string_view type) const;
  bool Wants(uint64_t hash, absl::string_view type) const;
  bool IsBigger(uint64_t hash, std::optional<uint64_t> size_bytes) const;

  std::shared_ptr<SampleBudget> budget_;
  std::vector<SampleKey> keys_;                         // by hash, smallest first
  std::vector<std::pair<std::string, size_t>> counts_;  // of them by type
  SampleKey biggest_;
};

}  // namespace varve::redis
