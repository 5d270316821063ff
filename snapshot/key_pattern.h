// Patterns of Redis keys as text, and how far one generalises another.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "varve/v1/redis.pb.h"

namespace varve {

// Stands where so many plain words stood that they tell nothing.
inline constexpr absl::string_view kAnyWord = "<any>";

// A part of a pattern as it is written; of "user:{<int>}:cart" they are "user", ":{", "<int>",
// "}:", "cart". Joined they are the pattern.
struct PatternToken {
  absl::string_view text;   // borrowed
  bool is_literal = false;  // a plain word: neither a class nor what stands between words
};

std::vector<PatternToken> PatternTokens(absl::string_view pattern);

// Places where plain words are generalised: those where one of some patterns has "<any>". A word
// that ends a pattern and one that goes on stand in places apart. Immutable.
class GeneralPlaces {
 public:
  explicit GeneralPlaces(absl::Span<const std::string> patterns);

  bool empty() const { return places_.empty(); }
  // `pattern` with "<any>" for each plain word that stands in one of the places.
  std::string Generalise(absl::string_view pattern) const;

 private:
  bool Has(absl::string_view before, bool is_last) const;

  absl::flat_hash_set<std::string> places_;
};

// Makes `into` what keys of both patterns are together: types and what values look like united, TTL
// mixed where the two differ. Sorts nothing.
void MergeStructure(const v1::KeyPatternStructure& from, v1::KeyPatternStructure& into);

}  // namespace varve
