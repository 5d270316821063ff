// What is asked only of the few keys that are shown one by one: how long they are, and how lately
// or how often they are used.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/key_list.h"
#include "agent/source/redis/node.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// STRLEN, HLEN, …: how many elements a value of `type` has; empty for a type that has no such
// command.
absl::string_view LengthCommand(absl::string_view type);

// Whether the server was kept from taking our reading for use (CLIENT NO-TOUCH), or evicts nothing
// by use. Where neither holds few values may be read.
bool ReadingIsNoUse(const Node& node);

// Fills in the idle time, or under an LFU policy the frequency, then the length of each of `keys`,
// which are in order of their databases. What the server refuses is left unknown. `may_touch`:
// false leaves out lengths, whose commands count as use. Errors: those of Connection, and
// kDeadlineExceeded; what was asked before stays filled in.
absl::Status AskDetails(Connection& connection, const ServerReading& server, bool may_touch,
                        Pacer& pacer, absl::Time deadline, absl::Span<ListedKey* const> keys);

}  // namespace varve::redis
