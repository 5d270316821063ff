#include "cli/render/redis_facts.h"

#include <algorithm>
#include <map>

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

}  // namespace varve
