#include "agent/source/redis/redis_section.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/redaction/key_name.h"
#include "agent/source/redis/estimate.h"
#include "agent/source/redis/pattern_measures.h"
#include "agent/source/redis/section_troubles.h"
#include "agent/source/redis/server_section.h"
#include "agent/source/redis/shard_section.h"
#include "base/utf8.h"
#include "snapshot/section_builder.h"

namespace varve::redis {
namespace {

// Raise it when a shape gains a field or a field its meaning; docs/formats.md has what each
// revision captures.
constexpr uint32_t kCaptureRevision = 1;
constexpr absl::string_view kRest = "<rest>";
constexpr double kNamesError = 0.025;  // of NameSketch

int64_t Signed(uint64_t number) {
  return static_cast<int64_t>(std::min<uint64_t>(number, INT64_MAX));
}

class Writer {
 public:
  Writer(const RedisConfig& config, const RedisReading& reading, const Redactor& redactor)
      : config_(config),
        reading_(reading),
        redactor_(redactor),
        builder_(config.name, "redis", kCaptureRevision) {}

  Section Write() {
    builder_.SetAddress(reading_.endpoint.Address());
    builder_.SetServer(ServerText());
    WriteServer(reading_, redactor_, builder_);
    for (const DatabaseReading& database : reading_.keyspace.databases) {
      AddDatabase(database);
      for (const auto& [pattern, counts] : database.patterns) {
        AddPattern(database, pattern, counts);
      }
      for (const auto& [pattern, known] : database.empty) {
        AddEmptyPattern(database, pattern, known);
      }
    }
    AddKeyspace();
    WriteShards(reading_, builder_);
    TellTroubles(config_, reading_, builder_);
    return builder_.Finish();
  }

 private:
  std::string ServerText() const;
  void AddDatabase(const DatabaseReading& database);
  void MeasureWhatTheServerSays(const EntityKey& key, const DatabaseReading& database);
  bool IsEstimated(const PatternCounts& counts) const {
    return config_.depth == RedisDepth::kSampled && counts.probed < counts.keys;
  }
  void AddPattern(const DatabaseReading& database, const std::string& pattern,
                  const PatternCounts& counts);
  void AddEmptyPattern(const DatabaseReading& database, const std::string& pattern,
                       const KnownPattern& known);
  v1::Sight SightOf(const DatabaseReading& database, const std::string& pattern,
                    const PatternCounts& counts) const;
  void MeasurePattern(const EntityKey& key, const PatternCounts& counts);
  void AddKeyspace();
  v1::RedisKey KeyOf(const ListedKey& listed) const;

