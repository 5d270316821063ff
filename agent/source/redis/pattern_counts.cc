#include "agent/source/redis/pattern_counts.h"

#include <algorithm>

namespace varve::redis {
namespace {

constexpr size_t kMostWords = 32;
constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;

size_t TtlClassOf(int64_t ttl_ms) {
  size_t at = 0;
  while (ttl_ms > kTtlClassBounds[at].most_ms) ++at;
  return at;
}

}  // namespace

const std::array<TtlClassBound, kTtlClasses> kTtlClassBounds = {{{"1m", kMinuteMs},
                                                                 {"1h", kHourMs},
                                                                 {"1d", kDayMs},
                                                                 {"7d", 7 * kDayMs},
                                                                 {"30d", 30 * kDayMs},
                                                                 {"365d", 365 * kDayMs},
                                                                 {"longer", INT64_MAX}}};

const std::array<SizeClassBound, kSizeClasses> kSizeClassBounds = {{{"64B", 64},
                                                                    {"256B", 256},
                                                                    {"1KiB", 1 << 10},
                                                                    {"4KiB", 4 << 10},
                                                                    {"16KiB", 16 << 10},
                                                                    {"128KiB", 128 << 10},
                                                                    {"1MiB", 1 << 20},
                                                                    {"16MiB", 16 << 20},
                                                                    {"larger", UINT64_MAX}}};

void WordCounts::Add(absl::string_view word, uint64_t count) {
  const auto find = [this](absl::string_view wanted) {
    return std::find_if(counts_.begin(), counts_.end(),
                        [wanted](const auto& entry) { return entry.first == wanted; });
  };
  auto at = find(word);
  if (at == counts_.end() && counts_.size() >= kMostWords) at = find(word = "other");
  if (at == counts_.end()) {
    counts_.emplace_back(std::string(word), count);
  } else {
    at->second += count;
  }
}

void WordCounts::Add(const WordCounts& other) {
  for (const auto& [word, count] : other.counts_) Add(word, count);
}

std::vector<std::pair<std::string, uint64_t>> WordCounts::Sorted() const {
  std::vector<std::pair<std::string, uint64_t>> sorted = counts_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

PatternCounts::PatternCounts(const PatternCounts& other)
    : keys(other.keys),
      probed(other.probed),
      not_permitted(other.not_permitted),
      with_ttl(other.with_ttl),
      without_ttl(other.without_ttl),
      longest_ttl_ms(other.longest_ttl_ms),
      sized(other.sized),
      bytes(other.bytes),
      largest_bytes(other.largest_bytes),
      squared_bytes(other.squared_bytes),
      types(other.types),
      encodings(other.encodings),
      sizes(other.sizes) {
  using Ttls = std::array<uint64_t, kTtlClasses>;
  if (other.ttls != nullptr) ttls = std::make_unique<Ttls>(*other.ttls);
  if (other.samples != nullptr) samples = std::make_unique<KeySamples>(*other.samples);
}

void PatternCounts::Add(const KeyFacts& facts) {
  ++keys;
  if (facts.is_probed) ++probed;
  if (facts.not_permitted) ++not_permitted;
  if (facts.ttl_ms.has_value()) {
    ++(*facts.ttl_ms >= 0 ? with_ttl : without_ttl);
    longest_ttl_ms = std::max(longest_ttl_ms, *facts.ttl_ms);
  }
  if (facts.ttl_ms.value_or(-1) >= 0) {
    if (ttls == nullptr) ttls = std::make_unique<std::array<uint64_t, kTtlClasses>>();
    ++(*ttls)[TtlClassOf(*facts.ttl_ms)];
  }
  if (facts.size_bytes.has_value()) {
    ++sized;
    bytes += *facts.size_bytes;
    largest_bytes = std::max(largest_bytes, *facts.size_bytes);
    const auto size = static_cast<double>(*facts.size_bytes);
    squared_bytes += size * size;
    sizes.Add(*facts.size_bytes);
  }
  if (!facts.type.empty()) types.Add(facts.type);
  if (!facts.encoding.empty()) encodings.Add(facts.encoding);
  if (facts.budget == nullptr || facts.name.empty()) return;
  if (samples == nullptr) samples = std::make_unique<KeySamples>(*facts.budget);
  samples->Offer(facts.hash, facts.name, facts.type, facts.size_bytes, facts.encoding);
}

void PatternCounts::Add(const PatternCounts& other) {
  keys += other.keys;
  probed += other.probed;
  not_permitted += other.not_permitted;
  with_ttl += other.with_ttl;
  without_ttl += other.without_ttl;
  longest_ttl_ms = std::max(longest_ttl_ms, other.longest_ttl_ms);
  sized += other.sized;
  bytes += other.bytes;
  largest_bytes = std::max(largest_bytes, other.largest_bytes);
  squared_bytes += other.squared_bytes;
  sizes.Add(other.sizes);
  types.Add(other.types);
  encodings.Add(other.encodings);
  if (other.ttls != nullptr) {
    if (ttls == nullptr) ttls = std::make_unique<std::array<uint64_t, kTtlClasses>>();
    for (size_t i = 0; i < kTtlClasses; ++i) (*ttls)[i] += (*other.ttls)[i];
  }
  if (other.samples == nullptr) return;
  if (samples == nullptr) {
    samples = std::make_unique<KeySamples>(*other.samples);
  } else {
    samples->Add(*other.samples);
  }
}

}  // namespace varve::redis
