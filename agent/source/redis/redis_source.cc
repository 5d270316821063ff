#include "agent/source/redis/redis_source.h"

#include <utility>

#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/keyspace_reader.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/redis_section.h"
#include "agent/source/redis/remedy.h"
#include "agent/source/redis/sampler.h"
#include "agent/source/redis/server_facts_reader.h"
#include "agent/source/redis/server_reading.h"
#include "snapshot/section_builder.h"

namespace varve {
namespace redis {
namespace {

constexpr absl::string_view kSourceKind = "redis";

class RedisSource : public Source {
 public:
  RedisSource(RedisConfig config, std::shared_ptr<const Redactor> redactor)
      : config_(std::move(config)), redactor_(std::move(redactor)) {}

  absl::string_view name() const override { return config_.name; }
  absl::string_view kind() const override { return kSourceKind; }
  std::vector<Section> Gather(const GatherLimits& limits) override;

 private:
  Section Read(const GatherLimits& limits) const;
  Section Unavailable(const Endpoint& endpoint, absl::string_view doing,
                      const absl::Status& status) const {
    return SectionBuilder::Unavailable(config_.name, kSourceKind, endpoint.Address(), doing,
                                       status.message(), ConnectionRemedy(endpoint, status));
  }

  const RedisConfig config_;
  const std::shared_ptr<const Redactor> redactor_;  // shared with the other sources
};

// Nothing is known of the server, and nothing of its keys.
bool IsNothing(const RedisReading& reading) {
  return !reading.server.is_known() && reading.keyspace.over.has_value() &&
         reading.keyspace.keys_offered == 0;
}

std::vector<Section> RedisSource::Gather(const GatherLimits& limits) {
  return OneSection(Read(limits));
}

Section RedisSource::Read(const GatherLimits& limits) const {
  RedisReading reading;
  absl::StatusOr<Endpoint> endpoint = EndpointOf(config_);
  if (!endpoint.ok()) {
    return SectionBuilder::Unavailable(config_.name, kSourceKind, "", "connecting",
                                       endpoint.status().message(), "");
  }
  reading.endpoint = *std::move(endpoint);
  const Patience patience = {limits.deadline, config_.stall_limit};
  absl::StatusOr<Connection> connection = Connection::Open(reading.endpoint, patience);
  if (!connection.ok()) return Unavailable(reading.endpoint, "connecting", connection.status());
  reading.password_not_needed = connection->password_not_needed();

  absl::StatusOr<ServerReading> server = ReadServer(*connection);
  if (!server.ok()) return Unavailable(reading.endpoint, "connecting", server.status());
  reading.server = *std::move(server);
  reading.facts = ReadServerFacts(*connection, reading.server, *redactor_);
  if (reading.facts.broke.has_value()) {
    connection = Connection::Open(reading.endpoint, patience);
    if (!connection.ok()) return Unavailable(reading.endpoint, "connecting", connection.status());
  }
  Pacer pacer(config_.pace);
  // A Sentinel knows no keys, and no SCAN.
  if (reading.server.mode != "sentinel") {
    KeyspaceReader reader(*connection, config_, *redactor_, pacer, limits.deadline);
    reading.keyspace = reader.Read(reading.server);
  }
  if (IsNothing(reading)) {
    return Unavailable(reading.endpoint, "reading keys", *reading.keyspace.over);
  }
  if (config_.depth == RedisDepth::kFull && !reading.keyspace.over.has_value()) {
    Sampler sampler(*connection, config_, *redactor_, pacer, limits.deadline);
    reading.sampling = sampler.Sample(reading.server, absl::MakeSpan(reading.keyspace.keys));
  }
  return WriteRedisSection(config_, reading, *redactor_);
}

}  // namespace
}  // namespace redis

std::unique_ptr<Source> MakeRedisSource(RedisConfig config,
                                        std::shared_ptr<const Redactor> redactor) {
  return std::make_unique<redis::RedisSource>(std::move(config), std::move(redactor));
}

}  // namespace varve
