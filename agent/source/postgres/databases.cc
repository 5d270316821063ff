#include "agent/source/postgres/databases.h"

#include <algorithm>

#include "absl/strings/strip.h"
#include "agent/source/postgres/arena.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "agent/source/postgres/row_reader.h"
#include "base/glob.h"
#include "base/status.h"

namespace varve::postgres {
namespace {

constexpr char kDatabases[] = "SELECT datname, datistemplate, datallowconn FROM pg_database";

bool Takes(absl::string_view pattern, absl::string_view database) {
  return pattern == "all" || GlobMatches(pattern, database);
}

}  // namespace

absl::StatusOr<std::vector<ListedDatabase>> ListDatabases(Connection& connection,
                                                          const SessionLimits& limits) {
  std::vector<ListedDatabase> databases;
  Arena arena;
  const std::string encoding = connection.server().encoding == "SQL_ASCII" ? "SQL_ASCII" : "UTF8";
  ObjectReader reader({&connection}, limits, encoding, ObjectReader::Reach::kRange);
  VARVE_RETURN_IF_ERROR(RetryOnRecoveryConflict(connection, [&] {
    databases.clear();
    return reader.ReadAll(kDatabases, arena, [&](RowReader& row) {
      ListedDatabase& database = databases.emplace_back();
      database.name = std::string(row.TakeText());
      database.is_template = row.TakeBool();
      database.allows_connections = row.TakeBool();
    });
  }));
  std::sort(databases.begin(), databases.end(),
            [](const ListedDatabase& a, const ListedDatabase& b) { return a.name < b.name; });
  return databases;
}

bool IsWanted(absl::string_view database, absl::Span<const std::string> patterns) {
  bool taken = false;
  bool only_leaves_out = true;
  for (const std::string& each : patterns) {
    absl::string_view pattern = each;
    if (absl::ConsumePrefix(&pattern, "!")) {
      if (Takes(pattern, database)) return false;
      continue;
    }
    only_leaves_out = false;
    taken |= Takes(pattern, database);
  }
  return taken || only_leaves_out;
}

DatabaseChoice ChooseDatabases(absl::Span<const ListedDatabase> listed,
                               absl::Span<const std::string> patterns) {
  DatabaseChoice choice;
  for (const ListedDatabase& database : listed) {
    if (database.is_template) {
      choice.left_out.emplace_back(database.name, "it is a template");
    } else if (!database.allows_connections) {
      choice.left_out.emplace_back(database.name, "it allows no connections");
    } else if (!IsWanted(database.name, patterns)) {
      choice.left_out.emplace_back(database.name, "left out by databases of the configuration");
    } else {
      choice.read.push_back(database.name);
    }
  }
  return choice;
}

}  // namespace varve::postgres
