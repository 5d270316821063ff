// Sessions with one database that share the work of a read.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "agent/source/postgres/connection.h"

namespace varve::postgres {

// At least one; borrowed.
using Sessions = std::vector<Connection*>;

// Calls `work` with each at the same time: with the first on the caller's thread, with the others
// each on a thread of its own, and not at all where the system has no more threads. Returns when
// all are done. `work` is what they share out among themselves.
void ForEachSession(const Sessions& sessions, absl::FunctionRef<void(Connection&)> work);

}  // namespace varve::postgres
