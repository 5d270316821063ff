// How many different keys were met, and whether one was met before: in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace varve::redis {

// HyperLogLog over hashes of names, 16 KiB: SCAN may give a key twice, and no list of all names is
// kept. Not thread-safe.
class NameSketch {
 public:
  void Add(uint64_t hash);

  // How many different hashes were added; within 2.5 % of the truth in 998 of 1000 cases.
  double Distinct() const;

 private:
  static constexpr int kBits = 14;
  std::array<uint8_t, size_t{1} << kBits> ranks_{};
};

// A Bloom filter over hashes of names. Not thread-safe.
class SeenNames {
 public:
  // For about `keys` names: 10 bits for each, 16 MiB at most. Of names that were never added about
  // one in a hundred is taken for one that was; beyond the most it holds, more.
  explicit SeenNames(uint64_t keys);

  void Add(uint64_t hash);
  bool Has(uint64_t hash) const;

 private:
  std::vector<uint64_t> words_;  // a power of two of them
};

}  // namespace varve::redis
