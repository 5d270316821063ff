// What would mend a refusal or a failure: the rule to grant, the setting to change.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/refusal.h"

namespace varve::redis {

// "ACL SETUSER varve +scan +select"; `rules` as ACL SETUSER takes them.
std::string GrantRemedy(const Endpoint& endpoint, absl::string_view rules);

// Of a command that the server refused; `rules` grant it. Empty where nothing is known to mend it.
std::string RefusalRemedy(const Endpoint& endpoint, Refusal refusal, absl::string_view rules);

// Of a connection that could not be made, or broke.
std::string ConnectionRemedy(const Endpoint& endpoint, const absl::Status& status);

}  // namespace varve::redis
