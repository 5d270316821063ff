// What reading a keyspace gave: plain data, for those who sample and write it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "agent/source/redis/key_list.h"
#include "agent/source/redis/known_keyspace.h"
#include "agent/source/redis/node_scan.h"
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/probes.h"
#include "agent/source/redis/scanner.h"

namespace varve::redis {

// What INFO says of a database at one time.
struct CountsSaid {
  uint64_t keys = 0;
  uint64_t with_ttl = 0;
};

// What a pattern's keys are, whatever they say.
struct KeyTraits {
  std::vector<std::string> types;  // TYPE; sorted
  v1::TtlClass ttl = v1::TTL_CLASS_UNSPECIFIED;
};

// One numbered database.
struct DatabaseReading {
  int number = 0;
  std::optional<uint64_t> keys_said;  // what INFO says that it holds, before it is read
  std::optional<CountsSaid> before;   // the same with more
  std::optional<CountsSaid> after;    // and when all was read
  double distinct = 0;                // names that were met, about
  // "SELECT" or "SCAN": what `end` speaks of.
  std::string command = "SCAN";
  ScanEnd end;
  std::vector<PartEnd> parts;  // of a cluster: those that are missing
  uint64_t slots_moved = 0;    // of a cluster, while they were read
  bool are_moves_open = false;
  absl::Status follow;          // why the cluster did not say afterwards who serves what
  bool was_begun = true;        // false: reading was over before its turn came
  uint64_t not_permitted = 0;   // keys that the ACL does not let us touch
  uint64_t names_too_long = 0;  // keys that cannot be asked for by what we keep of their name
  std::vector<std::pair<std::string, PatternCounts>> patterns;  // by pattern
  bool is_capped = false;                                       // some are "<rest>"
  PatternTable::Folded folded;                                  // some are "<rare>"
  // Known of earlier reads, without a key now; by pattern.
  std::vector<std::pair<std::string, KnownPattern>> empty;
  // Of patterns that earlier reads saw, what holds together with those; by pattern.
  std::map<std::string, KeyTraits> lasting;
  bool is_kept = false;  // known of earlier reads, without any key now

  bool is_whole() const { return end.kind == ScanEnd::Kind::kWhole; }
  // Exact where it was read whole, or the server says.
  uint64_t keys() const { return is_whole() ? end.keys : keys_said.value_or(end.keys); }
  // Of a pattern of `patterns`: the lasting ones, else those of its keys now.
  KeyTraits TraitsOf(const std::string& pattern, const PatternCounts& counts) const;
};

// Of the keys that were probed.
KeyTraits TraitsNow(const PatternCounts& counts);

struct KeyspaceReading {
  std::vector<DatabaseReading> databases;  // by number
  // There may be more databases than those: why the server did not say. Empty: there are none.
  std::string more_databases;
  bool is_loading = false;  // that is why: what was found is only a part
  std::vector<std::pair<std::string, uint64_t>> prefixes;  // most keys first
  std::vector<ListedKey> keys;                             // by database and name
  std::vector<ListedKey> biggest;                          // by memory, most first
  uint64_t keys_offered = 0;                               // of which `keys` are a sample
  Probes probes = Probes(RedisDepth::kFull);
  double share = 1;  // of the keys was probed, where the depth is sampled
  // Keys that the servers let go while they were read: expired or evicted.
  uint64_t let_go = 0;

  // Why the connection is of no further use, or the time is up; nothing where it is good.
  std::optional<absl::Status> over;
};

}  // namespace varve::redis
