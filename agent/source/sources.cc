#include "agent/source/sources.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "agent/source/isolated.h"
#include "agent/source/models/models_source.h"
#include "agent/source/postgres/postgres_source.h"
#include "agent/source/redis/redis_source.h"
#include "base/duration.h"
#include "base/share.h"

namespace varve {
namespace {

// What a source may take past its deadline to come back with what it has. A thread that hangs in
// the system is given up then.
constexpr absl::Duration kGrace = absl::Seconds(15);

PostgresConfig FromProto(const v1::PostgresSourceConfig& source) {
  PostgresConfig config;
  config.name = source.name();
  config.connection = source.url();
  config.databases.assign(source.databases().begin(), source.databases().end());
  config.cluster = !source.has_cluster() || source.cluster();
  config.include_counts = source.include_counts();
  // environment.h has refused what is no duration.
  if (!source.counts_budget().empty()) {
    config.counts_budget = ParseDuration(source.counts_budget()).value_or(config.counts_budget);
  }
  if (!source.sizes_every().empty()) {
    config.sizes_every = ParseDuration(source.sizes_every()).value_or(config.sizes_every);
  }
  config.include.assign(source.include().begin(), source.include().end());
  config.exclude.assign(source.exclude().begin(), source.exclude().end());
  if (!source.full_read_every().empty()) {
    config.full_read_every =
        ParseDuration(source.full_read_every()).value_or(config.full_read_every);
  }
  if (source.has_connections()) config.connections = source.connections();
  return config;
}

RedisPace FromProto(v1::RedisPace pace) {
  switch (pace) {
    case v1::REDIS_PACE_GENTLE:
      return RedisPace::kGentle;
    case v1::REDIS_PACE_FAST:
      return RedisPace::kFast;
    default:
      return RedisPace::kDefault;
  }
}

RedisDepth FromProto(v1::RedisDepth depth) {
  switch (depth) {
    case v1::REDIS_DEPTH_NAMES:
      return RedisDepth::kNames;
    case v1::REDIS_DEPTH_SAMPLED:
      return RedisDepth::kSampled;
    default:
      return RedisDepth::kFull;
  }
}

RedisConfig FromProto(const v1::RedisSourceConfig& source) {
  RedisConfig config;
  config.name = source.name();
  config.url = source.url();
  config.pace = FromProto(source.pace());
  config.depth = FromProto(source.depth());
  // environment.h has refused what is none.
  if (!source.share().empty()) config.share = ParseShare(source.share()).value_or(config.share);
  if (source.prefer() == v1::REDIS_PREFER_REPLICA) config.prefer = RedisPrefer::kReplica;
  if (source.has_values()) config.values = source.values();
  if (!source.keep_empty().empty()) {
    config.keep_empty = ParseDuration(source.keep_empty()).value_or(config.keep_empty);
  }
  return config;
}

ModelsConfig FromProto(const v1::ModelsSourceConfig& source) {
  ModelsConfig config;
  config.name = source.name();
  config.python = source.python();
  config.path.assign(source.path().begin(), source.path().end());
  config.modules.assign(source.modules().begin(), source.modules().end());
  config.static_only = source.static_();
  config.command.assign(source.command().begin(), source.command().end());
  config.json_schemas.assign(source.json_schema().begin(), source.json_schema().end());
  config.openapi = source.openapi();
  if (!source.stall_timeout().empty()) {
    config.stall_timeout = ParseDuration(source.stall_timeout()).value_or(config.stall_timeout);
  }
  if (!source.full_read_every().empty()) {
    config.full_read_every =
        ParseDuration(source.full_read_every()).value_or(config.full_read_every);
  }
  config.allow_network = source.allow_network();
  if (!source.timeout().empty()) {
    // environment.h has refused what is no duration.
    config.timeout = ParseDuration(source.timeout()).value_or(config.timeout);
  }
  if (source.memory_limit_mib() > 0) {
    config.memory_limit_bytes = int64_t{source.memory_limit_mib()} << 20;
  }
  for (const std::string& variable : source.environment()) {
    config.environment.push_back(absl::StrSplit(variable, absl::MaxSplits('=', 1)));
  }
  return config;
}

std::unique_ptr<Source> MakeSource(const v1::SourceConfig& config,
                                   const std::shared_ptr<const Redactor>& redactor,
                                   const std::shared_ptr<KnownDatabases>& known,
                                   const std::shared_ptr<redis::KnownKeyspaces>& keyspaces) {
  if (config.has_postgres()) {
    return MakePostgresSource(FromProto(config.postgres()), redactor, known);
  }
  if (config.has_redis()) return MakeRedisSource(FromProto(config.redis()), redactor, keyspaces);
  return MakeModelsSource(FromProto(config.models()), redactor);
}

}  // namespace

std::vector<std::unique_ptr<Source>> MakeSources(
    absl::Span<const v1::SourceConfig> configs, const std::shared_ptr<const Redactor>& redactor,
    const std::shared_ptr<KnownDatabases>& known,
    const std::shared_ptr<redis::KnownKeyspaces>& keyspaces) {
  std::vector<std::unique_ptr<Source>> sources;
  sources.reserve(configs.size());
  for (const v1::SourceConfig& config : configs) {
    sources.push_back(Isolated(MakeSource(config, redactor, known, keyspaces), kGrace));
  }
  return sources;
}

}  // namespace varve
