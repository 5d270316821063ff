// The Redis source: what a keyspace is, and how much is in it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/redaction/sample.h"
#include "agent/source/redis/known_keyspace.h"
#include "agent/source/source.h"

namespace varve {

// How much of the server's time reading may take.
enum class RedisPace {
  kGentle,   // a tenth of a core at most
  kDefault,  // half a core at most: other clients do not notice
  kFast,     // nine tenths
};

// How much is read of each key.
enum class RedisDepth {
  kNames,    // names alone: exact counts by pattern, no types
  kSampled,  // names, and all else of a share of the keys: figures of the whole are estimates
  kFull,     // TYPE, PTTL, MEMORY USAGE and OBJECT ENCODING of every key
};

// Which servers are read where several hold the same keys.
enum class RedisPrefer {
  kPrimary,  // the server that is named; of a cluster's shard its primary
  kReplica,  // a replica of it that is up, else the same: a replica's keys may expire later
};

// For keys whose name matches `pattern` (a glob, as KEYS takes it): how much of their value may
// leave.
struct RedisSampleRule {
  std::string pattern;
  SampleMode mode = SampleMode::kMasked;
};

struct RedisConfig {
  std::string name = "redis";  // of the section
  // redis://[user[:password]@]host[:port][/db], rediss:// for TLS, unix:///path[?db=n];
  // redis+sentinel://[user[:password]@]host[:port][,host[:port]…]/primary for a server that
  // Sentinels watch, rediss+sentinel:// where all of them speak TLS. Parameters as redis-py has
  // them: ssl_ca_certs, ssl_certfile, ssl_keyfile (files), db, username, password; and of the
  // Sentinels sentinel_username, sentinel_password.
  // All databases are read, not the named one alone.
  std::string url;
  // Without a url: where, and as whom.
  std::string host;
  int port = 6379;
  std::string user;  // both are used where the url says neither
  std::string password;
  std::string
      tls_ca;  // file of the CA for rediss://; the system's where empty and the url says none
  RedisPace pace = RedisPace::kDefault;
  RedisDepth depth = RedisDepth::kFull;
  double share = 0.05;  // of the keys, which kSampled looks at; more than 0, at most 1
  RedisPrefer prefer = RedisPrefer::kPrimary;
  SampleMode samples = SampleMode::kMasked;
  std::vector<RedisSampleRule> sample_rules;  // the first that matches decides, before `samples`
  // Learn what values look like, from a few keys of each pattern whose sample mode is not off.
  bool values = true;
  size_t key_list_cap = 10'000;  // more keys than that: those of the smallest hash are listed
  // A pattern stays so long without a key; 7 days are what a weekly job needs.
  absl::Duration keep_empty = absl::Hours(24 * 7);
  absl::Duration stall_limit =
      absl::Seconds(10);  // a server that sends nothing for so long is given up
};

// A source that reads one server, or all primaries of a cluster side by side. Never KEYS, nothing
// that blocks on a big value; without any permission beyond SCAN it still counts. `redactor` is
// shared with the other sources: it never changes. So is `known`, what earlier reads met; null: the
// source remembers as long as it lives.
std::unique_ptr<Source> MakeRedisSource(RedisConfig config,
                                        std::shared_ptr<const Redactor> redactor,
                                        std::shared_ptr<redis::KnownKeyspaces> known = nullptr);

}  // namespace varve
