// Where names that look alike are counted, so that most names need no walk of their own.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agent/source/redis/key_tokens.h"
#include "agent/source/redis/pattern_counts.h"

namespace varve::redis {

// Remembers, for the tokens of names that were met of late, the counts that they go to. Exact: it
// compares the tokens, and forgets rather than guesses. Half a MiB at most. Not thread-safe.
class PatternMemo {
 public:
  PatternMemo() : entries_(kEntries) {}

  // The counts for a name of these tokens; null where it does not know.
  PatternCounts* Find(const Tokens& tokens);
  // The tokens that were looked for last go to `counts`, which are borrowed until they are
  // forgotten.
  void Keep(PatternCounts& counts);
  // Forgets all: counts may be elsewhere now.
  void Forget();

 private:
  static constexpr size_t kEntries = 2048;  // a power of two
  static constexpr size_t kLongestText = 128;

  struct Entry {
    std::string text;
    PatternCounts* counts = nullptr;
  };

  std::vector<Entry> entries_;
  std::string text_;  // of the tokens that were looked for last
  size_t at_ = 0;     // their place
};

}  // namespace varve::redis
