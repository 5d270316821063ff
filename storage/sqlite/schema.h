// The tables, and how a file of an older program is brought up to date.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"

namespace varve::sqlite {

// The number of the newest migration: the schema this program reads and writes.
int SchemaVersion();

// Holds that the file is ours, or new, and that this program knows its schema. Changes nothing.
// Errors: kFailedPrecondition (the file is of a newer program, or another program's), and those of
// error.h.
absl::Status CheckOwner(Connection& connection);

// Brings a file that is ours up to date, one transaction per migration. A new file gets all of them
// and an incarnation. Errors: those of error.h.
absl::Status Migrate(Connection& connection);

// The random text that names this life of the store.
absl::StatusOr<std::string> ReadIncarnation(Connection& connection);

}  // namespace varve::sqlite
