#include "agent/source/redis/pattern_memo.h"

#include "absl/hash/hash.h"

namespace varve::redis {

PatternCounts* PatternMemo::Find(const Tokens& tokens) {
  text_.clear();
  for (const Token& token : tokens) {
    // Tokens hold no control bytes, so no two lists of them have one text.
    text_ += static_cast<char>(1 + static_cast<int>(token.kind));
    text_.append(token.text.data(), token.text.size());
  }
  at_ = absl::HashOf(text_) & (kEntries - 1);
  const Entry& entry = entries_[at_];
  return entry.text == text_ ? entry.counts : nullptr;
}

void PatternMemo::Keep(PatternCounts& counts) {
  if (text_.size() > kLongestText) return;
  entries_[at_].text = text_;
  entries_[at_].counts = &counts;
}

void PatternMemo::Forget() {
  for (Entry& entry : entries_) entry.counts = nullptr;
}

}  // namespace varve::redis
