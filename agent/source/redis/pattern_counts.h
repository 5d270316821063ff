// What is counted on the keys of one pattern.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/redis/key_samples.h"
#include "agent/source/redis/log_histogram.h"

namespace varve::redis {

// What the probes said of one key. Absent: not asked, or refused.
struct KeyFacts {
  absl::string_view type;              // TYPE; empty is not known
  std::optional<int64_t> ttl_ms;       // PTTL: -1 has none
  std::optional<uint64_t> size_bytes;  // MEMORY USAGE
  absl::string_view encoding;          // OBJECT ENCODING; empty is not known
  bool not_permitted = false;          // the ACL user may not touch this key
  bool is_probed = false;              // it was looked at: else only its name is known

  uint64_t hash = 0;       // of the raw name, key_list.h; 0 is not known
  absl::string_view name;  // raw; empty: the key is not to be a sample of its pattern
  const std::shared_ptr<SampleBudget>* budget = nullptr;  // of samples; borrowed
};

// A few words, each with its count: types, encodings. More than 32 different ones count as "other".
class WordCounts {
 public:
  void Add(absl::string_view word, uint64_t count = 1);
  void Add(const WordCounts& other);
  // By word.
  std::vector<std::pair<std::string, uint64_t>> Sorted() const;
  bool empty() const { return counts_.empty(); }

 private:
  std::vector<std::pair<std::string, uint64_t>> counts_;
};

// Classes of times to live: up to so long, the last without end.
struct TtlClassBound {
  absl::string_view name;  // "1h"
  int64_t most_ms;
};
inline constexpr size_t kTtlClasses = 7;
extern const std::array<TtlClassBound, kTtlClasses> kTtlClassBounds;

// Classes of sizes: up to so many bytes, the last without end.
struct SizeClassBound {
  absl::string_view name;  // "4KiB"
  uint64_t below_bytes;    // a power of two
};
inline constexpr size_t kSizeClasses = 9;
extern const std::array<SizeClassBound, kSizeClasses> kSizeClassBounds;

// Merging adds exactly; of samples and the biggest key what both together would have.
struct PatternCounts {
  uint64_t keys = 0;
  uint64_t probed = 0;  // keys that were looked at: all but where the depth is less than full
  uint64_t not_permitted = 0;
  uint64_t with_ttl = 0;
  uint64_t without_ttl = 0;
  int64_t longest_ttl_ms = -1;
  uint64_t sized = 0;  // keys whose size is known
  uint64_t bytes = 0;  // of those
  uint64_t largest_bytes = 0;
  double squared_bytes = 0;  // sum over those of the square: how far apart sizes lie
  WordCounts types;
  WordCounts encodings;
  LogHistogram sizes;  // of the keys whose size is known
  // Keys that expire by class; null: none does.
  std::unique_ptr<std::array<uint64_t, kTtlClasses>> ttls;
  std::unique_ptr<KeySamples> samples;  // null: none was chosen

  PatternCounts() = default;
  PatternCounts(const PatternCounts& other);
  PatternCounts(PatternCounts&&) = default;
  PatternCounts& operator=(PatternCounts&&) = default;
  PatternCounts& operator=(const PatternCounts&) = delete;
  ~PatternCounts() = default;

  void Add(const KeyFacts& facts);
  void Add(const PatternCounts& other);
};

}  // namespace varve::redis
