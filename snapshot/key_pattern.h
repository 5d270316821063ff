// Patterns of Redis keys as text, and how far one generalises another.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "varve/v1/redis.pb.h"

namespace varve {

// Stands where so many plain words stood that they tell nothing: for all of them.
inline constexpr absl::string_view kAnyWord = "<any>";
// Stands for those of many plain words that have hardly a key, beside the others.
inline constexpr absl::string_view kRareWord = "<rare>";

// A part of a pattern as it is written; of "user:{<int>}:cart" they are "user", ":{", "<int>",
// "}:", "cart". Joined they are the pattern.
struct PatternToken {
  absl::string_view text;   // borrowed
  bool is_literal = false;  // a plain word: neither a class nor what stands between words
};

std::vector<PatternToken> PatternTokens(absl::string_view pattern);

// Whether a place of the pattern is `word`, "<any>" or "<rare>".
bool HasPlaceOf(absl::string_view word, absl::string_view pattern);

// Places where plain words are generalised: those where one of some patterns has `word`, "<any>" or
// "<rare>". A word that ends a pattern and one that goes on stand in places apart. Immutable.
class GeneralPlaces {
 public:
  explicit GeneralPlaces(absl::Span<const std::string> patterns, absl::string_view word = kAnyWord);

  bool empty() const { return places_.empty(); }
  // `pattern` with `word` for each plain word, or "<rare>", that stands in one of the places.
  std::string Generalise(absl::string_view pattern) const;
  // Those of the places that are none of `other`.
  GeneralPlaces Without(const GeneralPlaces& other) const;

 private:
  bool Has(absl::string_view before, bool is_last) const;

  absl::string_view word_;  // one of the constants above
  absl::flat_hash_set<std::string> places_;
};

// Makes `into` what keys of both patterns are together: types and what values look like united, TTL
// mixed where the two differ; where one is not known it is the other's. Sorts nothing.
void MergeStructure(const v1::KeyPatternStructure& from, v1::KeyPatternStructure& into);

}  // namespace varve
