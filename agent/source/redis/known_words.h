// Which plain words have a pattern of their own in which place.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve::redis {

// Made of the patterns that earlier reads met. Immutable.
class KnownWords {
 public:
  // Where words that end patterns stand, or where words stand that go on.
  struct Place {
    absl::flat_hash_set<std::string> words;  // as patterns have them; "<rare>" is one
  };

  explicit KnownWords(absl::Span<const std::string> patterns);

  // The place behind `before`, the text of a pattern up to there. Null: no word is known in it.
  const Place* Find(absl::string_view before, bool is_last) const;

 private:
  using Places = absl::flat_hash_map<std::string, Place>;

  Places ends_;
  Places parents_;
};

}  // namespace varve::redis
