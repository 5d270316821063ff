#include "agent/source/redis/log_histogram.h"

#include <algorithm>
#include <bit>

namespace varve::redis {
namespace {

constexpr int kCountBits = 56;
constexpr uint64_t kCountMask = (uint64_t{1} << kCountBits) - 1;

size_t NumberOf(uint64_t packed) { return packed >> kCountBits; }
uint64_t CountOf(uint64_t packed) { return packed & kCountMask; }

}  // namespace

// Up to 3 each value is its own class; above, a class is the highest bit and the two behind it.
size_t LogHistogram::ClassOf(uint64_t value) {
  if (value < 4) return value;
  const int high = std::bit_width(value) - 1;
  return static_cast<size_t>(high - 1) * 4 + ((value >> (high - 2)) & 3);
}

uint64_t LogHistogram::FirstOf(size_t number) {
  if (number < 4) return number;
  const size_t high = number / 4 + 1;
  return (4 + number % 4) << (high - 2);
}

void LogHistogram::AddTo(size_t number, uint64_t count) {
  const auto at = std::lower_bound(classes_.begin(), classes_.end(),
                                   static_cast<uint64_t>(number) << kCountBits);
  if (at != classes_.end() && NumberOf(*at) == number) {
    *at += count;
  } else {
    classes_.insert(at, static_cast<uint64_t>(number) << kCountBits | count);
  }
}

void LogHistogram::Add(const LogHistogram& other) {
  for (const uint64_t packed : other.classes_) AddTo(NumberOf(packed), CountOf(packed));
}

uint64_t LogHistogram::total() const {
  uint64_t total = 0;
  for (const uint64_t packed : classes_) total += CountOf(packed);
  return total;
}

uint64_t LogHistogram::Below(uint64_t bound) const {
  uint64_t below = 0;
  for (const uint64_t packed : classes_) {
    if (FirstOf(NumberOf(packed)) < bound) below += CountOf(packed);
  }
  return below;
}

uint64_t LogHistogram::Percentile(int percent) const {
  const uint64_t all = total();
  if (all == 0) return 0;
  const uint64_t rank = std::max<uint64_t>((all * static_cast<uint64_t>(percent) + 99) / 100, 1);
  uint64_t seen = 0;
  for (const uint64_t packed : classes_) {
    seen += CountOf(packed);
    if (seen < rank) continue;
    const uint64_t first = FirstOf(NumberOf(packed));
    return first + (FirstOf(NumberOf(packed) + 1) - first) / 2;
  }
  return 0;
}

}  // namespace varve::redis
