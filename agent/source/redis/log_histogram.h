// How numbers spread, in little memory: counts by size, four classes to a doubling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace varve::redis {

// Only classes that hold something take memory: eight bytes each. Merging adds exactly. Not
// thread-safe.
class LogHistogram {
 public:
  void Add(uint64_t value) { AddTo(ClassOf(value), 1); }
  void Add(const LogHistogram& other);

  uint64_t total() const;
  // How many values are below `bound`; exact where it is a power of two.
  uint64_t Below(uint64_t bound) const;
  // The value that a share of `percent` in 100 of all do not exceed, by the nearest rank: the
  // middle of its class, so off by an eighth at most. 0 where there is none.
  uint64_t Percentile(int percent) const;

  // Values of one class differ by less than a quarter. Classes are numbered by their values.
  static size_t ClassOf(uint64_t value);
  static uint64_t FirstOf(size_t number);

 private:
  void AddTo(size_t number, uint64_t count);

  // By class: its number in the upper eight bits, its count in the others.
  std::vector<uint64_t> classes_;
};

}  // namespace varve::redis
