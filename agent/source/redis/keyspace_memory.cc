#include "agent/source/redis/keyspace_memory.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "agent/source/redis/lasting_words.h"
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/section_troubles.h"
#include "base/utf8.h"
#include "snapshot/key_pattern.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kRest = "<rest>";
constexpr absl::Duration kMostOfARead = absl::Hours(24);
constexpr absl::string_view kExpires = "expires";
constexpr absl::string_view kStays = "stays";

using Patterns = std::map<std::string, KnownPattern>;

void Merge(const MissingFor& from, MissingFor& into) {
  for (const auto& [word, missing] : from) {
    const auto [at, is_new] = into.try_emplace(word, missing);
    at->second = std::min(at->second, missing);
  }
}

void Merge(const KnownPattern& from, KnownPattern& into) {
  if (!from.was_seen) return;
  if (!into.was_seen) {
    into = from;
    return;
  }
  MergeStructure(from.structure, into.structure);
  if (from.way == v1::WAY_STATIC) into.way = v1::WAY_STATIC;
  into.empty_for = std::min(into.empty_for, from.empty_for);
  Merge(from.types, into.types);
  Merge(from.ttls, into.ttls);
}

std::set<std::string> PatternsNow(const DatabaseReading& database) {
  std::set<std::string> now;
  for (const auto& [pattern, counts] : database.patterns) now.insert(ToUtf8(pattern));
  return now;
}

// Under the names that they have where `now` and themselves are generalised.
void Generalise(const std::set<std::string>& now, Patterns& known) {
  std::vector<std::string> all(now.begin(), now.end());
  for (const auto& [pattern, of_it] : known) all.push_back(pattern);
  const GeneralPlaces places(all);
  if (places.empty()) return;
  Patterns general;
  for (auto& [pattern, of_it] : known) {
    const auto [at, is_new] = general.try_emplace(places.Generalise(pattern), of_it);
    if (!is_new) Merge(of_it, at->second);
  }
  known = std::move(general);
}

void Age(absl::Duration passed, absl::Duration keep, Patterns& known,
         const std::set<std::string>& now) {
  for (auto at = known.begin(); at != known.end();) {
    const bool has_keys = now.count(at->first) > 0;
    at->second.empty_for = has_keys ? absl::ZeroDuration() : at->second.empty_for + passed;
    at = at->second.empty_for >= keep && !has_keys ? known.erase(at) : std::next(at);
  }
}

// No more are known than a table may have.
void Bound(const std::set<std::string>& now, Patterns& known) {
  const size_t most = PatternLimits().patterns;
  for (auto at = known.begin(); at != known.end() && known.size() > most;) {
    at = now.count(at->first) > 0 ? std::next(at) : known.erase(at);
  }
}

// For how long nobody has read the database whole; from now on it is read.
absl::Duration TimeSinceRead(absl::Time now, KnownDatabase& known) {
  const absl::Duration since = known.read_at == absl::InfinitePast()
                                   ? absl::ZeroDuration()
                                   : std::max(now - known.read_at, absl::ZeroDuration());
  known.read_at = now;
  return std::min(since, kMostOfARead);
}

std::set<std::string> TtlWords(v1::TtlClass ttl) {
  switch (ttl) {
    case v1::TTL_CLASS_ALWAYS:
      return {std::string(kExpires)};
    case v1::TTL_CLASS_NEVER:
      return {std::string(kStays)};
    case v1::TTL_CLASS_MIXED:
      return {std::string(kExpires), std::string(kStays)};
    default:
      return {};
  }
}

v1::TtlClass TtlOf(const std::set<std::string>& words) {
  if (words.size() > 1) return v1::TTL_CLASS_MIXED;
  return words.count(std::string(kExpires)) > 0 ? v1::TTL_CLASS_ALWAYS : v1::TTL_CLASS_NEVER;
}

// What was said of the pattern when it was read last counts as met then.
void BeginMissing(const std::set<std::string>& said, MissingFor& missing) {
  if (!missing.empty()) return;
  for (const std::string& word : said) missing[word] = absl::ZeroDuration();
}

KeyTraits LastingTraits(const KeyTraits& now, absl::Duration passed, absl::Duration keep,
                        KnownPattern& known) {
  const std::set<std::string> types_now(now.types.begin(), now.types.end());
  const auto& said = known.structure.types();
  const std::set<std::string> types_said(said.begin(), said.end());
  const std::set<std::string> ttls_said = TtlWords(known.structure.ttl());
  BeginMissing(types_said, known.types);
  BeginMissing(ttls_said, known.ttls);
  const std::set<std::string> types =
      LastingWords(types_now, types_said, passed, keep, known.types);
  KeyTraits traits;
  traits.types.assign(types.begin(), types.end());
  traits.ttl = TtlOf(LastingWords(TtlWords(now.ttl), ttls_said, passed, keep, known.ttls));
  return traits;
}

