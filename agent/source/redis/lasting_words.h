// What is said of a pattern's keys and stays said while they come and go.
#pragma once

#include <set>
#include <string>

#include "absl/time/time.h"
#include "agent/source/redis/known_keyspace.h"

namespace varve::redis {

// The words to say of keys of which those there now have `now`, never empty, and `said` was said
// after the last read. A word stays as long as a key has had it within `keep`: one key more or less
// among few changes nothing. Where all that is there now is new, it is said alone: the keys were
// replaced; should they turn back within `keep`, both are said. Adds `passed` to what `missing`
// tells of words that no key has now, and drops those that reach `keep`.
std::set<std::string> LastingWords(const std::set<std::string>& now,
                                   const std::set<std::string>& said, absl::Duration passed,
                                   absl::Duration keep, MissingFor& missing);

}  // namespace varve::redis
