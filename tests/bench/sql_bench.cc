// How long it takes to write a PostgreSQL database as SQL from its snapshot, turn by turn beside
// two peers in the same run: opening the snapshot, and pg_dump --schema-only, which reads the
// database anew. Then how long psql takes with what each wrote, in a new database. Prints tables
// with the ratios; no assertion on time.
//
//   build/release/bench/sql_bench           10,000 tables of make_schema.py on a private server
//   build/release/bench/sql_bench TABLES    as many as that
// A second argument is the number of turns (3).
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/postgres_source.h"
#include "cli/render/sql/sql.h"
#include "snapshot/section_view.h"
#include "tests/bench/bench_database.h"
#include "tests/bench/contest.h"

namespace varve::testing {
namespace {

Snapshot Gather(const std::string& connection) {
  PostgresConfig config;
  config.connection = connection;
  config.cluster = false;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  const auto source =
      MakePostgresSource(std::move(config), redactor, std::make_shared<KnownDatabases>());
  Snapshot snapshot;
  snapshot.sections = source->Gather(GatherLimits());
  return snapshot;
}

absl::StatusOr<sql::SqlScript> ScriptOf(const Snapshot& snapshot) {
  return sql::RenderSql(snapshot, snapshot.sections.front(), sql::SqlOptions());
}

int Write(const Snapshot& snapshot, const std::string& path) {
  const absl::StatusOr<sql::SqlScript> script = ScriptOf(snapshot);
  if (!script.ok()) return 1;
  std::ofstream(path) << sql::Joined(*script);
  return 0;
}

// Runs the script in a database of its own, made for this.
int Restore(const PostgresServer& server, const std::string& path, const sql::SqlScript* script) {
  if (!server.Run("postgres", "DROP DATABASE IF EXISTS again").ok() ||
      !server.Run("postgres", "CREATE DATABASE again TEMPLATE template0").ok()) {
    return 1;
  }
  std::vector<std::string> arguments = {
      NewestPostgres().bin_folder + "/psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1"};
  if (script != nullptr) {
    arguments.erase(arguments.begin() + 3);  // it is one transaction by itself
    for (const std::string& variable : script->variables) {
      arguments.insert(arguments.end(), {"-v", absl::StrCat(variable, "=x")});
    }
  }
  arguments.insert(arguments.end(), {"-f", path, "-d", server.Url("again")});
  return Become(std::move(arguments));
}

int Main(int tables, int turns) {
  const std::unique_ptr<PostgresServer> server = StartBenchServer();
  if (server == nullptr || !LoadSchema(*server, "bench", tables)) return 1;
  // pg_dump writes a language without its functions as an extension, which is not there.
  if (!server->Run("bench", "DROP LANGUAGE \"zoo lang\"").ok()) return 1;
  const Snapshot snapshot = Gather(server->Url("bench"));
  const absl::StatusOr<sql::SqlScript> script = ScriptOf(snapshot);
  if (!script.ok()) {
    std::fprintf(stderr, "%s\n", std::string(script.status().message()).c_str());
    return 1;
  }
  const TemporaryFolder folder;
  const std::string ours = folder.path() + "/ours.sql";
  const std::string theirs = folder.path() + "/theirs.sql";
  std::printf("%s, %d tables: %zu blocks, %zu missing\n\n",
              snapshot.sections.front().header.server().c_str(), tables, script->blocks.size(),
              script->missing.size());
  std::fflush(stdout);
  const int wrote =
      Compare({{"snapshot as SQL", [&] { return Write(snapshot, ours); }},
               {"open the snapshot",
                [&] { return SectionView::Of(snapshot.sections.front()).ok() ? 0 : 1; }, "opening"},
               {"pg_dump --schema-only",
                [&] {
                  return Become({NewestPostgres().bin_folder + "/pg_dump", "--schema-only", "-f",
                                 theirs, server->Url("bench")});
                },
                "pg_dump"}},
              turns);
  if (wrote != 0) return wrote;
  std::printf("\n");
  return Compare(
      {{"psql, of the snapshot", [&] { return Restore(*server, ours, &*script); }},
       {"psql, of pg_dump", [&] { return Restore(*server, theirs, nullptr); }, "pg_dump's"}},
      turns);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int tables = 10000;
  int turns = 3;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &tables)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &turns))) {
    std::fprintf(stderr, "usage: sql_bench [TABLES [TURNS]]\n");
    return 2;
  }
  return varve::testing::Main(tables, turns);
}
