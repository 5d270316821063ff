#include "agent/source/redis/counted_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace varve::redis {

std::string WithoutNumbers(absl::string_view name) {
  std::string text;
  bool in_number = false;
  for (const char c : name) {
    const bool is_digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (!is_digit) {
      text += c;
    } else if (!in_number) {
      text += "<int>";
    }
    in_number = is_digit;
  }
  return text;
}

void CountedNames::Count(absl::string_view name) {
  ++counts_[name.empty() ? "(none)" : std::string(name)];
}

std::vector<std::pair<std::string, int64_t>> CountedNames::Most() const {
  std::vector<std::pair<std::string, int64_t>> counts(counts_.begin(), counts_.end());
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  int64_t others = 0;
  while (counts.size() > most_) {
    others += counts.back().second;
    counts.pop_back();
  }
  if (others > 0) counts.emplace_back("(other)", others);
  return counts;
}

}  // namespace varve::redis
