#include "agent/source/redis/key_samples.h"

#include <algorithm>
#include <utility>

namespace varve::redis {
namespace {

size_t CostOf(const SampleKey& key) { return sizeof(SampleKey) + key.name.size(); }

bool HasSmallerHash(const SampleKey& a, const SampleKey& b) {
  return a.hash != b.hash ? a.hash < b.hash : a.name < b.name;
}

}  // namespace

KeySamples::KeySamples(const KeySamples& other)
    : budget_(other.budget_), keys_(other.keys_), biggest_(other.biggest_) {
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

// Most keys are not wanted: told before anything is copied.
bool KeySamples::Wants(uint64_t hash, absl::string_view type) const {
  size_t of_type = 0;
  uint64_t largest = 0;
  for (const SampleKey& key : keys_) {
    if (key.type != type) continue;
    ++of_type;
    largest = key.hash;
  }
  return hash < largest || (of_type < MostOfType() && budget_->left() > 0);
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
  size_t of_type = 0;
  size_t last = 0;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].type != key.type) continue;
    ++of_type;
    last = i;
  }
  if (of_type <= MostOfType() && budget_->left() > 0) return;
  budget_->used_bytes -= CostOf(keys_[last]);
  keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(last));
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