void TakeTraits(absl::Duration passed, absl::Duration keep, KnownDatabase& known,
                DatabaseReading& database) {
  for (const auto& [pattern, counts] : database.patterns) {
    const KeyTraits now = TraitsNow(counts);
    const auto at = known.patterns.find(ToUtf8(pattern));
    const bool is_seen = !now.types.empty() && now.ttl != v1::TTL_CLASS_UNSPECIFIED;
    if (!is_seen || counts.not_permitted > 0 || at == known.patterns.end() || !at->second.was_seen)
      continue;
    database.lasting[at->first] = LastingTraits(now, passed, keep, at->second);
  }
}

// Patterns and the whole database, where it has no key.
void TakeEmpty(const RedisConfig& config, const KeyspaceReading& keyspace, absl::Duration passed,
               KnownDatabase& known, DatabaseReading& database) {
  const std::set<std::string> patterns = PatternsNow(database);
  Age(passed, config.keep_empty, known.patterns, patterns);
  const bool has_keys = database.keys() > 0;
  known.empty_for = has_keys ? absl::ZeroDuration() : known.empty_for + passed;
  database.is_kept = !has_keys && known.empty_for < config.keep_empty;
  if (PatternSight(config, keyspace, database) != v1::SIGHT_CAPTURED) return;
  for (const auto& [pattern, of_it] : known.patterns) {
    if (of_it.was_seen && patterns.count(pattern) == 0) database.empty.emplace_back(pattern, of_it);
  }
}

void TakeOfDatabase(const RedisConfig& config, absl::Time now, const KeyspaceReading& keyspace,
                    KnownDatabase& known, DatabaseReading& database) {
  const std::set<std::string> patterns = PatternsNow(database);
  Generalise(patterns, known.patterns);
  Bound(patterns, known.patterns);
  if (!database.is_whole()) return;
  const absl::Duration passed = TimeSinceRead(now, known);
  TakeTraits(passed, config.keep_empty, known, database);
  // What is capped may hold keys of any of them.
  if (!database.is_capped) TakeEmpty(config, keyspace, passed, known, database);
}

// A read that does not look at values leaves what is known of them.
void LearnStructure(const v1::KeyPatternStructure& seen, v1::Way way, KnownPattern& known) {
  const bool is_weaker = way == v1::WAY_STATIC && seen.values().empty() && known.was_seen;
  v1::KeyPatternStructure structure = seen;
  if (is_weaker) {
    *structure.mutable_values() = known.structure.values();
  } else {
    known.way = way;
  }
  known.structure = std::move(structure);
  known.was_seen = true;
}

}  // namespace

void TakeWhatIsKnown(const RedisConfig& config, absl::Time now, KnownKeyspace& known,
                     KeyspaceReading& reading) {
  std::set<int> there;
  for (DatabaseReading& database : reading.databases) {
    there.insert(database.number);
    if (database.keys() == 0 && known.count(database.number) == 0) continue;  // it never had any
    TakeOfDatabase(config, now, reading, known[database.number], database);
  }
  if (!reading.over.has_value() && reading.more_databases.empty()) {
    for (auto& [number, of_it] : known) {
      if (there.count(number) > 0) continue;
      DatabaseReading& database = reading.databases.emplace_back();
      database.number = number;
      TakeOfDatabase(config, now, reading, of_it, database);
    }
    std::sort(reading.databases.begin(), reading.databases.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
  }
  for (auto at = known.begin(); at != known.end();) {
    const bool is_over = at->second.empty_for >= config.keep_empty && at->second.patterns.empty();
    at = is_over ? known.erase(at) : std::next(at);
  }
}

void TellValues(const KnownKeyspace& known, ValueMemory& memory) {
  for (const auto& [number, database] : known) {
    for (const auto& [pattern, of_it] : database.patterns) {
      if (!of_it.structure.values().empty()) memory.Know({number, pattern}, of_it.structure);
    }
  }
}

void LearnPatterns(const Section& section, KnownKeyspace& known) {
  for (const ReadLine& line : section.lines) {
    const EntityKey& key = line.line.key.entity;
    int database = 0;
    if (key.kind != kPatternKind || key.names.size() != 2 || key.names[1] == kRest ||
        !absl::SimpleAtoi(key.names[0], &database)) {
      continue;
    }
    KnownPattern& pattern = known[database].patterns[key.names[1]];
    if (!line.line.seen.has_value()) continue;
    const absl::StatusOr<v1::Shape> shape = DecodeShape(section, line.line.seen->shape);
    // It was made in this process a moment ago.
    if (shape.ok()) LearnStructure(shape->key_pattern(), line.line.seen->way, pattern);
  }
}

}  // namespace varve::redis
