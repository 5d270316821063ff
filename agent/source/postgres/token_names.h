// What the parsers that were made in a database call their types of tokens.
#pragma once

#include "absl/status/status.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/connection.h"

namespace varve::postgres {

// Asks each parser, of those that configurations of the database use, in a savepoint of its own:
// the answer is a function's that somebody wrote. Where it fails, the parser is `nameless`. Call
// inside the transaction of the catalogs. Errors: what ends that transaction (the session was lost,
// the deadline passed).
absl::Status ReadTokenNames(Connection& connection, Catalog& catalog);

}  // namespace varve::postgres
