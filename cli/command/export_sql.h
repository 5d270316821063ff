// `varve export --format sql`: one PostgreSQL section of a snapshot as SQL.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/exit_code.h"
#include "snapshot/section.h"

namespace CLI {
class App;
}

namespace varve {

struct SqlFlags {
  std::string section;            // empty: the only one
  std::vector<std::string> only;  // patterns of objects; empty: all
  bool no_owner = false;
  bool no_privileges = false;
  bool with_roles = false;
  std::string split;  // the folder to write; empty: one script

  // Whether any was given.
  bool AnyGiven() const {
    return !section.empty() || !only.empty() || no_owner || no_privileges || with_roles ||
           !split.empty();
  }
};

void AddSqlFlags(CLI::App& command, SqlFlags& flags);

// What ExportSql would refuse before it reads a snapshot.
absl::Status CheckSqlOutput(const SqlFlags& flags, const std::string& path);

// Writes the script to the file `path`, or the folder of the flags, or the standard output; what
// the script lacks goes to the standard error. kCannotSay where it lacks something. Errors:
// kInvalidArgument (no such section, several to choose from, a pattern), as RenderSql and
// WriteFiles otherwise.
absl::StatusOr<ExitCode> ExportSql(Snapshot snapshot, const SqlFlags& flags,
                                   const std::string& path);

}  // namespace varve
