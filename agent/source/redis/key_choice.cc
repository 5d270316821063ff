#include "agent/source/redis/key_choice.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {
namespace {

// So many keys of names that look alike are looked at, where there are as many.
constexpr double kLeast = 32;
// Names beyond so many kinds are chosen by the share alone: 1.5 MiB.
constexpr size_t kMostKinds = 1 << 16;
constexpr double kHashes = 18446744073709551616.0;  // 2^64

uint64_t KindOf(absl::string_view name) {
  uint64_t kind = 0;
  for (const Token& token : TokensOf(name)) {
    kind = absl::HashOf(kind, static_cast<int>(token.kind), token.text);
  }
  return kind;
}

// The hashes below it are that share of all.
uint64_t HashesOf(double share) {
  return share >= 1 ? ~uint64_t{0} : static_cast<uint64_t>(share * kHashes);
}

}  // namespace

KeyChoice::KeyChoice(double share) : share_(share) {}

// Of the keys met so far the few of smallest hash would do: a key is chosen where its hash is
// smaller than theirs should be.
uint64_t KeyChoice::Threshold(absl::string_view name) {
  const uint64_t kind = KindOf(name);
  auto at = met_.find(kind);
  if (at == met_.end()) {
    if (met_.size() >= kMostKinds) return HashesOf(share_);
    at = met_.emplace(kind, 0).first;
  }
  const auto met = static_cast<double>(++at->second);
  return HashesOf(std::max(share_, kLeast / met));
}

bool KeyChoice::Chooses(absl::string_view name, uint64_t hash) {
  return share_ >= 1 || hash <= Threshold(name);
}

}  // namespace varve::redis
