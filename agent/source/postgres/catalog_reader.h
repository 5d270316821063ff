// Reads the catalogs: one read-only REPEATABLE READ transaction, one COPY for each.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/dependencies.h"
#include "agent/source/postgres/session_settings.h"

namespace varve::postgres {

// A catalog that could not be read; what it feeds is missing.
struct CatalogFailure {
  const CatalogQuery* query;
  absl::Status why;
};

struct CatalogRead {
  std::unique_ptr<Catalog> catalog;
  std::unique_ptr<Dependencies> dependencies;
  std::vector<CatalogFailure> failures;
};

// All catalogs as of one moment. One that is denied or fails costs what it feeds and nothing else.
// Errors: the session was lost or the deadline passed (then there is no whole moment to speak of),
// the transaction was refused, or a text cannot be had in `client_encoding` (SqlState 22P05, 22021:
// read again as "SQL_ASCII").
absl::StatusOr<CatalogRead> ReadCatalog(Connection& connection, const SessionLimits& limits,
                                        absl::string_view client_encoding);

}  // namespace varve::postgres
