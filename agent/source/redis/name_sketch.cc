#include "agent/source/redis/name_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace varve::redis {
namespace {

constexpr uint64_t kMostWords = (uint64_t{16} << 20) / sizeof(uint64_t);
constexpr uint64_t kLeastWords = 1024;

// Four of a word's bits, by bits of the hash that choose no word.
uint64_t BitsOf(uint64_t hash) {
  uint64_t bits = 0;
  for (int i = 0; i < 4; ++i) bits |= uint64_t{1} << (hash >> (40 + 6 * i) & 63);
  return bits;
}

}  // namespace

void NameSketch::Add(uint64_t hash) {
  uint8_t& rank = ranks_[hash >> (64 - kBits)];
  const auto zeros =
      static_cast<uint8_t>(std::countl_zero(hash << kBits | (uint64_t{1} << (kBits - 1))));
  rank = std::max<uint8_t>(rank, static_cast<uint8_t>(zeros + 1));
}

double NameSketch::Distinct() const {
  const auto count = static_cast<double>(ranks_.size());
  double sum = 0;
  double empty = 0;
  for (const uint8_t rank : ranks_) {
    sum += std::ldexp(1.0, -rank);
    empty += rank == 0 ? 1 : 0;
  }
  const double raw = 0.7213 / (1 + 1.079 / count) * count * count / sum;
  // Of few names the empty places tell more.
  return raw <= 2.5 * count && empty > 0 ? count * std::log(count / empty) : raw;
}

SeenNames::SeenNames(uint64_t keys)
    : words_(std::bit_ceil(std::clamp(keys * 10 / 64 + 1, kLeastWords, kMostWords))) {}

void SeenNames::Add(uint64_t hash) { words_[hash & (words_.size() - 1)] |= BitsOf(hash); }

bool SeenNames::Has(uint64_t hash) const {
  const uint64_t bits = BitsOf(hash);
  return (words_[hash & (words_.size() - 1)] & bits) == bits;
}

}  // namespace varve::redis
