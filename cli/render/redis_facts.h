// What the JSON and the analysis say of a Redis source, ready to show.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapshot/section_view.h"
#include "varve/v1/measures.pb.h"
#include "varve/v1/redis.pb.h"

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

// Patterns that begin alike, and what is in all of them together.
struct PatternNode {
  uint64_t keys = 0;
  uint64_t memory_bytes = 0;  // of the keys whose size is known
  std::string pattern;        // that ends here; empty where none does
  std::map<std::string, PatternNode>
      children;  // by their next segment, with its separator: "user:"
};

// By database the tree of its patterns. Each pattern comes apart at one separator: the first of
// : / | . - that is in it.
std::map<std::string, PatternNode> TreeOfPatterns(const SectionView& section);

// "name string, age integer" of a value's paths, "json" of its formats; of many the first.
std::string ValueText(const v1::ValueShape& shape);

}  // namespace varve
