// Marks by which one can tell that nothing changed since: who answers, how far the cluster was
// written, and what each catalog holds.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/session_settings.h"

namespace varve::postgres {

// Of one moment. Equal texts mean equal things; what they say otherwise is nobody's business.
struct Watermark {
  // The server process, the database, and the role that asks: pg_control_system(),
  // pg_postmaster_start_time(), pg_is_in_recovery(). Marks of different `where` say nothing of one
  // another: the server was started again, restored, promoted, or is another.
  std::string where;
  // Moves with every transaction that writes anything in the cluster: pg_current_snapshot(). Before
  // 14 also with what an index build notes without a transaction. Empty on a hot standby.
  std::string written;
  // Moves with every row of a catalog that was written or went: by catalog the number of rows, and
  // a hash of xmin; of what keeps its rows from the role, a hash of what it may see. Not with
  // VACUUM FREEZE, nor with what was rolled back; but VACUUM FULL moves it. Empty where not asked
  // for.
  std::string sums;
};

// Reads it in the transaction that is open, in a savepoint of its own. The sums are some 0.1 s of
// the server's time for 10,000 tables' worth of each catalog. Errors: as Connection::Copy.
absl::StatusOr<Watermark> ReadWatermark(Connection& connection, bool with_sums);

// The same in a transaction of its own; what a hot standby gives up is read again.
absl::StatusOr<Watermark> ReadWatermarkNow(Connection& connection, const SessionLimits& limits,
                                           bool with_sums);

}  // namespace varve::postgres
