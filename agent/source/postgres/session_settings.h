// How every transaction of ours begins.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace varve::postgres {

// What the agent may cost the server.
struct SessionLimits {
  absl::Duration statement_timeout = absl::Seconds(60);
  absl::Duration lock_timeout = absl::Milliseconds(200);
};

enum class Isolation { kReadCommitted, kRepeatableRead };

// `BEGIN … READ ONLY; SET LOCAL …;` Only SET LOCAL: a pooler would hand a session's settings to its
// next client. All that changes how a value is printed is pinned, so that the settings of a role or
// database don't show as changes. `client_encoding` is "UTF8", or "SQL_ASCII" for bytes as they are
// stored.
std::string BeginReadOnly(Isolation isolation, const SessionLimits& limits,
                          absl::string_view client_encoding);

// The two parts of it: a transaction that sets no more than its encoding, and what else is pinned.
std::string BeginBare(Isolation isolation, absl::string_view client_encoding);
std::string PinSettings(const SessionLimits& limits);

}  // namespace varve::postgres
