// The section of one database: what is in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/measured_relations.h"
#include "agent/source/postgres/measures.h"
#include "agent/source/postgres/session_settings.h"
#include "agent/source/postgres/watermark.h"
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
  absl::Duration counts_budget;    // for all counts together
  absl::Duration full_read_every;  // how old a whole read may be that is given again
  int connections = 1;             // so many share a read
  // Opens a further one; not called where one is enough.
  std::function<absl::StatusOr<std::unique_ptr<Connection>>()> connect;
};

// What a whole read gave, for as long as nothing changes.
struct KnownSection {
  Watermark mark;
  std::string encoding;  // the client_encoding in which it was read
  absl::Time read_at;
  Section section;  // without figures, and without errors in reading them
  MeasuredRelations relations;
  Section figures;  // nothing but measures and errors
  absl::Time measured_at;
};

// What is kept of a section from read to read. The first read keeps nothing of what it read: there
// may be no second.
struct DatabaseMemory {
  bool was_read = false;
  Sizes sizes;
  std::unique_ptr<KnownSection> known;
};

// Reads it over `connection`, a session with that database, and over further ones where there is
// much to read; unavailable where nothing could be read. Where the server's marks say that nothing
// was written since the last whole read, that is given again, and its figures as long as sizes are
// (sizes_every); where only rows were written, with new figures.
Section ReadDatabaseSection(Connection& connection, const DatabaseSectionFacts& facts,
                            const Redactor& redactor, DatabaseMemory& memory);

}  // namespace varve::postgres
