#include "snapshot/key_pattern.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

constexpr absl::string_view kDelimiters = ":/|.-{}#@,";

bool IsDelimiter(char c) { return absl::StrContains(kDelimiters, c); }

// The size of the class that begins `text`.
size_t ClassSize(absl::string_view text) {
  const size_t end = text.find('>');
  return end == absl::string_view::npos ? text.size() : end + 1;
}

// '_' joins words, but for one beside a class.
size_t LiteralSize(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && !IsDelimiter(text[size]) && text[size] != '<') {
    if (text[size] == '_' && absl::StartsWith(text.substr(size + 1), "<")) break;
    size += text[size] == '\\' ? 2 : 1;
  }
  return std::min(size, text.size());
}

size_t DelimiterSize(absl::string_view text, bool is_behind_class) {
  if (text[0] == '_') return is_behind_class || absl::StartsWith(text.substr(1), "<") ? 1 : 0;
  size_t size = 0;
  while (size < text.size() && IsDelimiter(text[size])) ++size;
  return size;
}

// Of an end and of a parent, told apart by the first byte.
std::string PlaceName(absl::string_view before, bool is_last) {
  return absl::StrCat(is_last ? "\x01" : "\x02", before);
}

using Texts = google::protobuf::RepeatedPtrField<std::string>;

void Unite(const Texts& from, Texts& into) {
  for (const std::string& text : from) {
    if (std::find(into.begin(), into.end(), text) == into.end()) *into.Add() = text;
  }
}

// The element of that name; a new one where there is none.
template <typename Element, typename NameOf>
Element& ElementOf(google::protobuf::RepeatedPtrField<Element>& elements, const Element& like,
                   NameOf name_of) {
  for (Element& element : elements) {
    if (name_of(element) == name_of(like)) return element;
  }
  return *elements.Add() = like;
}

void MergeValues(const v1::ValueShape& from, v1::ValueShape& into) {
  Unite(from.formats(), *into.mutable_formats());
  Unite(from.groups(), *into.mutable_groups());
  into.set_is_map(into.is_map() || from.is_map());
  for (const v1::ValuePath& path : from.paths()) {
    v1::ValuePath& same =
        ElementOf(*into.mutable_paths(), path, [](const v1::ValuePath& p) { return p.path(); });
    Unite(path.types(), *same.mutable_types());
  }
}

}  // namespace

std::vector<PatternToken> PatternTokens(absl::string_view pattern) {
  std::vector<PatternToken> tokens;
  bool is_behind_class = false;
  while (!pattern.empty()) {
    const bool is_class = pattern[0] == '<';
    const size_t delimiter = is_class ? 0 : DelimiterSize(pattern, is_behind_class);
    const bool is_literal = !is_class && delimiter == 0;
    const size_t size = is_class     ? ClassSize(pattern)
                        : is_literal ? LiteralSize(pattern)
                                     : delimiter;
    tokens.push_back({pattern.substr(0, size), is_literal});
    pattern.remove_prefix(size);
    is_behind_class = is_class;
  }
  return tokens;
}

bool HasPlaceOf(absl::string_view word, absl::string_view pattern) {
  if (!absl::StrContains(pattern, word)) return false;
  const std::vector<PatternToken> tokens = PatternTokens(pattern);
  return std::any_of(tokens.begin(), tokens.end(),
                     [word](const PatternToken& token) { return token.text == word; });
}

// A place inside what another one generalises is known under its general name: those with fewer
// tokens before them come first.
GeneralPlaces::GeneralPlaces(absl::Span<const std::string> patterns, absl::string_view word)
    : word_(word) {
  std::map<size_t, std::set<std::pair<std::string, bool>>> by_tokens;
  for (const std::string& pattern : patterns) {
    if (!absl::StrContains(pattern, word)) continue;
    const std::vector<PatternToken> tokens = PatternTokens(pattern);
    std::string before;
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].text == word) by_tokens[i].emplace(before, i + 1 == tokens.size());
      absl::StrAppend(&before, tokens[i].text);
    }
  }
  for (const auto& [tokens, places] : by_tokens) {
    for (const auto& [before, is_last] : places) {
      // With a token behind it, so that no word of `before` is taken for an end.
      std::string general = Generalise(absl::StrCat(before, word));
      general.resize(general.size() - word.size());
      places_.insert(PlaceName(general, is_last));
    }
  }
}

bool GeneralPlaces::Has(absl::string_view before, bool is_last) const {
  return places_.contains(PlaceName(before, is_last));
}

std::string GeneralPlaces::Generalise(absl::string_view pattern) const {
  if (places_.empty()) return std::string(pattern);
  const std::vector<PatternToken> tokens = PatternTokens(pattern);
  std::string general;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool is_word = tokens[i].is_literal || tokens[i].text == kRareWord;
    const bool is_general = is_word && Has(general, i + 1 == tokens.size());
    absl::StrAppend(&general, is_general ? word_ : tokens[i].text);
  }
  return general;
}

GeneralPlaces GeneralPlaces::Without(const GeneralPlaces& other) const {
  GeneralPlaces left({}, word_);
  for (const std::string& place : places_) {
    if (!other.places_.contains(place)) left.places_.insert(place);
  }
  return left;
}

void MergeStructure(const v1::KeyPatternStructure& from, v1::KeyPatternStructure& into) {
  Unite(from.types(), *into.mutable_types());
  if (into.ttl() == v1::TTL_CLASS_UNSPECIFIED) {
    into.set_ttl(from.ttl());
  } else if (from.ttl() != into.ttl() && from.ttl() != v1::TTL_CLASS_UNSPECIFIED) {
    into.set_ttl(v1::TTL_CLASS_MIXED);
  }
  for (const v1::ValueShape& values : from.values()) {
    v1::ValueShape& same =
        ElementOf(*into.mutable_values(), values, [](const v1::ValueShape& v) { return v.type(); });
    MergeValues(values, same);
  }
}

}  // namespace varve