  const RedisConfig& config_;
  const RedisReading& reading_;
  const Redactor& redactor_;
  SectionBuilder builder_;
};

// "Redis 7.0.15".
std::string Writer::ServerText() const {
  const ServerReading& server = reading_.server;
  return absl::StrCat(server.product == "valkey" ? "Valkey" : "Redis", server.is_known() ? " " : "",
                      ToUtf8(server.version));
}

void Writer::AddDatabase(const DatabaseReading& database) {
  if (database.keys() == 0 && !database.is_kept) return;  // all had expired
  const EntityKey key = {std::string(kDatabaseKind), {absl::StrCat(database.number)}};
  v1::Shape shape;
  shape.mutable_redis_database();
  builder_.Add(key, v1::FACET_STRUCTURE, std::move(shape));
  builder_.MeasureNumber(key, "keys", Signed(database.keys()));
  if (!database.is_whole()) builder_.MeasureNumber(key, "keys_read", Signed(database.end.keys));
  if (database.end.probed < database.end.keys) {
    builder_.MeasureNumber(key, "keys_probed", Signed(database.end.probed));
  }
  if (database.folded.patterns > 0) {
    builder_.MeasureNumber(key, "patterns_folded", Signed(database.folded.patterns));
    builder_.MeasureNumber(key, "keys_folded", Signed(database.folded.keys));
  }
  if (!database.is_kept) MeasureWhatTheServerSays(key, database);
}

// Beside what was counted what the server said before and after, and about how many different names
// were met: SCAN may give a key twice.
void Writer::MeasureWhatTheServerSays(const EntityKey& key, const DatabaseReading& database) {
  if (database.before.has_value()) {
    builder_.MeasureNumber(key, "keys_before", Signed(database.before->keys));
    builder_.MeasureNumber(key, "keys_with_ttl_before", Signed(database.before->with_ttl));
  }
  if (database.after.has_value()) {
    builder_.MeasureNumber(key, "keys_after", Signed(database.after->keys));
    builder_.MeasureNumber(key, "keys_with_ttl_after", Signed(database.after->with_ttl));
  }
  builder_.MeasureNumber(key, "names_estimate", std::llround(database.distinct));
  builder_.MeasureNumber(key, "names_bound", std::llround(database.distinct * kNamesError));
}

// What a shape says holds of all keys of the pattern, so it is told only where all were looked at.
v1::Sight Writer::SightOf(const DatabaseReading& database, const std::string& pattern,
                          const PatternCounts& counts) const {
  const v1::Sight sight = PatternSight(config_, reading_.keyspace, database);
  if (sight != v1::SIGHT_CAPTURED) return sight;
  if (counts.not_permitted > 0) return v1::SIGHT_NOT_PERMITTED;
  if (database.is_capped && pattern == kRest) return v1::SIGHT_CAPPED;
  if (IsEstimated(counts) && counts.probed == 0) return v1::SIGHT_EXCLUDED;
  const bool is_known = !counts.types.empty() && counts.with_ttl + counts.without_ttl > 0;
  return is_known ? v1::SIGHT_CAPTURED : v1::SIGHT_FAILED;
}

void Writer::AddPattern(const DatabaseReading& database, const std::string& pattern,
                        const PatternCounts& counts) {
  const EntityKey key = {std::string(kPatternKind),
                         {absl::StrCat(database.number), ToUtf8(pattern)}};
  MeasurePattern(key, counts);
  MeasureKeys(counts, redactor_, key, builder_);
  const auto values = reading_.values.find({database.number, pattern});
  if (values != reading_.values.end()) MeasureValues(values->second, key, builder_);
  const v1::Sight sight = SightOf(database, pattern, counts);
  if (sight != v1::SIGHT_CAPTURED) {
    builder_.AddUnseen(key, v1::FACET_STRUCTURE, sight);
    return;
  }
  v1::Shape shape;
  v1::KeyPatternStructure& structure = *shape.mutable_key_pattern();
  const KeyTraits traits = database.TraitsOf(pattern, counts);
  for (const std::string& type : traits.types) structure.add_types(type);
  structure.set_ttl(traits.ttl);
  LineFacts facts;
  facts.way = v1::WAY_STATIC;
  // Without its values it is the weaker read, which seeing them later completes; so it is of a
  // sample: other keys of the pattern may be otherwise.
  if (values != reading_.values.end() && !values->second.learnt.empty()) {
    if (!IsEstimated(counts)) facts.way = v1::WAY_RUN;
    for (const v1::ValueShape& value : values->second.learnt) *structure.add_values() = value;
  }
  builder_.Add(key, v1::FACET_STRUCTURE, std::move(shape), facts);
}

// As it was when it had keys.
void Writer::AddEmptyPattern(const DatabaseReading& database, const std::string& pattern,
                             const KnownPattern& known) {
  const EntityKey key = {std::string(kPatternKind), {absl::StrCat(database.number), pattern}};
  builder_.MeasureNumber(key, "keys", 0);
  v1::Shape shape;
  *shape.mutable_key_pattern() = known.structure;
  LineFacts facts;
  facts.way = known.way;
  builder_.Add(key, v1::FACET_STRUCTURE, std::move(shape), facts);
}

void Writer::MeasurePattern(const EntityKey& key, const PatternCounts& counts) {
  builder_.MeasureNumber(key, "keys", Signed(counts.keys));
  if (IsEstimated(counts)) MeasureEstimates(key, counts, builder_);
  if (counts.not_permitted > 0) {
    builder_.MeasureNumber(key, "keys_not_permitted", Signed(counts.not_permitted));
  }
  if (counts.with_ttl + counts.without_ttl > 0) {
    builder_.MeasureNumber(key, "keys_with_ttl", Signed(counts.with_ttl));
  }
  if (counts.with_ttl > 0) builder_.MeasureNumber(key, "longest_ttl_ms", counts.longest_ttl_ms);
  if (counts.sized > 0) {
    builder_.MeasureNumber(key, "keys_sized", Signed(counts.sized));
    builder_.MeasureNumber(key, "memory_bytes", Signed(counts.bytes));
    builder_.MeasureNumber(key, "largest_key_bytes", Signed(counts.largest_bytes));
  }
  for (const auto& [type, keys] : counts.types.Sorted()) {
    builder_.MeasureNumber(key, "keys_of_type", Signed(keys), ToUtf8(type));
  }
  for (const auto& [encoding, keys] : counts.encodings.Sorted()) {
    builder_.MeasureNumber(key, "keys_of_encoding", Signed(keys), ToUtf8(encoding));
  }
}

v1::RedisKey Writer::KeyOf(const ListedKey& listed) const {
  v1::RedisKey key;
  Masked masked;
  key.set_name(MaskKeyName(redactor_, listed.name, masked));
  key.set_database(static_cast<uint32_t>(listed.database));
  key.set_type(ToUtf8(listed.type));
  if (listed.ttl_ms.has_value()) key.set_ttl_ms(*listed.ttl_ms);
  if (listed.size_bytes.has_value()) key.set_size_bytes(*listed.size_bytes);
  key.set_encoding(ToUtf8(listed.encoding));
  key.set_sample(listed.sample);
  key.set_masked(!masked.empty() || listed.is_sample_masked);
  if (listed.idle_seconds.has_value()) key.set_idle_seconds(*listed.idle_seconds);
  if (listed.frequency.has_value()) key.set_frequency(*listed.frequency);
  if (listed.length.has_value()) key.set_length(*listed.length);
  return key;
}

void Writer::AddKeyspace() {
  v1::RedisKeyspace& keyspace = builder_.redis_keyspace();
  uint64_t keys = 0;
  uint64_t bytes = 0;
  for (const DatabaseReading& database : reading_.keyspace.databases) {
    keys += database.keys();
    for (const auto& [pattern, counts] : database.patterns) bytes += counts.bytes;
  }
  keyspace.set_total_keys(keys);
  keyspace.set_keys_bytes(bytes);
  const std::optional<int64_t> memory = reading_.server.info.Number("used_memory");
  if (memory.has_value() && *memory > 0) {
    keyspace.set_memory_bytes(static_cast<uint64_t>(*memory));
  }
  for (const auto& [segment, count] : reading_.keyspace.prefixes) {
    v1::RedisPrefix& prefix = *keyspace.add_prefixes();
    prefix.set_segment(segment);
    prefix.set_keys(count);
  }
  for (const ListedKey& listed : reading_.keyspace.keys) *keyspace.add_keys() = KeyOf(listed);
  for (const ListedKey& big : reading_.keyspace.biggest) *keyspace.add_biggest() = KeyOf(big);
  // Masking may have changed the order.
  std::stable_sort(keyspace.mutable_keys()->begin(), keyspace.mutable_keys()->end(),
                   [](const v1::RedisKey& a, const v1::RedisKey& b) {
                     return a.database() != b.database() ? a.database() < b.database()
                                                         : a.name() < b.name();
                   });
}

}  // namespace

Section WriteRedisSection(const RedisConfig& config, const RedisReading& reading,
                          const Redactor& redactor) {
  return Writer(config, reading, redactor).Write();
}

}  // namespace varve::redis
