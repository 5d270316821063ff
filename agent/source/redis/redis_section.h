// Puts what was read of a server into a section: redacted, with errors and coverage for what is
// missing.
#pragma once

#include <optional>
#include <vector>

#include "agent/redaction/redaction.h"
#include "agent/source/redis/cluster_topology.h"
#include "agent/source/redis/deployment.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/sampler.h"
#include "agent/source/redis/server_facts.h"
#include "agent/source/redis/server_reading.h"
#include "agent/source/redis/value_reader.h"
#include "snapshot/section.h"

namespace varve::redis {

// All that was read of one server, or of a cluster.
struct RedisReading {
  Endpoint endpoint;
  bool password_not_needed = false;
  ServerReading
      server;  // of a cluster: what one of its nodes says, sums over all where they add up
  ServerFacts facts;
  std::optional<ClusterTopology> cluster;  // all of its shards were read
  std::optional<TopologyAnswer> untold;    // of a node whose cluster could not be found: why
  std::vector<Deployment::Note> notes;
  KeyspaceReading keyspace;
  SamplingEnd sampling;
  ValuesByPattern values;  // of patterns whose values were looked at
  SamplingEnd values_end;
};

Section WriteRedisSection(const RedisConfig& config, const RedisReading& reading,
                          const Redactor& redactor);

}  // namespace varve::redis
