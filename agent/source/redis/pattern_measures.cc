#include "agent/source/redis/pattern_measures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "agent/redaction/key_name.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

constexpr size_t kShownSamples = 3;
constexpr size_t kShownRare = 20;

int64_t Signed(uint64_t number) {
  return static_cast<int64_t>(std::min<uint64_t>(number, INT64_MAX));
}

std::string ShownName(const Redactor& redactor, absl::string_view name) {
  Masked masked;
  return ToUtf8(MaskKeyName(redactor, name, masked));
}

void MeasureSpread(const PatternCounts& counts, const EntityKey& key, SectionBuilder& builder) {
  for (size_t i = 0; counts.ttls != nullptr && i < kTtlClasses; ++i) {
    const uint64_t keys = (*counts.ttls)[i];
    if (keys > 0) {
      builder.MeasureNumber(key, "keys_of_ttl", Signed(keys), kTtlClassBounds[i].name);
    }
  }
  if (counts.sized == 0) return;
  for (const int percent : {50, 90, 99}) {
    // No key is bigger than the biggest, though its class ends above it.
    const uint64_t bytes = std::min(counts.sizes.Percentile(percent), counts.largest_bytes);
    builder.MeasureNumber(key, absl::StrCat("key_bytes_p", percent), Signed(bytes));
  }
  uint64_t below = 0;
  for (const SizeClassBound& bound : kSizeClassBounds) {
    const uint64_t up_to = counts.sizes.Below(bound.below_bytes);
    if (up_to > below)
      builder.MeasureNumber(key, "keys_of_size", Signed(up_to - below), bound.name);
    below = up_to;
  }
}

}  // namespace

void MeasureKeys(const PatternCounts& counts, const Redactor& redactor, const EntityKey& key,
                 SectionBuilder& builder) {
  MeasureSpread(counts, key, builder);
  if (counts.samples == nullptr) return;
  const SampleKey* const biggest = counts.samples->biggest();
  if (biggest != nullptr && biggest->size_bytes == counts.largest_bytes) {
    builder.MeasureText(key, "largest_key", ShownName(redactor, biggest->name));
  }
  const std::vector<SampleKey> samples = counts.samples->Sorted();
  for (size_t i = 0; i < std::min(samples.size(), kShownSamples); ++i) {
    builder.MeasureText(key, "sample_key", ShownName(redactor, samples[i].name),
                        absl::StrCat(i + 1));
  }
}

void MeasureValues(const PatternValues& values, const EntityKey& key, SectionBuilder& builder) {
  if (values.looked_at > 0) {
    builder.MeasureNumber(key, "values_sampled", Signed(values.looked_at));
  }
  if (!values.lengths.empty()) {
    std::vector<uint64_t> lengths = values.lengths;
    std::sort(lengths.begin(), lengths.end());
    builder.MeasureNumber(key, "elements_p50_of_sample", Signed(lengths[(lengths.size() - 1) / 2]));
    builder.MeasureNumber(key, "elements_most_of_sample", Signed(lengths.back()));
  }
  for (const auto& [group, found] : values.groups) {
    builder.MeasureNumber(key, "group_consumers_of_sample", found.consumers, group);
    builder.MeasureNumber(key, "group_pending_of_sample", found.pending, group);
    if (found.lag.has_value()) {
      builder.MeasureNumber(key, "group_lag_of_sample", *found.lag, group);
    }
  }
  for (size_t i = 0; i < std::min(values.rare.size(), kShownRare); ++i) {
    builder.MeasureNumber(key, "values_with_rare_path", values.rare[i].second,
                          values.rare[i].first);
  }
}

}  // namespace varve::redis
