// What a server says of itself beside INFO: plain data, for those who write it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/acl_users.h"
#include "agent/source/redis/clients.h"
#include "agent/source/redis/libraries.h"
#include "agent/source/redis/refusal.h"
#include "agent/source/redis/settings.h"
#include "agent/source/redis/slow_log.h"
#include "varve/v1/identity.pb.h"

namespace varve::redis {

// Each is asked once.
enum class Fact { kSettings, kUsers, kModules, kLibraries, kClients, kSlowLog, kLatency };
inline constexpr Fact kAllFacts[] = {Fact::kSettings,  Fact::kUsers,   Fact::kModules,
                                     Fact::kLibraries, Fact::kClients, Fact::kSlowLog,
                                     Fact::kLatency};

// "CONFIG GET", and the rule of an ACL that grants it: "+config|get".
absl::string_view FactCommand(Fact fact);
absl::string_view FactRule(Fact fact);

// How asking for one went.
struct FactEnd {
  v1::Sight sight = v1::SIGHT_CAPTURED;
  std::string reason;              // where it is not captured
  std::optional<Refusal> refusal;  // where the server refused
};

// Of what was not captured the list is empty.
struct ServerFacts {
  std::vector<Setting> settings;
  std::vector<AclUser> users;
  std::vector<Module> modules;
  std::vector<Library> libraries;
  ClientCounts clients;
  SlowLog slow_log;
  std::vector<LatencyEvent> latency;
  std::array<FactEnd, std::size(kAllFacts)> ends;
  // Why the connection is of no further use; nothing where it is good.
  std::optional<absl::Status> broke;

  FactEnd& End(Fact fact) { return ends[static_cast<size_t>(fact)]; }
  const FactEnd& End(Fact fact) const { return ends[static_cast<size_t>(fact)]; }
};

}  // namespace varve::redis
