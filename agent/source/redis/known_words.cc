#include "agent/source/redis/known_words.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "snapshot/key_pattern.h"

namespace varve::redis {

KnownWords::KnownWords(absl::Span<const std::string> patterns) {
  for (const std::string& pattern : patterns) {
    const std::vector<PatternToken> tokens = PatternTokens(pattern);
    std::string before;
    for (size_t i = 0; i < tokens.size(); ++i) {
      const absl::string_view text = tokens[i].text;
      Places& places = i + 1 == tokens.size() ? ends_ : parents_;
      if (tokens[i].is_literal || text == kRareWord) places[before].words.emplace(text);
      absl::StrAppend(&before, text);
    }
  }
}

const KnownWords::Place* KnownWords::Find(absl::string_view before, bool is_last) const {
  const Places& places = is_last ? ends_ : parents_;
  const auto found = places.find(before);
  return found == places.end() ? nullptr : &found->second;
}

}  // namespace varve::redis
