// Keys by pattern, counted exactly in bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/key_tokens.h"

namespace varve::redis {

// What the probes said of one key. Absent: not asked, or refused.
struct KeyFacts {
  absl::string_view type;              // TYPE; empty is not known
  std::optional<int64_t> ttl_ms;       // PTTL: -1 has none
  std::optional<uint64_t> size_bytes;  // MEMORY USAGE
  absl::string_view encoding;          // OBJECT ENCODING; empty is not known
  bool not_permitted = false;          // the ACL user may not touch this key
  bool is_probed = false;              // it was looked at: else only its name is known
};

// A few words, each with its count: types, encodings. More than 32 different ones count as "other".
class WordCounts {
 public:
  void Add(absl::string_view word, uint64_t count = 1);
  void Add(const WordCounts& other);
  // By word.
  std::vector<std::pair<std::string, uint64_t>> Sorted() const;
  bool empty() const { return counts_.empty(); }

 private:
  std::vector<std::pair<std::string, uint64_t>> counts_;
};

// What was counted on the keys of one pattern.
struct PatternCounts {
  uint64_t keys = 0;
  uint64_t probed = 0;  // keys that were looked at: all but where the depth is less than full
  uint64_t not_permitted = 0;
  uint64_t with_ttl = 0;
  uint64_t without_ttl = 0;
  int64_t longest_ttl_ms = -1;
  uint64_t sized = 0;  // keys whose size is known
  uint64_t bytes = 0;  // of those
  uint64_t largest_bytes = 0;
  double squared_bytes = 0;  // sum over those of the square: how far apart sizes lie
  WordCounts types;
  WordCounts encodings;

  void Add(const KeyFacts& facts);
  void Add(const PatternCounts& other);
};

struct PatternLimits {
  size_t patterns = 10'000;         // of more, those with most keys stay and the rest is "<rest>"
  size_t nodes = 200'000;           // while reading; what would need more is "<rest>"
  size_t siblings = 200;            // more literals than that in one place become "<str>"
  size_t siblings_at_once = 2'000;  // while reading; the same at the end, but sooner
};

// A tree of tokens with counters where names end. Merging adds counters: sums are exact whatever is
// folded.
//
// What comes out does not depend on the order in which keys were added, unless `is_capped`. Not
// thread-safe.
class PatternTable {
 public:
  explicit PatternTable(PatternLimits limits = {});
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
  static void Merge(Node& into, std::unique_ptr<Node> from);
  static void FoldEnds(Node& node, const Node* walked);
  static void FoldParents(Node& node);
  static void FoldShortHex(Node& node);
  void Fold(Node& node);
  static void Walk(const Node& node, std::string& prefix, Visit visit);

  PatternLimits limits_;
  std::unique_ptr<Node> root_;
  size_t nodes_ = 1;
  PatternCounts rest_;
  bool is_capped_ = false;
};

}  // namespace varve::redis
