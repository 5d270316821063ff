#include "cli/render/redis_facts.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "base/utf8.h"

namespace varve {

std::vector<PrefixCount> KeyDistribution(const v1::RedisKeyspace& keyspace) {
  // Bytes that are not UTF-8 may be shown as another segment is spelled: no name twice.
  std::map<std::string, uint64_t> counts;
  for (const v1::RedisPrefix& prefix : keyspace.prefixes()) {
    counts[ToUtf8(prefix.segment())] += prefix.keys();
  }
  std::vector<PrefixCount> prefixes;
  prefixes.reserve(counts.size());
  for (const auto& [segment, keys] : counts) prefixes.push_back({segment, keys});
  std::sort(prefixes.begin(), prefixes.end(), [](const PrefixCount& a, const PrefixCount& b) {
    return a.keys != b.keys ? a.keys > b.keys : a.segment < b.segment;
  });
  return prefixes;
}

std::optional<int64_t> TtlSeconds(const v1::RedisKey& key) {
  if (!key.has_ttl_ms()) return std::nullopt;
  if (key.ttl_ms() < 0) return -1;
  return key.ttl_ms() / 1000 + (key.ttl_ms() % 1000 >= 500 ? 1 : 0);
}

PatternName NameOfPattern(const EntityKey& key) {
  if (key.names.size() < 2) return {"", absl::StrJoin(key.names, "")};
  return {key.names[0], absl::StrJoin(absl::MakeConstSpan(key.names).subspan(1), "/")};
}

namespace {

// So many parts of a value are told in one line.
constexpr int kToldPaths = 8;

// "user:<int>" at ':' is "user:", "<int>".
std::vector<std::string> SegmentsOf(const std::string& pattern) {
  std::vector<std::string> segments = {""};
  const absl::string_view separators = ":/|.-";
  const auto separator = std::find_if(separators.begin(), separators.end(),
                                      [&](char c) { return pattern.find(c) != std::string::npos; });
  for (const char c : pattern) {
    segments.back() += c;
    if (separator != separators.end() && c == *separator) segments.emplace_back();
  }
  if (segments.size() > 1 && segments.back().empty()) segments.pop_back();
  return segments;
}

}  // namespace

std::map<std::string, PatternNode> TreeOfPatterns(const SectionView& section) {
  std::map<std::string, PatternNode> databases;
  for (const EntityView& entity : section.OfKind("key_pattern")) {
    if (!entity.IsThere()) continue;
    const PatternName name = NameOfPattern(entity.key());
    const auto keys =
        static_cast<uint64_t>(std::max<int64_t>(entity.Number("keys").value_or(0), 0));
    const auto bytes =
        static_cast<uint64_t>(std::max<int64_t>(entity.Number("memory_bytes").value_or(0), 0));
    PatternNode* node = &databases[name.database];
    node->keys += keys;
    node->memory_bytes += bytes;
    for (const std::string& segment : SegmentsOf(name.pattern)) {
      node = &node->children[segment];
      node->keys += keys;
      node->memory_bytes += bytes;
    }
    node->pattern = name.pattern;
  }
  return databases;
}

std::string ValueText(const v1::ValueShape& shape) {
  std::vector<std::string> parts(shape.formats().begin(), shape.formats().end());
  for (int i = 0; i < shape.paths_size() && i < kToldPaths; ++i) {
    const v1::ValuePath& path = shape.paths(i);
    parts.push_back(absl::StrCat(path.path(), " ", absl::StrJoin(path.types(), "|")));
  }
  if (shape.paths_size() > kToldPaths) {
    parts.push_back(absl::StrCat("… ", shape.paths_size() - kToldPaths, " more"));
  }
  for (const std::string& group : shape.groups()) parts.push_back("group " + group);
  return absl::StrJoin(parts, ", ");
}

}  // namespace varve
