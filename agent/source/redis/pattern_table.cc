#include "agent/source/redis/pattern_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "snapshot/key_pattern.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kAny = kAnyWord;
constexpr absl::string_view kRest = "<rest>";
// So many different short hexadecimal words in one place are the first digits of a digest:
// files/3f/….
constexpr size_t kShortHexSiblings = 64;

std::string LiteralText(absl::string_view literal) {
  return absl::StrReplaceAll(literal, {{"\\", "\\\\"}, {"<", "\\<"}});
}

bool IsClass(absl::string_view token) { return absl::StartsWith(token, "<"); }

// Whether the token is a literal: the only kind that is folded.
bool IsLiteral(absl::string_view token) {
  return !IsClass(token) && token != "_" && token.find_first_of(":/|.-{}#@,") != 0;
}

bool IsShortHex(absl::string_view token) {
  return token.size() >= 2 && token.size() < 8 &&
         std::all_of(token.begin(), token.end(), absl::ascii_isxdigit);
}

}  // namespace

// A literal child counts among the ends where a name ends in it, and among the parents where one
// goes on. The two are folded apart: a thousand single names beside doc:…, session:… leave those as
// they are.
struct PatternTable::Node {
  absl::flat_hash_map<std::string, std::unique_ptr<Node>> children;
  std::unique_ptr<PatternCounts> counts;  // of the names that end here; null: none does
  uint32_t literal_ends = 0;
  uint32_t literal_parents = 0;
  bool ends_folded = false;
  bool parents_folded = false;
};

PatternTable::PatternTable(PatternLimits limits, absl::Span<const std::string> known)
    : limits_(limits), known_(known), root_(std::make_unique<Node>()) {
  const GeneralPlaces places(known);
  for (const std::string& pattern : known) FoldAsKnown(places.Generalise(pattern));
}

PatternTable::~PatternTable() = default;

PatternTable::Node& PatternTable::ChildOf(Node& parent, absl::string_view token) {
  const auto [at, is_new] = parent.children.try_emplace(std::string(token));
  if (is_new) {
    at->second = std::make_unique<Node>();
    ++nodes_;
  }
  return *at->second;
}

// Marks the places of a known pattern. The nodes that lead there hold no names yet.
void PatternTable::FoldAsKnown(absl::string_view pattern) {
  const size_t end = pattern.rfind(kAny);
  if (end == absl::string_view::npos) return;
  const std::vector<PatternToken> tokens = PatternTokens(pattern);
  Node* node = root_.get();
  size_t at = 0;
  for (size_t i = 0; i < tokens.size() && at <= end; ++i) {
    const bool is_last = i + 1 == tokens.size();
    if (tokens[i].text == kAny) (is_last ? node->ends_folded : node->parents_folded) = true;
    at += tokens[i].text.size();
    if (at > end || nodes_ >= limits_.nodes) return;
    Node& child = ChildOf(*node, tokens[i].text);
    // It becomes a parent with the child that the next token gives it.
    if (IsLiteral(tokens[i].text) && child.children.empty()) ++node->literal_parents;
    node = &child;
  }
}

// The child for `token`; null where there is none and no more may be made.
PatternTable::Node* PatternTable::Child(Node& parent, const Token& token, bool is_last) {
  const bool is_literal = token.kind == TokenKind::kLiteral;
  const bool needs_escape =
      is_literal && token.text.find_first_of("<\\") != absl::string_view::npos;
  std::string escaped;
  if (needs_escape) escaped = LiteralText(token.text);
  absl::string_view text = needs_escape ? absl::string_view(escaped) : token.text;
  if (is_literal && (is_last ? parent.ends_folded : parent.parents_folded)) text = kAny;

  const auto at = parent.children.find(text);
  if (at == parent.children.end() && nodes_ >= limits_.nodes) return nullptr;
  Node& child = at == parent.children.end() ? ChildOf(parent, text) : *at->second;
  if (!is_literal || text == kAny) return &child;
  if (is_last && child.counts == nullptr) ++parent.literal_ends;
  if (!is_last && child.children.empty()) ++parent.literal_parents;
  return &child;
}

void PatternTable::Add(absl::string_view name, const KeyFacts& facts) {
  const Tokens tokens = TokensOf(name);
  if (PatternCounts* const counts = memo_.Find(tokens); counts != nullptr) {
    counts->Add(facts);
    return;
  }
  Node* node = root_.get();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool is_last = i + 1 == tokens.size();
    Node* const child = Child(*node, tokens[i], is_last);
    if (child == nullptr) {
      rest_.Add(facts);
      is_capped_ = true;
      return;
    }
    if (is_last && child->counts == nullptr) child->counts = std::make_unique<PatternCounts>();
    if (is_last) child->counts->Add(facts);
    const bool is_folding = node->literal_ends > limits_.siblings_at_once ||
                            node->literal_parents > limits_.siblings_at_once;
    if (is_folding) memo_.Forget();
    if (node->literal_ends > limits_.siblings_at_once) FoldEnds(*node, child);
    // Folding parents moves the child: the walk goes on from where it is now.
    if (node->literal_parents > limits_.siblings_at_once) {
      const bool was_literal = tokens[i].kind == TokenKind::kLiteral;
      FoldParents(*node);
      node = was_literal && !is_last ? &ChildOf(*node, kAny) : child;
    } else {
      node = child;
    }
    if (is_last && !is_folding) memo_.Keep(*child->counts);
  }
  if (tokens.empty()) {
    // The empty name is a key like any other.
    if (root_->counts == nullptr) root_->counts = std::make_unique<PatternCounts>();
    root_->counts->Add(facts);
  }
}

