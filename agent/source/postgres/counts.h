// Exact row counts, where the configuration asks for them: measure "rows" of tables and
// materialized views.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/section_writer.h"
#include "agent/source/postgres/session_settings.h"

namespace varve::postgres {

inline constexpr absl::string_view kRowsMeasure = "rows";

struct CountOptions {
  SessionLimits limits;
  // For all counts together; what was counted by then is kept.
  absl::Duration budget = absl::Minutes(2);
  absl::string_view client_encoding;  // as BeginReadOnly takes it
};

// Counts the rows of each table that the role may read, smallest first, each in a transaction of
// its own; those of a partitioned table are the sum of its partitions'. Foreign tables are not
// counted: their rows are another server's. What could not be counted is an error that says why.
void WriteCounts(Connection& connection, const CountOptions& options, const Catalog& catalog,
                 SectionWriter& writer);

}  // namespace varve::postgres
