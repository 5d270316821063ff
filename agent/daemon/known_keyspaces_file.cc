#include "agent/daemon/known_keyspaces_file.h"

#include "absl/strings/str_cat.h"
#include "agent/daemon/durable_file.h"
#include "base/log.h"
#include "google/protobuf/text_format.h"
#include "varve/v1/agent_state.pb.h"

namespace varve {
namespace {

using redis::KnownDatabase;
using redis::KnownKeyspace;
using redis::KnownKeyspaces;
using redis::KnownPattern;

using Traits = google::protobuf::RepeatedPtrField<v1::KnownKeyTrait>;

redis::MissingFor MissingFrom(const Traits& file) {
  redis::MissingFor missing;
  for (const v1::KnownKeyTrait& trait : file) {
    missing[trait.word()] = absl::Seconds(trait.missing_seconds());
  }
  return missing;
}

uint64_t WholeSeconds(absl::Duration duration) {
  return static_cast<uint64_t>(absl::ToInt64Seconds(duration));
}

void AddMissing(const redis::MissingFor& missing, Traits& file) {
  for (const auto& [word, duration] : missing) {
    v1::KnownKeyTrait& trait = *file.Add();
    trait.set_word(word);
    trait.set_missing_seconds(WholeSeconds(duration));
  }
}

KnownDatabase DatabaseFrom(const v1::KnownRedisDatabase& file) {
  KnownDatabase database;
  database.empty_for = absl::Seconds(file.empty_seconds());
  if (file.read_at_us() > 0) database.read_at = absl::FromUnixMicros(file.read_at_us());
  for (const v1::KnownKeyPattern& pattern : file.patterns()) {
    KnownPattern& known = database.patterns[pattern.pattern()];
    known.structure = pattern.structure();
    known.way = pattern.way();
    known.was_seen = pattern.has_structure();
    known.empty_for = absl::Seconds(pattern.empty_seconds());
    known.types = MissingFrom(pattern.types());
    known.ttls = MissingFrom(pattern.ttls());
  }
  return database;
}

KnownKeyspaces::BySource ReadFrom(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWhole(path);
  if (absl::IsNotFound(text.status())) return {};
  v1::AgentKeyspaces file;
  if (!text.ok() || !google::protobuf::TextFormat::ParseFromString(*text, &file)) {
    log::Warning("what was known of keyspaces not read", {{"file", path}});
    return {};
  }
  KnownKeyspaces::BySource known;
  for (const v1::SourceKeyspace& source : file.sources()) {
    KnownKeyspace& keyspace = known[source.source()];
    for (const v1::KnownRedisDatabase& database : source.databases()) {
      keyspace[static_cast<int>(database.database())] = DatabaseFrom(database);
    }
  }
  return known;
}

void AddDatabase(int number, const KnownDatabase& known, v1::SourceKeyspace& source) {
  v1::KnownRedisDatabase& database = *source.add_databases();
  database.set_database(static_cast<uint32_t>(number));
  database.set_empty_seconds(WholeSeconds(known.empty_for));
  if (known.read_at > absl::UnixEpoch()) {
    database.set_read_at_us(absl::ToUnixMicros(known.read_at));
  }
  for (const auto& [name, of_it] : known.patterns) {
    v1::KnownKeyPattern& pattern = *database.add_patterns();
    pattern.set_pattern(name);
    if (of_it.was_seen) *pattern.mutable_structure() = of_it.structure;
    pattern.set_way(of_it.way);
    pattern.set_empty_seconds(WholeSeconds(of_it.empty_for));
    AddMissing(of_it.types, *pattern.mutable_types());
    AddMissing(of_it.ttls, *pattern.mutable_ttls());
  }
}

void WriteTo(const std::string& path, const KnownKeyspaces::BySource& known) {
  v1::AgentKeyspaces file;
  for (const auto& [name, keyspace] : known) {
    v1::SourceKeyspace& source = *file.add_sources();
    source.set_source(name);
    for (const auto& [number, database] : keyspace) AddDatabase(number, database, source);
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(file, &text);
  const absl::Status written = WriteDurably(path, text);
  if (!written.ok()) {
    log::Warning("what is known of keyspaces not kept",
                 {{"file", path}, {"error", written.message()}});
  }
}

}  // namespace

std::shared_ptr<KnownKeyspaces> OpenKnownKeyspaces(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/keyspaces.textproto");
  return std::make_shared<KnownKeyspaces>(
      ReadFrom(path), [path](const KnownKeyspaces::BySource& known) { WriteTo(path, known); });
}

}  // namespace varve
