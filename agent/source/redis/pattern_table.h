// Keys by pattern, counted exactly in bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/redis/key_tokens.h"
#include "agent/source/redis/pattern_counts.h"
#include "agent/source/redis/pattern_memo.h"

namespace varve::redis {

struct PatternLimits {
  size_t patterns = 10'000;         // of more, those with most keys stay and the rest is "<rest>"
  size_t nodes = 200'000;           // while reading; what would need more is "<rest>"
  size_t siblings = 200;            // more literals than that in one place become "<any>"
  size_t siblings_at_once = 2'000;  // while reading; the same at the end, but sooner
};

// A tree of tokens with counters where names end. Merging adds counters: sums are exact whatever is
// folded.
//
// What comes out does not depend on the order in which keys were added, unless `is_capped`. Not
// thread-safe.
class PatternTable {
 public:
  // A place that has "<any>" in a pattern of `known` is folded from the start: what earlier reads
  // generalised stays so.
  explicit PatternTable(PatternLimits limits = {}, absl::Span<const std::string> known = {});
  ~PatternTable();

  void Add(absl::string_view name, const KeyFacts& facts);

  // Generalises what has too many siblings, then calls `visit` with each pattern, by text. A '<' or
  // a backslash of a name itself stands behind a backslash in the pattern. Ends the table: add
  // nothing afterwards.
  void Finish(
      absl::FunctionRef<void(const std::string& pattern, const PatternCounts& counts)> visit);

  // A limit made a "<rest>" of names that would have had patterns of their own. Known after Finish.
  bool is_capped() const { return is_capped_; }

 private:
  struct Node;
  using Visit = absl::FunctionRef<void(const std::string&, const PatternCounts&)>;

  Node* Child(Node& parent, const Token& token, bool is_last);
  Node& ChildOf(Node& parent, absl::string_view token);
  void FoldAsKnown(absl::string_view pattern);
  static void Recount(Node& node);
  static void Merge(Node& into, std::unique_ptr<Node> from);
  static void FoldEnds(Node& node, const Node* walked);
  static void FoldParents(Node& node);
  static void FoldShortHex(Node& node);
  void Fold(Node& node);
  static void Walk(const Node& node, std::string& prefix, Visit visit);

  PatternLimits limits_;
  PatternMemo memo_;  // of where Add counted; what it holds would be found by a walk as well
  std::unique_ptr<Node> root_;
  size_t nodes_ = 1;
  PatternCounts rest_;
  bool is_capped_ = false;
};

}  // namespace varve::redis
