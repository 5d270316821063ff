// The section of one database: what is in it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/measures.h"
#include "agent/source/postgres/session_settings.h"
#include "snapshot/section.h"
#include "snapshot/selection.h"

namespace varve::postgres {

inline constexpr absl::string_view kSourceKind = "postgres";

struct DatabaseSectionFacts {
  std::string name;  // "orders", "orders/shop"
  uint32_t revision = 0;
  SessionLimits limits;
  Selection selection;
  std::vector<std::string> notes;  // on how its address was read
  bool include_measures = true;
  absl::Duration sizes_every;  // as WriteMeasures takes it
  bool include_counts = false;
  absl::Duration counts_budget;  // for all counts together
};

// Reads it over a session with that database; unavailable where nothing could be read. `sizes` is
// kept from read to read of one section.
Section ReadDatabaseSection(Connection& connection, const DatabaseSectionFacts& facts,
                            const Redactor& redactor, Sizes& sizes);

}  // namespace varve::postgres
