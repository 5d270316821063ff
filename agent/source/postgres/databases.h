// Which databases of a server a source reads.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/session_settings.h"

namespace varve::postgres {

struct ListedDatabase {
  std::string name;
  bool is_template = false;
  bool allows_connections = true;
};

// All databases of the server, by name. Errors: as Connection::Copy.
absl::StatusOr<std::vector<ListedDatabase>> ListDatabases(Connection& connection,
                                                          const SessionLimits& limits);

// Whether one of `patterns` takes it, and none that begins with ! does. Patterns are globs
// (base/glob.h); "all" is every database, and so is a list that only leaves out.
bool IsWanted(absl::string_view database, absl::Span<const std::string> patterns);

// What to read, in the order of `listed`; and what is left out, with the reason.
struct DatabaseChoice {
  std::vector<std::string> read;
  std::vector<std::pair<std::string, std::string>> left_out;
};
DatabaseChoice ChooseDatabases(absl::Span<const ListedDatabase> listed,
                               absl::Span<const std::string> patterns);

}  // namespace varve::postgres
