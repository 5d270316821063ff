#include "agent/source/redis/server_section.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/remedy.h"
#include "agent/source/redis/replication.h"
#include "agent/source/redis/section_troubles.h"
#include "agent/source/redis/server_measures.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

class ServerWriter {
 public:
  ServerWriter(const RedisReading& reading, const Redactor& redactor, SectionBuilder& builder)
      : reading_(reading), facts_(reading.facts), redactor_(redactor), builder_(builder) {}

  void Write() {
    AddStructure();
    AddState();
    MeasureInfo(reading_.server.info, key_, builder_);
    MeasureFacts(facts_, key_, builder_);
    for (const Setting& setting : facts_.settings) AddSetting(setting);
    for (const AclUser& user : facts_.users) AddUser(user);
    for (const Module& loaded : facts_.modules) AddModule(loaded);
    for (const Library& library : facts_.libraries) AddLibrary(library);
    for (const Fact fact : kAllFacts) Cover(fact);
    Warn();
  }

 private:
  void AddStructure();
  void AddState();
  void AddSetting(const Setting& setting);
  void AddUser(const AclUser& user);
  void AddModule(const Module& loaded);
  void AddLibrary(const Library& library);
  void Add(absl::string_view kind, const std::string& name, v1::Facet facet, v1::Shape shape,
           const Masked& masked);
  void Cover(Fact fact);
  void Warn();
  std::string RemedyOf(const FactEnd& end, absl::string_view rules) const {
    if (end.refusal.has_value()) return RefusalRemedy(reading_.endpoint, *end.refusal, rules);
    const bool is_broken = facts_.broke.has_value() && end.reason == facts_.broke->message();
    return is_broken ? ConnectionRemedy(reading_.endpoint, *facts_.broke) : "";
  }

  const RedisReading& reading_;
  const ServerFacts& facts_;
  const Redactor& redactor_;
  SectionBuilder& builder_;
  const EntityKey key_ = {std::string(kServerKind), {"server"}};
};

void ServerWriter::AddStructure() {
  const ServerReading& server = reading_.server;
  if (!server.is_known()) {
    builder_.AddUnseen(key_, v1::FACET_STRUCTURE,
                       SightOf(server.info_refusal.value_or(Refusal::kOther)));
    return;
  }
  v1::Shape shape;
  v1::RedisServerStructure& structure = *shape.mutable_redis_server();
  structure.set_product(ToUtf8(server.product));
  structure.set_version(ToUtf8(server.version));
  structure.set_mode(ToUtf8(server.mode));
  builder_.Add(key_, v1::FACET_STRUCTURE, std::move(shape));
}

void ServerWriter::AddState() {
  const ServerReading& server = reading_.server;
  const Replication replication = ReplicationFrom(server.info);
  if (replication.role.empty()) {
    const bool is_refused = server.info_refusal.has_value();
    const v1::Sight sight = is_refused ? SightOf(*server.info_refusal) : v1::SIGHT_NOT_SUPPORTED;
    builder_.AddUnseen(key_, v1::FACET_STATE, sight);
    builder_.Cover(
        kServerKind, v1::FACET_STATE, sight,
        is_refused ? server.refusal_text : "INFO says nothing of replication",
        is_refused ? RefusalRemedy(reading_.endpoint, *server.info_refusal, "+info") : "");
    return;
  }
  v1::Shape shape;
  v1::RedisServerState& state = *shape.mutable_redis_server_state();
  state.set_role(replication.role);
  state.set_primary(replication.primary);
  for (const Replica& replica : replication.replicas) {
    v1::RedisReplica& added = *state.add_replicas();
    added.set_address(replica.address);
    added.set_state(replica.state);
  }
  builder_.Add(key_, v1::FACET_STATE, std::move(shape));
}

void ServerWriter::Add(absl::string_view kind, const std::string& name, v1::Facet facet,
                       v1::Shape shape, const Masked& masked) {
  LineFacts facts;
  facts.masked = redactor_.Digest(masked);
  builder_.Add({std::string(kind), {name}}, facet, std::move(shape), facts);
}

void ServerWriter::AddSetting(const Setting& setting) {
  v1::Shape shape;
  Masked masked;
  if (!setting.value.empty()) {
    const absl::string_view name = setting.name;
    const absl::string_view masked_as = IsSecretSetting(name) ? "password" : name;
    shape.mutable_redis_setting()->set_value(redactor_.MaskValue(masked_as, setting.value, masked));
  }
  shape.mutable_redis_setting();
  Add(kSettingKind, setting.name, v1::FACET_OPTIONS, std::move(shape), masked);
}

