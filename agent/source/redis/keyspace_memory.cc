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
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/section_troubles.h"
#include "base/utf8.h"
#include "snapshot/key_pattern.h"

namespace varve::redis {
namespace {

constexpr absl::string_view kRest = "<rest>";
constexpr absl::Duration kMostOfARead = absl::Hours(24);

using Patterns = std::map<std::string, KnownPattern>;

void Merge(const KnownPattern& from, KnownPattern& into) {
  if (!from.was_seen) return;
  if (!into.was_seen) {
    into = from;
    return;
  }
  MergeStructure(from.structure, into.structure);
  if (from.way == v1::WAY_STATIC) into.way = v1::WAY_STATIC;
  into.empty_for = std::min(into.empty_for, from.empty_for);
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

void AgeDatabase(const RedisConfig& config, absl::Time now, const std::set<std::string>& patterns,
                 KnownDatabase& known) {
  const absl::Duration since = known.read_at == absl::InfinitePast()
                                   ? absl::ZeroDuration()
                                   : std::max(now - known.read_at, absl::ZeroDuration());
  Age(std::min(since, kMostOfARead), config.keep_empty, known.patterns, patterns);
  known.read_at = now;
}

void TakeOfDatabase(const RedisConfig& config, absl::Time now, const KeyspaceReading& keyspace,
                    KnownDatabase& known, DatabaseReading& database) {
  const std::set<std::string> patterns = PatternsNow(database);
  Generalise(patterns, known.patterns);
  Bound(patterns, known.patterns);
  // What is capped may hold keys of any of them.
  if (!database.is_whole() || database.is_capped) return;
  AgeDatabase(config, now, patterns, known);
  if (database.keys() == 0) return;
  if (PatternSight(config, keyspace, database) != v1::SIGHT_CAPTURED) return;
  for (const auto& [pattern, of_it] : known.patterns) {
    if (of_it.was_seen && patterns.count(pattern) == 0) database.empty.emplace_back(pattern, of_it);
  }
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

void TakeEmptyPatterns(const RedisConfig& config, absl::Time now, KnownKeyspace& known,
                       KeyspaceReading& reading) {
  std::set<int> there;
  for (DatabaseReading& database : reading.databases) {
    there.insert(database.number);
    const auto at = known.find(database.number);
    KnownDatabase& of_it = at == known.end() ? known[database.number] : at->second;
    TakeOfDatabase(config, now, reading, of_it, database);
  }
  if (reading.over.has_value() || !reading.more_databases.empty()) return;
  // Databases that hold no key at all.
  for (auto at = known.begin(); at != known.end();) {
    const bool is_gone = there.count(at->first) == 0;
    if (is_gone) AgeDatabase(config, now, {}, at->second);
    at = is_gone && at->second.patterns.empty() ? known.erase(at) : std::next(at);
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
