// Rules about a Redis server: its settings against what it holds, its users, its replicas.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "snapshot/rules/redis_walk.h"

namespace varve {
namespace {

constexpr absl::string_view kServer = "the server";

// Keys, and those of them that expire.
struct Expiring {
  int64_t keys = 0;
  int64_t with_ttl = 0;

  // Too few tell nothing of what the server is for.
  bool AreEnough() const { return keys >= 100; }
  bool AreMost() const { return AreEnough() && with_ttl * 10 >= keys * 9; }
  bool AreFew() const { return AreEnough() && with_ttl * 10 <= keys; }
};

Expiring ExpiringOf(const RuleInput& input) {
  Expiring sum;
  ForEachMeasuredPattern(input, [&sum](const EntityView& entity) {
    const std::optional<int64_t> with_ttl = entity.Number("keys_with_ttl");
    if (!with_ttl.has_value()) return;
    // Of a sample: what was looked at.
    sum.keys += entity.Number("keys_probed").value_or(entity.Number("keys").value_or(0));
    sum.with_ttl += *with_ttl;
  });
  return sum;
}

void CacheWithoutBound(const RuleInput& input, RuleOutput& output) {
  const Expiring expiring = ExpiringOf(input);
  if (!expiring.AreMost() || SettingOf(input, "maxmemory") != "0") return;
  output.Find(std::string(kServer),
              absl::StrCat(expiring.with_ttl, " of its ", expiring.keys,
                           " keys expire, and maxmemory is 0: nothing bounds them"));
}

void CacheWithoutEviction(const RuleInput& input, RuleOutput& output) {
  const Expiring expiring = ExpiringOf(input);
  const absl::string_view bound = SettingOf(input, "maxmemory");
  if (!expiring.AreMost() || bound.empty() || bound == "0") return;
  if (SettingOf(input, "maxmemory-policy") != "noeviction") return;
  output.Find(std::string(kServer),
              absl::StrCat(expiring.with_ttl, " of its ", expiring.keys,
                           " keys expire, and maxmemory-policy is noeviction"),
              "CONFIG SET maxmemory-policy allkeys-lru");
}

void NothingToEvict(const RuleInput& input, RuleOutput& output) {
  const Expiring expiring = ExpiringOf(input);
  const absl::string_view bound = SettingOf(input, "maxmemory");
  const absl::string_view policy = SettingOf(input, "maxmemory-policy");
  if (!expiring.AreFew() || bound.empty() || bound == "0") return;
  if (!absl::StartsWith(policy, "volatile-")) return;
  output.Find(std::string(kServer),
              absl::StrCat("maxmemory-policy is ", policy, ", and only ", expiring.with_ttl,
                           " of its ", expiring.keys, " keys expire"));
}

// Whether clients of other hosts may connect: by default a server listens everywhere, and keeps
// them out while protected-mode is on and the default user has no password.
bool ListensToOthers(const RuleInput& input) {
  if (SettingOf(input, "protected-mode") != "no") return false;
  const absl::string_view bind = SettingOf(input, "bind");
  const std::vector<absl::string_view> addresses = absl::StrSplit(bind, ' ', absl::SkipEmpty());
  return addresses.empty() ||
         std::any_of(addresses.begin(), addresses.end(), [](absl::string_view address) {
           address = absl::StripPrefix(address, "-");
           return !absl::StartsWith(address, "127.") && address != "::1" && address != "localhost";
         });
}

bool MayDoNothing(const v1::RedisUserAccess& access) {
  return access.commands_size() == 0 ||
         (access.commands_size() == 1 && access.commands(0) == "-@all");
}

void UserWithoutPassword(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "redis_user", [&](const EntityView& entity) {
    const v1::RedisUserAccess& access = entity.Shape(v1::FACET_ACCESS).redis_user();
    if (!access.enabled() || !access.no_password() || MayDoNothing(access)) return;
    const std::string& name = entity.key().names[0];
    if (name == "default" && !ListensToOthers(input)) return;
    output.Find(name, "any password will do, from any host that can connect",
                absl::StrCat("ACL SETUSER ", name, " resetpass >…"));
  });
}

void ReplicaNotOnline(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "redis_server", [&output](const EntityView& entity) {
    const v1::RedisServerState& state = entity.Shape(v1::FACET_STATE).redis_server_state();
    for (const v1::RedisReplica& replica : state.replicas()) {
      if (replica.state() == "online") continue;
      output.Find(replica.address(), absl::StrCat("this replica is in state ", replica.state()));
    }
  });
}

void NoPersistence(const RuleInput& input, RuleOutput& output) {
  if (SettingOf(input, "appendonly") != "no") return;
  if (input.section.Find({"redis_setting", {"save"}}) == nullptr) return;
  if (!SettingOf(input, "save").empty() || ExpiringOf(input).AreMost()) return;
  output.Find(std::string(kServer), "keeps nothing on disk, and most of its keys do not expire",
              "CONFIG SET appendonly yes");
}

constexpr Need kKeysAndSettings[] = {{"key_pattern", v1::FACET_UNSPECIFIED, "keys_with_ttl"},
                                     {"redis_setting", v1::FACET_OPTIONS}};
constexpr Need kUsers[] = {{"redis_user", v1::FACET_ACCESS}, {"redis_setting", v1::FACET_OPTIONS}};
constexpr Need kServers[] = {{"redis_server", v1::FACET_STATE}};

constexpr RuleRun kRuns[] = {
    {{"redis/cache-without-bound", Severity::kWarning, "performance", kKeysAndSettings,
      "A cache that nothing bounds grows until the host has no memory left, and is killed.",
      "Set maxmemory, and a policy that evicts."},
     "redis",
     CacheWithoutBound},
    {{"redis/cache-without-eviction", Severity::kWarning, "correctness", kKeysAndSettings,
      "When a cache that does not evict is full, every write fails.",
      "Choose a policy that evicts, such as allkeys-lru."},
     "redis",
     CacheWithoutEviction},
    {{"redis/no-persistence", Severity::kInfo, "policy", kKeysAndSettings,
      "Keys that are no cache are gone after a restart.",
      "Turn on the append-only file or snapshots.", kOnlyIfNamed},
     "redis",
     NoPersistence},
    {{"redis/nothing-to-evict", Severity::kWarning, "correctness", kKeysAndSettings,
      "A volatile policy evicts only keys that expire: where few do, writes fail when the server "
      "is "
      "full.",
      "Choose an allkeys policy, or noeviction where the keys must stay."},
     "redis",
     NothingToEvict},
    {{"redis/replica-not-online", Severity::kWarning, "correctness", kServers,
      "A replica that does not follow has old data, and a failover to it loses writes.",
      "See the replica's log."},
     "redis",
     ReplicaNotOnline},
    {{"redis/user-without-password", Severity::kWarning, "security", kUsers,
      "Whoever reaches the server may do all that this user may.",
      "Give the user a password, or turn it off."},
     "redis",
     UserWithoutPassword},
};

}  // namespace

absl::Span<const RuleRun> RedisServerRules() { return kRuns; }

}  // namespace varve
