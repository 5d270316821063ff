// A Redis source as JSON.
#include "absl/strings/numbers.h"
#include "cli/render/json_parts.h"
#include "cli/render/json_sources.h"
#include "cli/render/overview.h"
#include "cli/render/redis_facts.h"
#include "cli/render/words.h"

namespace varve {
namespace {

void WriteKey(JsonWriter& out, const v1::RedisKey& key) {
  out.BeginObject();
  out.Text("key", key.name());
  out.Unsigned("db", key.database());
  out.TextOrNull("type", key.type());
  out.NumberOrNull("ttl", TtlSeconds(key));
  if (key.has_size_bytes()) {
    out.Unsigned("size_bytes", key.size_bytes());
  } else {
    out.Null("size_bytes");
  }
  out.TextOrNull("sample_value", key.sample());
  out.TextOrNull("encoding", key.encoding());
  if (key.has_length()) out.Unsigned("length", key.length());
  if (key.has_idle_seconds()) out.Unsigned("idle_seconds", key.idle_seconds());
  if (key.has_frequency()) out.Unsigned("frequency", key.frequency());
  if (key.masked()) out.Flag("masked", true);
  out.EndObject();
}

void WriteNumberOrText(JsonWriter& out, absl::string_view key, absl::string_view text) {
  int64_t number = 0;
  if (absl::SimpleAtoi(text, &number)) return out.Number(key, number);
  out.Text(key, text);
}

void WritePatterns(JsonWriter& out, const SectionView& section) {
  out.BeginArray("patterns");
  for (const EntityView& entity : section.OfKind("key_pattern")) {
    if (!entity.IsThere()) continue;
    const v1::KeyPatternStructure& pattern = entity.Shape(v1::FACET_STRUCTURE).key_pattern();
    const PatternName name = NameOfPattern(entity.key());
    out.BeginObject();
    out.Text("pattern", name.pattern);
    WriteNumberOrText(out, "db", name.database);
    out.NumberOrNull("keys", entity.Number("keys"));
    out.Texts("types", pattern.types());
    out.TextOrNull("ttl", Word(pattern.ttl()));
    WriteMeasures(out, entity);
    WritePatternDetails(out, entity);
    WriteUnseen(out, entity);
    out.EndObject();
  }
  out.EndArray();
}

void WriteDatabases(JsonWriter& out, const SectionView& section) {
  out.BeginObject("databases");
  for (const EntityView& entity : section.OfKind("redis_database")) {
    if (!entity.IsThere()) continue;
    out.BeginObject(ObjectName(entity.key()));
    out.NumberOrNull("keys", entity.Number("keys"));
    WriteMeasures(out, entity);
    out.EndObject();
  }
  out.EndObject();
}

void WriteSummary(JsonWriter& out, const SectionView& section) {
  const v1::RedisKeyspace& keyspace = section.section().measures->redis();
  out.BeginObject("summary");
  out.Unsigned("total_keys", keyspace.total_keys());
  out.BeginObject("key_patterns");
  for (const PrefixCount& prefix : KeyDistribution(keyspace)) {
    out.Unsigned(prefix.segment, prefix.keys);
  }
  out.EndObject();
  out.Unsigned("memory_usage", keyspace.memory_bytes());
  out.Unsigned("keys_bytes", keyspace.keys_bytes());
  out.Number("listed_keys", keyspace.keys_size());
  out.Number("total_patterns", CountSection(section).redis_patterns);
  out.EndObject();
}

}  // namespace

void WriteRedis(JsonWriter& out, const RenderView& view, const SectionView& section) {
  WriteMetadata(out, view, section, {{"redis_host", section.header().address()}});
  out.BeginArray("keys");
  for (const v1::RedisKey& key : section.section().measures->redis().keys()) WriteKey(out, key);
  out.EndArray();
  WritePatterns(out, section);
  WriteKeyTree(out, section);
  out.BeginArray("biggest_keys");
  for (const v1::RedisKey& key : section.section().measures->redis().biggest()) WriteKey(out, key);
  out.EndArray();
  WriteRedisServer(out, section);
  WriteDatabases(out, section);
  WriteSummary(out, section);
  WriteNotSeen(out, {&section});
  WriteErrors(out, {&section});
}

}  // namespace varve
