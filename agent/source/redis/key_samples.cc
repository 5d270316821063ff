#include "agent/source/redis/key_samples.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace varve::redis {
namespace {

size_t CostOf(const SampleKey& key) { return sizeof(SampleKey) + key.name.size(); }

bool HasSmallerHash(const SampleKey& a, const SampleKey& b) {
  return a.hash != b.hash ? a.hash < b.hash : a.name < b.name;
}

}  // namespace

KeySamples::KeySamples(const KeySamples& other)
    : budget_(other.budget_), keys_(other.keys_), counts_(other.counts_), biggest_(other.biggest_) {
  for (const SampleKey& key : keys_) budget_->used_bytes += CostOf(key);
  if (biggest() != nullptr) budget_->used_bytes += CostOf(biggest_);
}

KeySamples::~KeySamples() {
  for (const SampleKey& key : keys_) budget_->used_bytes -= CostOf(key);
  if (biggest() != nullptr) budget_->used_bytes -= CostOf(biggest_);
}

size_t KeySamples::MostOfType() const {
  return budget_->left() > budget_->all_bytes / 2 ? kMostOfType : kFewestOfType;
}

size_t KeySamples::CountOf(absl::string_view type) const {
  for (const auto& [known, count] : counts_) {
    if (known == type) return count;
  }
  return 0;
}

// Most keys are not wanted: told at once, before anything is copied.
bool KeySamples::Wants(uint64_t hash, absl::string_view type) const {
  if (CountOf(type) < MostOfType() && budget_->left() > 0) return true;
  if (keys_.empty() || hash >= keys_.back().hash) return false;
  const auto last = std::find_if(keys_.rbegin(), keys_.rend(),
                                 [type](const SampleKey& key) { return key.type == type; });
  return last != keys_.rend() && hash < last->hash;
}

bool KeySamples::IsBigger(uint64_t hash, std::optional<uint64_t> size_bytes) const {
  if (!size_bytes.has_value()) return false;
  if (biggest() == nullptr) return budget_->left() > 0;
  return *size_bytes != *biggest_.size_bytes ? *size_bytes > *biggest_.size_bytes
                                             : hash < biggest_.hash;
}

void KeySamples::Offer(uint64_t hash, absl::string_view name, absl::string_view type,
                       std::optional<uint64_t> size_bytes, absl::string_view encoding) {
  if (name.size() > kLongestName) return;
  const bool is_wanted = Wants(hash, type);
  const bool is_bigger = IsBigger(hash, size_bytes);
  if (!is_wanted && !is_bigger) return;
  const SampleKey key = {hash, std::string(name), std::string(type), size_bytes,
                         std::string(encoding)};
  if (is_wanted) OfferSample(key);
  if (is_bigger) OfferBiggest(key);
}

void KeySamples::OfferSample(const SampleKey& key) {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), key, HasSmallerHash);
  // SCAN may give a key twice.
  if (at != keys_.end() && at->hash == key.hash && at->name == key.name) return;
  budget_->used_bytes += CostOf(key);
  keys_.insert(at, key);
  auto count = std::find_if(counts_.begin(), counts_.end(),
                            [&key](const auto& known) { return known.first == key.type; });
  if (count == counts_.end()) count = counts_.insert(count, {key.type, 0});
  ++count->second;
  if (count->second <= MostOfType() && budget_->left() > 0) return;
  const auto last = std::find_if(keys_.rbegin(), keys_.rend(),
                                 [&key](const SampleKey& known) { return known.type == key.type; });
  budget_->used_bytes -= CostOf(*last);
  keys_.erase(std::next(last).base());
  --count->second;
}

void KeySamples::OfferBiggest(const SampleKey& key) {
  if (biggest() != nullptr) budget_->used_bytes -= CostOf(biggest_);
  biggest_ = key;
  budget_->used_bytes += CostOf(biggest_);
}

void KeySamples::Add(const KeySamples& other) {
  for (const SampleKey& key : other.keys_) {
    if (Wants(key.hash, key.type)) OfferSample(key);
  }
  const SampleKey* const theirs = other.biggest();
  if (theirs != nullptr && IsBigger(theirs->hash, theirs->size_bytes)) OfferBiggest(*theirs);
}

std::vector<SampleKey> KeySamples::Sorted() const { return keys_; }

}  // namespace varve::redis
