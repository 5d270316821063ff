#include "agent/source/redis/keyspace_reader.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/biggest_keys.h"
#include "agent/source/redis/key_hash.h"
#include "agent/source/redis/prefix_table.h"
#include "agent/source/redis/safe_name.h"

namespace varve::redis {
namespace {

// So many are tried where INFO does not say which there are; a server has 16 unless it is told.
constexpr int kMostUnknownDatabases = 1024;

}  // namespace

// What counts keys over all databases.
class KeyspaceReader::Tables {
 public:
  explicit Tables(size_t key_list_cap) : keys(key_list_cap) {}

  PrefixTable prefixes;
  KeyList keys;
  BiggestKeys biggest;
};

KeyspaceReader::KeyspaceReader(Connection& connection, const RedisConfig& config,
                               const Redactor& redactor, Pacer& pacer, absl::Time deadline)
    : connection_(connection),
      config_(config),
      redactor_(redactor),
      pacer_(pacer),
      deadline_(deadline) {
  reading_.probes = Probes(config.depth);
}

KeyspaceReading KeyspaceReader::Read(const ServerReading& server) {
  Tables tables(config_.key_list_cap);
  if (server.info_refusal.has_value()) {
    ReadUnknown(tables);
  } else {
    ReadKnown(server.info.databases(), tables);
    reading_.more_databases = server.info.WhyIncomplete();
    reading_.is_loading = !reading_.more_databases.empty();
  }
  reading_.prefixes = tables.prefixes.Finish();
  reading_.keys_offered = tables.keys.offered();
  reading_.keys = tables.keys.Finish();
  reading_.biggest = tables.biggest.Finish();
  return std::move(reading_);
}

void KeyspaceReader::ReadKnown(const std::vector<DatabaseInfo>& databases, Tables& tables) {
  for (const DatabaseInfo& said : databases) {
    DatabaseReading database = ReadDatabase(said.number, tables);
    database.keys_said = said.keys;
    reading_.databases.push_back(std::move(database));
  }
}

// A database without keys is none; one that cannot be selected ends the search.
void KeyspaceReader::ReadUnknown(Tables& tables) {
  for (int number = 0; number < kMostUnknownDatabases; ++number) {
    DatabaseReading database = ReadDatabase(number, tables);
    if (database.command == "SELECT" && database.end.kind == ScanEnd::Kind::kRefused) {
      // "ERR DB index is out of range" is of no other kind: that was the last one.
      const bool is_out_of_range = database.end.refusal == Refusal::kOther;
      if (!is_out_of_range) reading_.more_databases = std::string(database.end.status.message());
      return;
    }
    if (database.end.keys > 0 || !database.is_whole()) {
      reading_.databases.push_back(std::move(database));
    }
    if (reading_.over.has_value()) {
      reading_.more_databases = std::string(reading_.over->message());
      return;
    }
  }
  reading_.more_databases = absl::StrCat(kMostUnknownDatabases, " were tried");
}

DatabaseReading KeyspaceReader::ReadDatabase(int number, Tables& tables) {
  DatabaseReading database;
  database.number = number;
  if (reading_.over.has_value()) {
    database.end.kind = EndOf(*reading_.over);
    database.end.status = *reading_.over;
    database.was_begun = false;
    return database;
  }
  ScanEnd selected = Select(number);
  if (selected.kind == ScanEnd::Kind::kWhole) {
    ScanDatabase(database, tables);
  } else {
    database.command = "SELECT";
    database.end = std::move(selected);
  }
  const ScanEnd::Kind kind = database.end.kind;
  if (kind == ScanEnd::Kind::kPastDeadline) {
    database.end.status = absl::DeadlineExceededError("the time that reading may take is over");
  }
  if (kind == ScanEnd::Kind::kPastDeadline || kind == ScanEnd::Kind::kFailed) {
    reading_.over = database.end.status;
  }
  return database;
}

// How selecting ended, in the words of a scan: whole, refused, failed.
ScanEnd KeyspaceReader::Select(int number) {
  ScanEnd end;
  const absl::StatusOr<std::string> refusal = connection_.Select(number);
  if (!refusal.ok()) {
    end.kind = EndOf(refusal.status());
    end.status = refusal.status();
  } else if (!refusal->empty()) {
    end.kind = ScanEnd::Kind::kRefused;
    end.refusal = RefusalOf(*refusal);
    end.status = absl::PermissionDeniedError(RefusalText(*refusal));
  }
  return end;
}

ScanEnd::Kind KeyspaceReader::EndOf(const absl::Status& failure) const {
  return absl::IsDeadlineExceeded(failure) && connection_.is_past_deadline()
             ? ScanEnd::Kind::kPastDeadline
             : ScanEnd::Kind::kFailed;
}

void KeyspaceReader::ScanDatabase(DatabaseReading& database, Tables& tables) {
  PatternTable patterns;
  const auto budget = std::make_shared<SampleBudget>();
  std::string masked_name;
  Scanner scanner(connection_, reading_.probes, pacer_, deadline_);
  database.end =
      scanner.Scan([&](absl::string_view name, bool is_name_whole, const KeyFacts& probed) {
        KeyFacts facts = probed;
        facts.hash = KeyHash(database.number, name);
        if (is_name_whole && !facts.not_permitted) facts.name = name;
        facts.budget = &budget;
        const absl::string_view safe = SafeName(redactor_, name, masked_name);
        patterns.Add(safe, facts);
        tables.prefixes.Add(safe);
        tables.keys.Offer(facts.hash, database.number, name, facts);
        tables.biggest.Offer(facts.hash, database.number, name, facts);
        if (facts.not_permitted) ++database.not_permitted;
        if (!is_name_whole) ++database.names_too_long;
      });
  patterns.Finish([&](const std::string& pattern, const PatternCounts& counts) {
    database.patterns.emplace_back(pattern, counts);
  });
  database.is_capped = patterns.is_capped();
}

}  // namespace varve::redis
