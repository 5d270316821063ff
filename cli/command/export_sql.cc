#include "cli/command/export_sql.h"

#include <CLI/CLI.hpp>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/console.h"
#include "base/status.h"
#include "cli/program.h"
#include "cli/render/sql/split.h"
#include "cli/render/sql/sql.h"
#include "cli/render/write_file.h"
#include "cli/render/write_folder.h"
#include "snapshot/object_pattern.h"

namespace varve {
namespace {

constexpr char kSqlGroup[] = "SQL";

// A database's section: that of what the databases of a server share ends with a slash.
bool IsDatabase(const Section& section) {
  return section.header.source_kind() == "postgres" && !absl::EndsWith(section.header.name(), "/");
}

absl::StatusOr<Section*> ChosenSection(Snapshot& snapshot, absl::string_view name) {
  std::vector<Section*> found;
  std::vector<std::string> names;
  for (Section& section : snapshot.sections) {
    if (!IsDatabase(section)) continue;
    names.push_back(section.header.name());
    if (name.empty() || section.header.name() == name) found.push_back(&section);
  }
  if (found.size() == 1) return found.front();
  if (names.empty()) {
    return absl::InvalidArgumentError("the snapshot has no section of a PostgreSQL database");
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name.empty() ? "the snapshot has several databases"
                                : absl::StrCat("the snapshot has no database section ", name),
                   ": say --section ", absl::StrJoin(names, " or --section ")));
}

// The section of what the databases of the section's server share: "postgres/" of "postgres" and of
// "postgres/app".
absl::StatusOr<const Section*> ClusterOf(const Snapshot& snapshot, const Section& database) {
  const std::string& name = database.header.name();
  const std::string cluster = absl::StrCat(name.substr(0, name.find('/')), "/");
  for (const Section& section : snapshot.sections) {
    if (section.header.name() != cluster) continue;
    if (section.header.status() != v1::SECTION_STATUS_UNAVAILABLE) return &section;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the snapshot has no section ", cluster,
      ", where roles and tablespaces are; leave --with-roles out, or read the cluster too"));
}

absl::StatusOr<std::function<bool(const EntityKey&)>> Taking(const std::vector<std::string>& only) {
  if (only.empty()) return std::function<bool(const EntityKey&)>();
  std::vector<ObjectPattern> patterns;
  for (const std::string& text : only) {
    VARVE_ASSIGN_OR_RETURN(ObjectPattern pattern,
                           ObjectPattern::Parse(text, ObjectPattern::Kinds::kKnown));
    patterns.push_back(std::move(pattern));
  }
  // Of several the last that matches decides; a list that only takes back begins with all.
  return std::function<bool(const EntityKey&)>(
      [patterns = std::move(patterns)](const EntityKey& entity) {
        bool takes = patterns.front().takes_back();
        for (const ObjectPattern& pattern : patterns) {
          if (pattern.Matches(entity)) takes = !pattern.takes_back();
        }
        return takes;
      });
}

}  // namespace

void AddSqlFlags(CLI::App& command, SqlFlags& flags) {
  command.add_option("--section", flags.section, "Which database, where there are several")
      ->type_name("NAME")
      ->group(kSqlGroup);
  command.add_option("--only", flags.only, "Objects to write: app.*, function:app.*, !app.old_*")
      ->type_name("PATTERN")
      ->group(kSqlGroup);
  command.add_option("--split", flags.split, "A new folder: a file for each object, and index.sql")
      ->type_name("DIR")
      ->group(kSqlGroup);
  command.add_flag("--no-owner", flags.no_owner, "Leave out who owns what")->group(kSqlGroup);
  command.add_flag("--no-privileges", flags.no_privileges, "Leave out GRANT and REVOKE")
      ->group(kSqlGroup);
  command
      .add_flag("--with-roles", flags.with_roles,
                "Make roles and tablespaces that are not there too")
      ->group(kSqlGroup);
}

absl::Status CheckSqlOutput(const SqlFlags& flags, const std::string& path) {
  if (!flags.split.empty() && !path.empty()) {
    return absl::InvalidArgumentError("give either -o or --split, not both");
  }
  if (!flags.split.empty()) return CheckNewFolder(flags.split);
  return path.empty() ? absl::OkStatus() : CheckFolderOf(path);
}

absl::StatusOr<ExitCode> ExportSql(Snapshot snapshot, const SqlFlags& flags,
                                   const std::string& path) {
  VARVE_ASSIGN_OR_RETURN(Section* const section, ChosenSection(snapshot, flags.section));
  sql::SqlOptions options;
  options.owners = !flags.no_owner;
  options.privileges = !flags.no_privileges;
  if (flags.with_roles) {
    VARVE_ASSIGN_OR_RETURN(options.cluster, ClusterOf(snapshot, *section));
  }
  VARVE_ASSIGN_OR_RETURN(options.takes, Taking(flags.only));
  VARVE_ASSIGN_OR_RETURN(const sql::SqlScript script,
                         sql::RenderSql(snapshot, std::move(*section), options));
  if (!flags.split.empty()) {
    VARVE_RETURN_IF_ERROR(WriteFolder(flags.split, sql::SplitFiles(script)));
  } else if (path.empty()) {
    for (const absl::string_view piece : sql::Pieces(script)) {
      VARVE_RETURN_IF_ERROR(WriteData(piece));
    }
  } else {
    VARVE_RETURN_IF_ERROR(WriteFile(path, sql::Pieces(script)));
  }
  for (const std::string& missing : script.missing) Tell(absl::StrCat("missing: ", missing));
  return script.missing.empty() ? ExitCode::kDone : ExitCode::kCannotSay;
}

}  // namespace varve
