// What the JSON and the analysis say of a Redis source, ready to show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapshot/section_view.h"
#include "varve/v1/measures.pb.h"

namespace varve {

struct PrefixCount {
  std::string segment;  // UTF-8, as ToUtf8 has it
  uint64_t keys = 0;
};

// How many keys begin with each first segment, most first, then by segment.
std::vector<PrefixCount> KeyDistribution(const v1::RedisKeyspace& keyspace);

// The TTL in seconds as TTL answers (rounded); -1 has none; nothing where it is not known.
std::optional<int64_t> TtlSeconds(const v1::RedisKey& key);

// "doc:state:*" of a key pattern, and its database's number.
struct PatternName {
  std::string database;
  std::string pattern;
};
PatternName NameOfPattern(const EntityKey& key);

}  // namespace varve
