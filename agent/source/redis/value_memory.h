// What is known of the values of each pattern, so that another sample is no change.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "varve/v1/redis.pb.h"

namespace varve::redis {

// What was seen of one type's values in one read.
struct SeenValues {
  v1::ValueShape shape;
  std::vector<std::pair<std::string, uint32_t>> rare;  // paths too rare to be in it
};

// A part of a shape (a path, one of its types, a format, a group) stays for as long as samples show
// it, and 7 days beyond: it leaves when no value of any read had it for so long. Not thread-safe.
class ValueMemory {
 public:
  using Pattern = std::pair<int, std::string>;  // a database's number, and the pattern

  // What the last snapshot had, where nothing is known of the pattern yet.
  void Know(const Pattern& pattern, const v1::KeyPatternStructure& structure);

  // What is known of the pattern's values with what was seen now; by type. Types that none of its
  // keys has any more (`types` has those of all) are forgotten.
  std::vector<v1::ValueShape> Learn(const Pattern& pattern, const std::set<std::string>& types,
                                    const std::vector<SeenValues>& seen, absl::Time now);

  // Drops patterns of which nothing was learnt for 7 days.
  void Forget(absl::Time now);

 private:
  struct Known {
    v1::ValueShape shape;
    // Parts that the last read did not show, and since when.
    std::map<std::string, absl::Time> missing_since;
  };

  struct KnownPattern {
    absl::Time learnt_at = absl::InfinitePast();
    std::map<std::string, Known> types;  // by type of key
  };

  static void LearnType(const SeenValues& seen, absl::Time now, Known& known);

  std::map<Pattern, KnownPattern> patterns_;
};

}  // namespace varve::redis
