#include "agent/source/redis/redis_source.h"

#include <utility>

#include "absl/time/clock.h"
#include "agent/source/redis/closer_look.h"
#include "agent/source/redis/cluster_sums.h"
#include "agent/source/redis/deployment.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/keyspace_memory.h"
#include "agent/source/redis/keyspace_reader.h"
#include "agent/source/redis/redis_section.h"
#include "agent/source/redis/remedy.h"
#include "agent/source/redis/server_facts_reader.h"
#include "snapshot/section_builder.h"

namespace varve {
namespace redis {
namespace {

constexpr absl::string_view kSourceKind = "redis";

class RedisSource : public Source {
 public:
  RedisSource(RedisConfig config, std::shared_ptr<const Redactor> redactor,
              std::shared_ptr<KnownKeyspaces> known)
      : config_(std::move(config)), redactor_(std::move(redactor)), known_(std::move(known)) {
    if (known_ == nullptr) known_ = std::make_shared<KnownKeyspaces>();
  }

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
  std::shared_ptr<KnownKeyspaces> known_;           // likewise
  ValueMemory memory_;
};

// Nothing is known of the server, and nothing of its keys.
bool IsNothing(const RedisReading& reading) {
  return !reading.server.is_known() && reading.keyspace.over.has_value() &&
         reading.keyspace.keys_offered == 0;
}

std::vector<Section> RedisSource::Gather(const GatherLimits& limits) {
  return OneSection(Read(limits));
}

// What one node says of itself. Where it hangs up on a question, a new connection is for the keys.
ServerFacts ReadFacts(const Deployment& deployment, const Patience& patience,
                      const Redactor& redactor) {
  for (const std::unique_ptr<Node>& node : deployment.nodes()) {
    if (!node->is_readable()) continue;
    ServerFacts facts = ReadServerFacts(*node->connection, node->server, redactor);
    if (facts.broke.has_value()) {
      node->connection.reset();
      absl::StatusOr<Node> again = OpenNode(node->endpoint, patience);
      node->failure = again.status();
      if (again.ok()) node->connection = std::move(again->connection);
    }
    return facts;
  }
  return {};
}

Section RedisSource::Read(const GatherLimits& limits) {
  RedisReading reading;
  absl::StatusOr<Endpoint> endpoint = EndpointOf(config_);
  if (!endpoint.ok()) {
    return SectionBuilder::Unavailable(config_.name, kSourceKind, "", "connecting",
                                       endpoint.status().message(), "");
  }
  const Patience patience = {limits.deadline, config_.stall_limit};
  Endpoint tried;
  absl::StatusOr<Deployment> deployment =
      Deployment::Open(*endpoint, config_.prefer, patience, tried);
  if (!deployment.ok()) return Unavailable(tried, "connecting", deployment.status());
  reading.endpoint =
      deployment->is_whole_cluster() ? *std::move(endpoint) : deployment->nodes().front()->endpoint;
  reading.password_not_needed = deployment->password_not_needed();
  reading.untold = deployment->untold();
  reading.notes = deployment->notes();
  reading.server = deployment->server();
  reading.facts = ReadFacts(*deployment, patience, *redactor_);
  KnownKeyspace known = known_->Of(config_.name);
  // A Sentinel knows no keys, and no SCAN.
  if (reading.server.mode != "sentinel") {
    KeyspaceReader reader(*deployment, config_, *redactor_, known, limits.deadline);
    reading.keyspace = reader.Read();
  }
  if (deployment->is_whole_cluster()) {
    reading.cluster = deployment->topology();
    reading.server.info = SumOfNodes(*deployment);
  }
  if (IsNothing(reading)) {
    return Unavailable(reading.endpoint, "reading keys", *reading.keyspace.over);
  }
  TakeWhatIsKnown(config_, absl::Now(), known, reading.keyspace);
  TellValues(known, memory_);
  if (config_.depth != RedisDepth::kNames && !reading.keyspace.over.has_value()) {
    LookCloser(*deployment, config_, *redactor_, limits.deadline, reading);
    LearnValues(reading.keyspace, memory_, absl::Now(), reading.values);
  }
  Section section = WriteRedisSection(config_, reading, *redactor_);
  LearnPatterns(section, known);
  known_->Set(config_.name, std::move(known));
  return section;
}

}  // namespace
}  // namespace redis

std::unique_ptr<Source> MakeRedisSource(RedisConfig config,
                                        std::shared_ptr<const Redactor> redactor,
                                        std::shared_ptr<redis::KnownKeyspaces> known) {
  return std::make_unique<redis::RedisSource>(std::move(config), std::move(redactor),
                                              std::move(known));
}

}  // namespace varve
