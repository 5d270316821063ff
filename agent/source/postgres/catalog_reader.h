// Reads the catalogs: a read-only REPEATABLE READ transaction, one COPY for each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/read_transaction.h"
#include "agent/source/postgres/session_settings.h"
#include "agent/source/postgres/sessions.h"
#include "agent/source/postgres/watermark.h"

namespace varve::postgres {

struct CatalogRead {
  std::unique_ptr<Catalog> catalog;
  // For dependencies.h; empty where pg_depend could not be read.
  std::vector<DependencyRow> dependencies;
  std::vector<CatalogFailure> failures;
  std::vector<absl::Status> notes;  // why a session took no part
  std::string encoding;             // the client_encoding in which it was read
  // Of the same moment; nothing where it could not be had, or was not asked for.
  std::optional<Watermark> mark;
};

// All catalogs as of one moment. One that is denied or fails costs what it feeds and nothing else.
// Errors: the session was lost or the deadline passed (then there is no whole moment to speak of),
// the transaction was refused, or a text cannot be had in `client_encoding` (SqlState 22P05, 22021:
// read again as "SQL_ASCII"), a hot standby gave it up (recovery_conflict.h). `with_mark`: with the
// watermark and its sums. Several sessions read what the first one sees (pg_export_snapshot()).
absl::StatusOr<CatalogRead> ReadCatalog(const Sessions& sessions, const SessionLimits& limits,
                                        absl::string_view client_encoding, bool with_mark);

// The same of what the databases of the server share, with the settings as they are without ours.
absl::StatusOr<CatalogRead> ReadCluster(Connection& connection, const SessionLimits& limits,
                                        absl::string_view client_encoding);

// What `read` (one of those above) gives of the database's text as UTF-8; where the server cannot
// make it so, the bytes as they are stored. What a hot standby gives up is read again.
using ReadFunction = absl::FunctionRef<absl::StatusOr<CatalogRead>(
    Connection& connection, const SessionLimits& limits, absl::string_view client_encoding)>;
absl::StatusOr<CatalogRead> ReadInUtf8(Connection& connection, const SessionLimits& limits,
                                       ReadFunction read);

}  // namespace varve::postgres