void PatternTable::Merge(Node& into, std::unique_ptr<Node> from) {
  if (from->counts != nullptr) {
    if (into.counts == nullptr) {
      into.counts = std::move(from->counts);
    } else {
      into.counts->Add(*from->counts);
    }
  }
  into.ends_folded |= from->ends_folded;
  into.parents_folded |= from->parents_folded;
  for (auto& [token, child] : from->children) {
    const auto [at, is_new] = into.children.try_emplace(token);
    if (is_new) {
      at->second = std::move(child);
    } else {
      Merge(*at->second, std::move(child));
    }
  }
  Recount(into);
}

void PatternTable::Recount(Node& node) {
  node.literal_ends = 0;
  node.literal_parents = 0;
  for (const auto& [token, child] : node.children) {
    if (!IsLiteral(token)) continue;
    node.literal_ends += child->counts != nullptr ? 1 : 0;
    node.literal_parents += child->children.empty() ? 0 : 1;
  }
}

// Moves the counts of all names that end in one of `words`, children of the node, to the child
// `to`. `walked` stays, though it be empty: a name that goes on below it is being added.
void PatternTable::MoveEnds(Node& node, absl::Span<const std::string> words, absl::string_view to,
                            const Node* walked) {
  if (words.empty()) return;
  auto moved = std::make_unique<Node>();
  moved->counts = std::make_unique<PatternCounts>();
  for (const std::string& word : words) {
    const auto child = node.children.find(word);
    moved->counts->Add(*child->second->counts);
    child->second->counts = nullptr;
    if (child->second->children.empty() && child->second.get() != walked) {
      node.children.erase(child);
    }
  }
  node.literal_ends -= static_cast<uint32_t>(words.size());
  std::unique_ptr<Node>& at = node.children[std::string(to)];
  if (at == nullptr) at = std::make_unique<Node>();
  Merge(*at, std::move(moved));
}

// Moves what goes on below each of `words`, children of the node, to the child `to`.
void PatternTable::MoveParents(Node& node, absl::Span<const std::string> words,
                               absl::string_view to) {
  if (words.empty()) return;
  std::unique_ptr<Node> into = std::move(node.children[std::string(to)]);
  if (into == nullptr) into = std::make_unique<Node>();
  for (const std::string& word : words) {
    const auto child = node.children.find(word);
    auto below = std::make_unique<Node>();
    below->children = std::move(child->second->children);
    child->second->children.clear();
    below->ends_folded = child->second->ends_folded;
    below->parents_folded = child->second->parents_folded;
    if (child->second->counts == nullptr) node.children.erase(child);
    Merge(*into, std::move(below));
  }
  node.literal_parents -= static_cast<uint32_t>(words.size());
  node.children[std::string(to)] = std::move(into);
}

void PatternTable::FoldEnds(Node& node, const Node* walked) {
  node.ends_folded = true;
  std::vector<std::string> words;
  for (const auto& [token, child] : node.children) {
    if (IsLiteral(token) && child->counts != nullptr) words.push_back(token);
  }
  MoveEnds(node, words, kAny, walked);
}

void PatternTable::FoldParents(Node& node) {
  node.parents_folded = true;
  std::vector<std::string> words;
  for (const auto& [token, child] : node.children) {
    if (IsLiteral(token) && !child->children.empty()) words.push_back(token);
  }
  MoveParents(node, words, kAny);
  node.literal_parents = 0;  // that being walked has no child yet, and counts already
}

// files/3f/…, files/12/…: the first digits of a digest, some of which read as numbers.
void PatternTable::FoldShortHex(Node& node) {
  std::vector<std::string> words;
  for (const auto& [token, child] : node.children) {
    if (IsShortHex(token)) words.push_back(token);
  }
  if (words.size() < kShortHexSiblings) return;
  if (node.children.contains("<int>")) words.emplace_back("<int>");
  auto hex = std::make_unique<Node>();
  for (const std::string& word : words) {
    Merge(*hex, std::move(node.children[word]));
    node.children.erase(word);
  }
  std::unique_ptr<Node>& at = node.children["<hex>"];
  if (at == nullptr) {
    at = std::move(hex);
  } else {
    Merge(*at, std::move(hex));
  }
  Recount(node);
}

