#include "agent/source/redis/lasting_words.h"

#include <algorithm>
#include <iterator>

namespace varve::redis {

std::set<std::string> LastingWords(const std::set<std::string>& now,
                                   const std::set<std::string>& said, absl::Duration passed,
                                   absl::Duration keep, MissingFor& missing) {
  for (auto at = missing.begin(); at != missing.end();) {
    at->second += passed;
    const bool is_over = at->second >= keep && now.count(at->first) == 0;
    at = is_over ? missing.erase(at) : std::next(at);
  }
  const bool is_replaced = std::none_of(
      now.begin(), now.end(), [&](const std::string& word) { return missing.count(word) > 0; });
  std::set<std::string> words = now;
  for (const std::string& word : said) {
    if (!is_replaced && missing.count(word) > 0) words.insert(word);
  }
  for (const std::string& word : now) missing[word] = absl::ZeroDuration();
  return words;
}

}  // namespace varve::redis
