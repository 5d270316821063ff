// Keys by pattern, counted exactly in bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/redis/key_tokens.h"
#include "agent/source/redis/known_words.h"
#include "agent/source/redis/pattern_counts.h"
#include "agent/source/redis/pattern_memo.h"

namespace varve::redis {

struct PatternLimits {
  size_t patterns = 10'000;         // of more, those with most keys stay and the rest is "<rest>"
  size_t nodes = 200'000;           // while reading; what would need more is "<rest>"
  size_t siblings = 200;            // more literals than that in one place become "<any>"
  size_t siblings_at_once = 2'000;  // while reading; the same at the end, but sooner
  size_t rare_keys = 3;             // a word that fewer keys have is rare
  size_t rare_words = 100;          // where more of them stand in one place they are "<rare>"
  size_t gone_words = 20;           // likewise where more known words than that have no key now
  size_t own_keys = 10;  // in a place that had a "<rare>" a new word of fewer keys is of it
};

// A tree of tokens with counters where names end. Merging adds counters: sums are exact whatever is
// folded. Of plain words in one place, those that end names and those that go on are folded apart:
// all of them to "<any>", where there are very many; those that hardly a key has to "<rare>", where
// many such stand or come and go. A word that has a pattern of its own, in `known`, keeps it.
//
// What comes out does not depend on the order in which keys were added, unless `is_capped`. Not
// thread-safe.
class PatternTable {
 public:
  // A place that has "<any>" in a pattern of `known` is folded from the start, and one that has
  // "<rare>" at the end: what earlier reads generalised stays so. `known` is borrowed.
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

  // What would have had patterns of its own and is "<rare>". Known after Finish.
  struct Folded {
    uint64_t patterns = 0;
    uint64_t keys = 0;
  };
  const Folded& folded() const { return folded_; }

 private:
  struct Node;
  using Visit = absl::FunctionRef<void(const std::string&, const PatternCounts&)>;

  Node* Child(Node& parent, const Token& token, bool is_last);
  Node& ChildOf(Node& parent, absl::string_view token);
  void FoldAsKnown(absl::string_view pattern);
  static void Recount(Node& node);
  static void Merge(Node& into, std::unique_ptr<Node> from);
  static void MoveEnds(Node& node, absl::Span<const std::string> words, absl::string_view to,
                       const Node* walked);
  static void MoveParents(Node& node, absl::Span<const std::string> words, absl::string_view to);
  static void FoldEnds(Node& node, const Node* walked);
  static void FoldParents(Node& node);
  static void FoldShortHex(Node& node);
  static uint64_t KeysAt(const Node& node);
  static uint64_t KeysBelow(const Node& node, uint64_t enough);
  std::vector<std::string> RareWords(const Node& node, const KnownWords::Place* known,
                                     bool is_last) const;
  void FoldRare(Node& node, const std::string& prefix, const KnownWords& known);
  void Fold(Node& node, std::string& prefix, const KnownWords* known);
  void FoldAll();
  static void Walk(const Node& node, std::string& prefix, Visit visit);

  PatternLimits limits_;
  absl::Span<const std::string> known_;
  PatternMemo memo_;  // of where Add counted; what it holds would be found by a walk as well
  std::unique_ptr<Node> root_;
  size_t nodes_ = 1;
  PatternCounts rest_;
  bool is_capped_ = false;
  Folded folded_;
};

}  // namespace varve::redis
