#include "agent/source/redis/keyspace_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/biggest_keys.h"
#include "agent/source/redis/name_sketch.h"
#include "agent/source/redis/prefix_table.h"
#include "agent/source/redis/safe_name.h"

namespace varve::redis {
namespace {

// So many are tried where INFO does not say which there are; a server has 16 unless it is told.
constexpr int kMostUnknownDatabases = 1024;

// Databases that any node holds keys of, with what all of them say together.
std::map<int, CountsSaid> CountsOf(const Deployment& deployment) {
  std::map<int, CountsSaid> counts;
  for (const std::unique_ptr<Node>& node : deployment.nodes()) {
    for (const DatabaseInfo& database : node->server.info.databases()) {
      counts[database.number].keys += database.keys;
      counts[database.number].with_ttl += database.with_ttl;
    }
  }
  return counts;
}

// Keys that expired or were evicted since the server's start. Unsigned: a hostile server's sum may
// overflow.
uint64_t LetGo(const Info& info) {
  return static_cast<uint64_t>(info.Number("expired_keys").value_or(0)) +
         static_cast<uint64_t>(info.Number("evicted_keys").value_or(0));
}

// The share of the keys to probe: of a small keyspace all, so that nothing of it is estimated.
double ShareOf(const RedisConfig& config, const std::map<int, CountsSaid>& counts) {
  if (config.depth != RedisDepth::kSampled) return 1;
  double keys = 1;
  for (const auto& [number, said] : counts) keys += static_cast<double>(said.keys);
  return std::min(1.0, std::max(config.share, static_cast<double>(config.key_list_cap) / keys));
}

}  // namespace

// What counts keys over all databases.
class KeyspaceReader::Tables {
 public:
  explicit Tables(size_t key_list_cap) : keys(key_list_cap) {}

  PrefixTable prefixes;
  KeyList keys;
  BiggestKeys biggest;
};

KeyspaceReader::KeyspaceReader(Deployment& deployment, const RedisConfig& config,
                               const Redactor& redactor, const KnownKeyspace& known,
                               absl::Time deadline)
    : deployment_(deployment),
      config_(config),
      redactor_(redactor),
      known_(known),
      deadline_(deadline),
      scans_(deployment, config, ShareOf(config, CountsOf(deployment)), deadline) {
  reading_.share = ShareOf(config, CountsOf(deployment));
}

KeyspaceReading KeyspaceReader::Read() {
  Tables tables(config_.key_list_cap);
  if (deployment_.server().info_refusal.has_value()) {
    ReadUnknown(tables);
  } else {
    ReadKnown(tables);
    AskForCountsAfter();
  }
  reading_.over = scans_.over();
  reading_.probes = scans_.MergedProbes();
  reading_.prefixes = tables.prefixes.Finish();
  reading_.keys_offered = tables.keys.offered();
  reading_.keys = tables.keys.Finish();
  reading_.biggest = tables.biggest.Finish();
  return std::move(reading_);
}

void KeyspaceReader::ReadKnown(Tables& tables) {
  for (const std::unique_ptr<Node>& node : deployment_.nodes()) {
    const std::string why = node->server.info.WhyIncomplete();
    if (!why.empty()) reading_.more_databases = why;
  }
  reading_.is_loading = !reading_.more_databases.empty();
  for (const auto& [number, said] : CountsOf(deployment_)) {
    DatabaseReading database;
    database.number = number;
    database.keys_said = said.keys;
    database.before = said;
    reading_.databases.push_back(ReadDatabase(std::move(database), tables));
  }
}

// A database without keys is none; one that cannot be selected ends the search.
void KeyspaceReader::ReadUnknown(Tables& tables) {
  for (int number = 0; number < kMostUnknownDatabases; ++number) {
    DatabaseReading database;
    database.number = number;
    database = ReadDatabase(std::move(database), tables);
    if (database.command == "SELECT" && database.end.kind == ScanEnd::Kind::kRefused) {
      // "ERR DB index is out of range" is of no other kind: that was the last one.
      const bool is_out_of_range = database.end.refusal == Refusal::kOther;
      if (!is_out_of_range) reading_.more_databases = std::string(database.end.status.message());
      return;
    }
    if (database.end.keys > 0 || !database.is_whole()) {
      reading_.databases.push_back(std::move(database));
    }
    if (const std::optional<absl::Status> over = scans_.over(); over.has_value()) {
      reading_.more_databases = std::string(over->message());
      return;
    }
    if (deployment_.is_whole_cluster()) return;  // it has no other
  }
  reading_.more_databases = absl::StrCat(kMostUnknownDatabases, " were tried");
}

DatabaseReading KeyspaceReader::ReadDatabase(DatabaseReading database, Tables& tables) {
  database.was_begun = !scans_.over().has_value();
  ScanDatabase(database, tables);
  return database;
}

void KeyspaceReader::ScanDatabase(DatabaseReading& database, Tables& tables) {
  const std::vector<std::string> known = PatternNames(known_, database.number);
  PatternTable patterns({}, known);
  NameSketch names;
  const auto budget = std::make_shared<SampleBudget>();
  std::string masked_name;
  NodesEnd read =
      scans_.Scan(database.number, database.keys_said.value_or(0),
                  [&](const MetKey& key, const KeyFacts& probed) {
                    KeyFacts facts = probed;
                    facts.hash = key.hash;
                    const bool is_sample = facts.is_probed || config_.depth == RedisDepth::kNames;
                    if (is_sample && key.is_name_whole && !facts.not_permitted)
                      facts.name = key.name;
                    facts.budget = &budget;
                    const absl::string_view safe = SafeName(redactor_, key.name, masked_name);
                    patterns.Add(safe, facts);
                    tables.prefixes.Add(safe);
                    tables.keys.Offer(key.hash, database.number, key.name, facts);
                    tables.biggest.Offer(key.hash, database.number, key.name, facts);
                    names.Add(key.hash);
                    if (facts.not_permitted) ++database.not_permitted;
                    if (!key.is_name_whole) ++database.names_too_long;
                  });
  database.end = std::move(read.end);
  database.command = std::move(read.command);
  database.parts = std::move(read.parts);
  database.slots_moved = read.slots_moved;
  database.are_moves_open = read.are_moves_open;
  database.follow = std::move(read.follow);
  database.distinct = names.Distinct();
  patterns.Finish([&](const std::string& pattern, const PatternCounts& counts) {
    database.patterns.emplace_back(pattern, counts);
  });
  database.is_capped = patterns.is_capped();
  database.folded = patterns.folded();
}

// What the servers say now, to hold against what was counted. A server that fails here was read.
void KeyspaceReader::AskForCountsAfter() {
  std::map<int, CountsSaid> after;
  for (const std::unique_ptr<Node>& node : deployment_.nodes()) {
    if (!node->is_readable()) return;
    const absl::StatusOr<Reply> reply = node->connection->Command({"INFO"});
    if (!reply.ok()) {
      node->failure = reply.status();
      return;
    }
    if ((*reply)[0].type != ReplyType::kBulk) return;
    const Info info = Info::Parse((*reply)[0].text);
    const uint64_t before = LetGo(node->server.info);
    reading_.let_go += std::max(LetGo(info), before) - before;
    for (const DatabaseInfo& database : info.databases()) {
      after[database.number].keys += database.keys;
      after[database.number].with_ttl += database.with_ttl;
    }
  }
  for (DatabaseReading& database : reading_.databases) database.after = after[database.number];
}

}  // namespace varve::redis