uint64_t PatternTable::KeysAt(const Node& node) {
  return node.counts == nullptr ? 0 : node.counts->keys;
}

// Keys of the names that go on below the node; of many, `enough`.
uint64_t PatternTable::KeysBelow(const Node& node, uint64_t enough) {
  uint64_t keys = 0;
  for (const auto& [token, child] : node.children) {
    keys += KeysAt(*child);
    if (keys < enough) keys += KeysBelow(*child, enough - keys);
    if (keys >= enough) return enough;
  }
  return keys;
}

// The words of a place that are "<rare>" from now on, of those that end names or of those that go
// on.
std::vector<std::string> PatternTable::RareWords(const Node& node, const KnownWords::Place* known,
                                                 bool is_last) const {
  const bool was_folded = known != nullptr && known->words.contains(kRareWord);
  const uint64_t keys_wanted = was_folded ? limits_.own_keys : limits_.rare_keys;
  std::vector<std::string> words;
  size_t rare = 0;
  size_t still_there = 0;
  for (const auto& [token, child] : node.children) {
    if (!IsLiteral(token)) continue;
    const uint64_t keys = is_last ? KeysAt(*child) : KeysBelow(*child, limits_.own_keys);
    if (keys == 0) continue;
    if (keys < limits_.rare_keys) ++rare;
    if (known != nullptr && known->words.contains(token)) {
      ++still_there;
    } else if (keys < keys_wanted) {
      words.push_back(token);
    }
  }
  const size_t gone =
      known == nullptr ? 0 : known->words.size() - (was_folded ? 1 : 0) - still_there;
  const bool is_crowded = rare > limits_.rare_words || gone > limits_.gone_words;
  if (!was_folded && !is_crowded) words.clear();
  return words;
}

void PatternTable::FoldRare(Node& node, const std::string& prefix, const KnownWords& known) {
  MoveEnds(node, RareWords(node, known.Find(prefix, true), true), kRareWord, nullptr);
  MoveParents(node, RareWords(node, known.Find(prefix, false), false), kRareWord);
}

// From the top down, so that what is merged here is looked at as one below. Without `known` rare
// words stay. Changes the prefix only for as long as it runs.
void PatternTable::Fold(Node& node, std::string& prefix, const KnownWords* known) {
  FoldShortHex(node);
  if (node.ends_folded || node.literal_ends > limits_.siblings) FoldEnds(node, nullptr);
  if (node.parents_folded || node.literal_parents > limits_.siblings) FoldParents(node);
  if (known != nullptr) FoldRare(node, prefix, *known);
  for (auto& [token, child] : node.children) {
    const size_t size = prefix.size();
    absl::StrAppend(&prefix, token);
    Fold(*child, prefix, known);
    prefix.resize(size);
  }
}

void PatternTable::FoldAll() {
  std::string prefix;
  Fold(*root_, prefix, nullptr);
  const auto count = [&](Visit visit) { Walk(*root_, prefix, visit); };
  uint64_t patterns = 0;
  count([&](const std::string&, const PatternCounts&) { ++patterns; });
  const KnownWords known(known_);
  Fold(*root_, prefix, &known);
  uint64_t own = 0;
  count([&](const std::string& pattern, const PatternCounts& counts) {
    const bool is_rare = HasPlaceOf(kRareWord, pattern);
    own += is_rare ? 0 : 1;
    if (is_rare) folded_.keys += counts.keys;
  });
  folded_.patterns = patterns - own;
}

void PatternTable::Walk(const Node& node, std::string& prefix, Visit visit) {
  if (node.counts != nullptr) visit(prefix, *node.counts);
  for (const auto& [token, child] : node.children) {
    const size_t size = prefix.size();
    absl::StrAppend(&prefix, token);
    Walk(*child, prefix, visit);
    prefix.resize(size);
  }
}

void PatternTable::Finish(Visit visit) {
  FoldAll();
  std::map<std::string, const PatternCounts*> patterns;
  std::string prefix;
  Walk(*root_, prefix, [&](const std::string& pattern, const PatternCounts& counts) {
    patterns.emplace(pattern, &counts);
  });
  if (patterns.size() > limits_.patterns) {
    is_capped_ = true;
    std::vector<std::pair<const std::string, const PatternCounts*>> by_keys(patterns.begin(),
                                                                            patterns.end());
    std::vector<size_t> order(by_keys.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return by_keys[a].second->keys > by_keys[b].second->keys;
    });
    for (size_t i = limits_.patterns; i < order.size(); ++i) {
      rest_.Add(*by_keys[order[i]].second);
      patterns.erase(by_keys[order[i]].first);
    }
  }
  if (rest_.keys > 0) {
    const auto at = patterns.find(std::string(kRest));
    if (at != patterns.end()) rest_.Add(*at->second);
    patterns[std::string(kRest)] = &rest_;
  }
  for (const auto& [pattern, counts] : patterns) visit(pattern, *counts);
}

}  // namespace varve::redis
