// Looks at the values of a few keys of each pattern, for their shape.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/sampler.h"
#include "agent/source/redis/value_memory.h"
#include "agent/source/redis/value_shape.h"

namespace varve::redis {

// A key whose value is to be looked at.
struct WantedValue {
  int database = 0;
  std::string pattern;
  SampleKey key;
};

// Those of the samples of all patterns whose mode is not off: of each pattern the first of each
// type, then the second ones, up to 2,000 of a database (`most` of all), and of a pattern no more
// than 256 KiB. By database.
std::vector<WantedValue> ChooseValues(const RedisConfig& config, const KeyspaceReading& keyspace,
                                      size_t most);

// What was learnt of the values of one pattern.
struct PatternValues {
  // A consumer group, over the streams that were looked at.
  struct Group {
    int64_t consumers = 0;
    int64_t pending = 0;
    std::optional<int64_t> lag;  // 7.0 and later
  };

  std::map<std::string, ValueSampleShape> shapes;  // by type of key
  uint64_t looked_at = 0;                          // values
  std::map<std::string, Group> groups;             // by the name that stands in the shape
  std::vector<uint64_t> lengths;                   // elements of those that have elements

  // Made of the above, together with what was known; by type. Empty where some type was not looked
  // at, now or before.
  std::vector<v1::ValueShape> learnt;
  // Paths that less than a twentieth of the sample has, and how many values have each.
  std::vector<std::pair<std::string, uint32_t>> rare;
};

// By database and pattern.
using ValuesByPattern = std::map<std::pair<int, std::string>, PatternValues>;

// Fills in what was learnt of each pattern, and remembers it.
void LearnValues(const KeyspaceReading& keyspace, ValueMemory& memory, absl::Time now,
                 ValuesByPattern& values);

// Asks for the values by commands whose cost does not grow with them; one whose elements may be
// large is skipped, as is one that is gone by now. Not thread-safe. All are borrowed.
class ValueReader {
 public:
  ValueReader(Connection& connection, const Redactor& redactor, Pacer& pacer, absl::Time deadline)
      : connection_(connection), redactor_(redactor), pacer_(pacer), deadline_(deadline) {}

  // `wanted` is in order of databases. Adds to `values`. What was refused, left out and went wrong
  // is in what it returns.
  SamplingEnd Read(absl::Span<const WantedValue> wanted, ValuesByPattern& values);

 private:
  enum class Part {
    kStillThere,
    kText,
    kFields,
    kMembers,
    kElements,
    kMoreElements,
    kEntries,
    kGroups
  };
  struct Asked {
    const WantedValue* wanted;
    Part part;
  };

  absl::Status ReadBatch(absl::Span<const WantedValue> batch, ValuesByPattern& values);
  absl::StatusOr<std::vector<std::optional<uint64_t>>> AskLengths(
      absl::Span<const WantedValue> batch);
  void AskValue(const WantedValue& wanted, std::optional<uint64_t> length);
  void Ask(const WantedValue& wanted, Part part, absl::Span<const absl::string_view> arguments);
  void Take(const Asked& asked, const Reply& reply, ValuesByPattern& values);
  void TakeGroups(const Reply& reply, PatternValues& pattern, ValueSampleShape& shape);
  void TakeRefusal(absl::string_view command, absl::string_view error);
  bool IsRefused(absl::string_view command) const;

  Connection& connection_;
  const Redactor& redactor_;
  Pacer& pacer_;
  absl::Time deadline_;
  SamplingEnd end_;
  std::vector<Asked> asked_;
  bool is_there_ = false;  // the string that is asked for
  // Commands for lengths that the server refuses: of small values none is needed.
  std::set<std::string> refused_lengths_;
};

}  // namespace varve::redis
