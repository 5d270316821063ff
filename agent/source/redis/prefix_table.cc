#include "agent/source/redis/prefix_table.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {
namespace {

constexpr size_t kMostWholeNames = 1'000;
// Nobody reads so many; what comes later is one entry.
constexpr size_t kMostSegments = 10'000;

std::string Generalised(absl::string_view segment) {
  std::string text;
  for (const Token& token : TokensOf(segment)) absl::StrAppend(&text, token.text);
  return text;
}

size_t SegmentSize(absl::string_view name) {
  const size_t colon = name.find(':');
  return colon != absl::string_view::npos ? colon : name.find_first_of("/|");
}

}  // namespace

void PrefixTable::Add(absl::string_view name) {
  const size_t size = SegmentSize(name);
  if (size != absl::string_view::npos) {
    CountSegment(name.substr(0, size));
    return;
  }
  if (!is_folding_) {
    ++whole_names_[Generalised(name)];
    if (whole_names_.size() <= kMostWholeNames) return;
    is_folding_ = true;
    for (const auto& [whole, keys] : whole_names_) folded_names_ += keys;
    whole_names_.clear();
    return;
  }
  ++folded_names_;
}

void PrefixTable::CountSegment(absl::string_view raw) {
  // What is counted already and holds no class was a segment as it stands: nearly always.
  if (const auto at = segments_.find(raw); at != segments_.end() && !absl::StrContains(raw, "<")) {
    ++at->second;
    return;
  }
  const std::string segment = Generalised(raw);
  const auto at = segments_.find(segment);
  if (at != segments_.end()) {
    ++at->second;
  } else {
    ++segments_[segments_.size() < kMostSegments ? segment : std::string("<rest>")];
  }
}

std::vector<std::pair<std::string, uint64_t>> PrefixTable::Finish() {
  for (const auto& [whole, keys] : whole_names_) segments_[whole] += keys;
  if (is_folding_) segments_["<no separator>"] += folded_names_;
  std::vector<std::pair<std::string, uint64_t>> sorted(segments_.begin(), segments_.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

}  // namespace varve::redis
