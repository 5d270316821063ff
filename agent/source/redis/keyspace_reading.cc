#include "agent/source/redis/keyspace_reading.h"

#include "base/utf8.h"

namespace varve::redis {

KeyTraits TraitsNow(const PatternCounts& counts) {
  KeyTraits traits;
  for (const auto& [type, keys] : counts.types.Sorted()) traits.types.push_back(ToUtf8(type));
  if (counts.with_ttl + counts.without_ttl > 0) {
    traits.ttl = counts.without_ttl == 0 ? v1::TTL_CLASS_ALWAYS
                 : counts.with_ttl == 0  ? v1::TTL_CLASS_NEVER
                                         : v1::TTL_CLASS_MIXED;
  }
  return traits;
}

KeyTraits DatabaseReading::TraitsOf(const std::string& pattern, const PatternCounts& counts) const {
  const auto found = lasting.find(ToUtf8(pattern));
  return found == lasting.end() ? TraitsNow(counts) : found->second;
}

}  // namespace varve::redis
