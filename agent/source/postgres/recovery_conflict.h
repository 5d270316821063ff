// Hot standbys: replaying what the primary did can end a query, or the session that asks it. Asked
// again it is answered. Source: "Handling Query Conflicts" in PostgreSQL's manual.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "agent/source/postgres/connection.h"

namespace varve::postgres {

// Whether the server gave up what was asked for the sake of replay. A reader on a primary never
// meets the two states that say so (40001, 40P01).
bool IsRecoveryConflict(const absl::Status& status);

// Runs `ask` until it meets no such conflict: several times, with growing pauses, within the
// connection's deadline. A session that was ended is opened anew. What `ask` fills it must begin
// afresh each time, or fill alike. Errors: of the last time.
absl::Status RetryOnRecoveryConflict(Connection& connection, absl::FunctionRef<absl::Status()> ask);

}  // namespace varve::postgres
