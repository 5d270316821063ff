#include "agent/source/redis/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr double kNormal95 = 1.96;

int64_t Rounded(double figure) {
  // Beyond 2^62 there are no such figures; a hostile server may say so.
  return std::llround(std::clamp(figure, 0.0, 4.6e18));
}

// What a sample without repetition leaves of the error of one with: none where it is of all.
double Finite(double all, double sampled) {
  return all > 1 ? std::sqrt(std::max(0.0, (all - sampled) / (all - 1))) : 0;
}

void Measure(const EntityKey& key, absl::string_view name, const Estimate& estimate,
             absl::string_view element, SectionBuilder& builder) {
  builder.MeasureNumber(key, absl::StrCat(name, "_estimate"), estimate.value, element);
  builder.MeasureNumber(key, absl::StrCat(name, "_bound"), estimate.bound, element);
}

}  // namespace

Estimate EstimateSum(uint64_t all, uint64_t sampled, double sum, double sum_of_squares) {
  if (sampled == 0) return {0, std::numeric_limits<int64_t>::max()};
  const auto keys = static_cast<double>(all);
  const auto size = static_cast<double>(sampled);
  const double mean = sum / size;
  const double spread = sampled > 1
                            ? std::sqrt(std::max(0.0, (sum_of_squares - sum * mean) / (size - 1)))
                            : mean;  // one key tells nothing of the others
  return {Rounded(keys * mean),
          Rounded(std::ceil(keys * kNormal95 * spread / std::sqrt(size) * Finite(keys, size)))};
}

// Wilson's interval: it says something where none or all of the sample are of the sort.
Estimate EstimateCount(uint64_t all, uint64_t sampled, uint64_t found) {
  if (sampled == 0) return {0, std::numeric_limits<int64_t>::max()};
  const auto keys = static_cast<double>(all);
  const auto size = static_cast<double>(sampled);
  const double share = static_cast<double>(found) / size;
  const double z = kNormal95 * Finite(keys, size);
  const double scale = 1 + z * z / size;
  const double middle = (share + z * z / (2 * size)) / scale;
  const double half = z / scale * std::sqrt(share * (1 - share) / size + z * z / (4 * size * size));
  const double bound = std::abs(middle - share) + half;
  return {Rounded(keys * share), Rounded(std::ceil(keys * bound - 1e-9))};
}

bool Agrees(uint64_t counted, uint64_t before, uint64_t after, uint64_t let_go) {
  const auto [least, most] = std::minmax(before, after);
  const uint64_t slack = let_go + std::max<uint64_t>(10, most / 200);
  return counted + slack >= least && counted <= most + slack;
}

void MeasureEstimates(const EntityKey& key, const PatternCounts& counts, SectionBuilder& builder) {
  builder.MeasureNumber(key, "keys_probed", static_cast<int64_t>(counts.probed));
  if (counts.sized > 0) {
    Measure(key, "memory_bytes",
            EstimateSum(counts.keys, counts.sized, static_cast<double>(counts.bytes),
                        counts.squared_bytes),
            "", builder);
  }
  const uint64_t timed = counts.with_ttl + counts.without_ttl;
  if (timed > 0) {
    Measure(key, "keys_with_ttl", EstimateCount(counts.keys, timed, counts.with_ttl), "", builder);
  }
  uint64_t typed = 0;
  for (const auto& [type, keys] : counts.types.Sorted()) typed += keys;
  for (const auto& [type, keys] : counts.types.Sorted()) {
    Measure(key, "keys_of_type", EstimateCount(counts.keys, typed, keys), ToUtf8(type), builder);
  }
}

}  // namespace varve::redis