void ServerWriter::AddUser(const AclUser& user) {
  v1::Shape shape;
  Masked masked;
  v1::RedisUserAccess& access = *shape.mutable_redis_user();
  access.set_enabled(user.enabled);
  access.set_no_password(user.no_password);
  access.set_passwords(static_cast<uint32_t>(user.password_hashes.size()));
  // That another password opens it shows by the digest alone.
  masked.parts = user.password_hashes;
  for (const std::string& flag : user.flags) access.add_flags(flag);
  for (const std::string& rule : user.commands) access.add_commands(rule);
  for (const std::string& key : user.keys) access.add_keys(redactor_.MaskText(key, masked));
  for (const std::string& channel : user.channels) {
    access.add_channels(redactor_.MaskText(channel, masked));
  }
  for (const std::string& selector : user.selectors) {
    access.add_selectors(redactor_.MaskText(selector, masked));
  }
  Add(kUserKind, user.name, v1::FACET_ACCESS, std::move(shape), masked);
}

void ServerWriter::AddModule(const Module& loaded) {
  v1::Shape shape;
  shape.mutable_redis_module()->set_version(loaded.version);
  Add(kModuleKind, loaded.name, v1::FACET_STRUCTURE, std::move(shape), {});
}

void ServerWriter::AddLibrary(const Library& library) {
  v1::Shape shape;
  Masked masked;
  v1::RedisLibraryStructure& structure = *shape.mutable_redis_library();
  structure.set_engine(library.engine);
  structure.set_code_hash(library.code_hash);
  for (const Function& function : library.functions) {
    v1::RedisFunction& added = *structure.add_functions();
    added.set_name(function.name);
    added.set_description(redactor_.MaskText(function.description, masked));
    for (const std::string& flag : function.flags) added.add_flags(flag);
  }
  Add(kLibraryKind, library.name, v1::FACET_STRUCTURE, std::move(shape), masked);
}

void ServerWriter::Cover(Fact fact) {
  const FactEnd& end = facts_.End(fact);
  const std::string remedy = RemedyOf(end, FactRule(fact));
  const auto cover = [&](absl::string_view kind, v1::Facet facet) {
    builder_.Cover(kind, facet, end.sight, end.reason, remedy);
  };
  switch (fact) {
    case Fact::kSettings:
      return cover(kSettingKind, v1::FACET_OPTIONS);
    case Fact::kUsers:
      return cover(kUserKind, v1::FACET_ACCESS);
    case Fact::kModules:
      return cover(kModuleKind, v1::FACET_STRUCTURE);
    case Fact::kLibraries:
      return cover(kLibraryKind, v1::FACET_STRUCTURE);
    case Fact::kClients:
    case Fact::kSlowLog:
    case Fact::kLatency:
      break;
  }
  // Figures alone: a scope that no identity has takes nothing from view.
  if (end.sight == v1::SIGHT_CAPTURED) return;
  builder_.Cover(kServerKind, v1::FACET_STRUCTURE, end.sight, end.reason, remedy,
                 {std::string(FactCommand(fact))});
}

// One for each reason: a user with few rights lacks many commands at once. Warnings, since all that
// is counted of the keys is there.
void ServerWriter::Warn() {
  std::vector<Fact> left;
  for (const Fact fact : kAllFacts) {
    const FactEnd& end = facts_.End(fact);
    if (end.refusal.has_value() || end.sight == v1::SIGHT_FAILED) left.push_back(fact);
  }
  while (!left.empty()) {
    const FactEnd& end = facts_.End(left.front());
    std::vector<absl::string_view> commands;
    std::vector<absl::string_view> rules;
    const auto is_told = [&](Fact fact) {
      if (facts_.End(fact).reason != end.reason) return false;
      commands.push_back(FactCommand(fact));
      rules.push_back(FactRule(fact));
      return true;
    };
    // In their order.
    std::vector<Fact> others;
    for (const Fact fact : left) {
      if (!is_told(fact)) others.push_back(fact);
    }
    builder_.Warning(absl::StrCat("asking ", absl::StrJoin(commands, ", ")), end.reason,
                     RemedyOf(end, absl::StrJoin(rules, " ")));
    left = std::move(others);
  }
}

}  // namespace

void WriteServer(const RedisReading& reading, const Redactor& redactor, SectionBuilder& builder) {
  ServerWriter(reading, redactor, builder).Write();
}

}  // namespace varve::redis
