#include "agent/source/redis/redis_source.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/key_details.h"
#include "agent/source/redis/keyspace_reader.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/redis_section.h"
#include "agent/source/redis/remedy.h"
#include "agent/source/redis/sampler.h"
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
  Section Read(const GatherLimits& limits);
  Section Unavailable(const Endpoint& endpoint, absl::string_view doing,
                      const absl::Status& status) const {
    return SectionBuilder::Unavailable(config_.name, kSourceKind, endpoint.Address(), doing,
                                       status.message(), ConnectionRemedy(endpoint, status));
  }

  const RedisConfig config_;
  const std::shared_ptr<const Redactor> redactor_;  // shared with the other sources
  ValueMemory memory_;
};

// Nothing is known of the server, and nothing of its keys.
bool IsNothing(const RedisReading& reading) {
  return !reading.server.is_known() && reading.keyspace.over.has_value() &&
         reading.keyspace.keys_offered == 0;
}

// Where reading counts as use, so many values are looked at.
constexpr size_t kMostTouched = 100;

// Asks more of the few keys that are shown one by one, and looks at values. `is_no_use`: the server
// does not take that for use of them.
void LookCloser(Connection& connection, const RedisConfig& config, const Redactor& redactor,
                Pacer& pacer, absl::Time deadline, bool is_no_use, RedisReading& reading) {
  std::vector<ListedKey*> keys;
  for (ListedKey& key : reading.keyspace.keys) keys.push_back(&key);
  for (ListedKey& key : reading.keyspace.biggest) keys.push_back(&key);
  std::stable_sort(keys.begin(), keys.end(), [](const ListedKey* a, const ListedKey* b) {
    return a->database < b->database;
  });
  const absl::Status asked =
      AskDetails(connection, reading.server, is_no_use, pacer, deadline, keys);
  if (!asked.ok()) {
    reading.values_end.failed = asked;
  } else if (config.values) {
    std::vector<WantedValue> wanted =
        ChooseValues(config, reading.keyspace, is_no_use ? SIZE_MAX : kMostTouched);
    ValueReader reader(connection, redactor, pacer, deadline);
    reading.values_end = reader.Read(wanted, reading.values);
  }
}

std::vector<Section> RedisSource::Gather(const GatherLimits& limits) {
  return OneSection(Read(limits));
}

Section RedisSource::Read(const GatherLimits& limits) {
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
    const absl::StatusOr<bool> is_no_use = ReadingIsNoUse(*connection, reading.server);
    LookCloser(*connection, config_, *redactor_, pacer, limits.deadline, is_no_use.value_or(false),
               reading);
    reading.sampling = sampler.Sample(reading.server, absl::MakeSpan(reading.keyspace.keys));
    LearnValues(reading.keyspace, memory_, absl::Now(), reading.values);
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
