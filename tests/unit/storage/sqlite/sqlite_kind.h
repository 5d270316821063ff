// SQLite as a kind of store under test, and ways around it to what is in the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/unit/storage/conformance/store_conformance.h"

namespace varve::testing {

StoreKind SqliteKind();

// Where SqliteKind keeps its database in a folder.
std::string DatabaseIn(const std::string& folder);

// Runs SQL on a database file by a connection of its own, as a person with a shell could.
absl::Status RunSql(const std::string& path, const std::string& sql);
// The first column of the first row, as text. Errors: also where there is no row.
absl::StatusOr<std::string> AskSql(const std::string& path, const std::string& sql);
// How many rows each of the store's tables has.
std::map<std::string, int64_t> CountRows(const std::string& path);

// Makes the first page of a table one that is no page any more; nothing has the file open.
absl::Status DamageTable(const std::string& path, const std::string& table);

// The whole of a file; empty where it cannot be read.
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, absl::string_view bytes);

}  // namespace varve::testing
