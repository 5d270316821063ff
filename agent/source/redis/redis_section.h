// Puts what was read of a server into a section: redacted, with errors and coverage for what is
// missing.
#pragma once

#include "agent/redaction/redaction.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/sampler.h"
#include "agent/source/redis/server_reading.h"
#include "agent/source/redis/value_reader.h"
#include "snapshot/section.h"

namespace varve::redis {

// All that was read of one server.
struct RedisReading {
  Endpoint endpoint;
  bool password_not_needed = false;
  ServerReading server;
  KeyspaceReading keyspace;
  SamplingEnd sampling;
  ValuesByPattern values;  // of patterns whose values were looked at
  SamplingEnd values_end;
};

Section WriteRedisSection(const RedisConfig& config, const RedisReading& reading,
                          const Redactor& redactor);

}  // namespace varve::redis
