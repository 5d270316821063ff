// How long it takes to write a PostgreSQL database as SQL from its snapshot, turn by turn beside
// its peers in the same run: loading the snapshot from a store, opening it too, and pg_dump
// --schema-only, which reads the database anew. Rendering is what the first takes beyond loading.
// Then how long psql takes with what each wrote, in a new database. Prints tables with the ratios;
// no assertion on time.
//
//   build/release/bench/sql_bench           10,000 tables of make_schema.py on a private server
//   build/release/bench/sql_bench TABLES    as many as that
// A second argument is the number of turns (3).
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/sql/sql.h"
#include "snapshot/section_view.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/bench/bench_database.h"
#include "tests/bench/bench_snapshot.h"
#include "tests/bench/contest.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

// Each contender has the snapshot from the store: this process never has it, so that what others
// take of its memory is not counted as theirs.
absl::StatusOr<Snapshot> Load(const std::string& store) {
  const auto opened = OpenSqliteStore(store);
  if (!opened.ok()) return opened.status();
  return LoadSnapshot(**opened, "bench", 1);
}

int Store(const std::string& connection, const std::string& path) {
  const auto store = OpenSqliteStore(path);
  return Said(store.status()) && Said(Keep(**store, GatherDatabase(connection), "bench")) ? 0 : 1;
}

int Open(const std::string& store) {
  const absl::StatusOr<Snapshot> snapshot = Load(store);
  return Said(snapshot.status()) && SectionView::Of(snapshot->sections.front()).ok() ? 0 : 1;
}

// Writes the script, and the names of its variables beside it.
int Write(const std::string& store, const std::string& path) {
  absl::StatusOr<Snapshot> snapshot = Load(store);
  if (!Said(snapshot.status())) return 1;
  const absl::StatusOr<sql::SqlScript> script =
      sql::RenderSql(*snapshot, std::move(snapshot->sections.front()), sql::SqlOptions());
  if (!Said(script.status())) return 1;
  std::ofstream file(path);
  for (const absl::string_view piece : sql::Pieces(*script)) file << piece;
  std::ofstream(path + ".variables") << absl::StrJoin(script->variables, " ");
  return 0;
}

std::vector<std::string> VariablesOf(const std::string& path) {
  std::ifstream file(path + ".variables");
  std::vector<std::string> names;
  for (std::string name; file >> name;) names.push_back(name);
  return names;
}

// Runs the script in a database of its own, made for this.
int Restore(const PostgresServer& server, const std::string& path, bool is_ours) {
  if (!server.Run("postgres", "DROP DATABASE IF EXISTS again").ok() ||
      !server.Run("postgres", "CREATE DATABASE again TEMPLATE template0").ok()) {
    return 1;
  }
  std::vector<std::string> arguments = {NewestPostgres().bin_folder + "/psql", "-X", "-q", "-v",
                                        "ON_ERROR_STOP=1"};
  if (!is_ours) arguments.emplace_back("-1");  // ours is one transaction by itself
  for (const std::string& variable : VariablesOf(path)) {
    arguments.insert(arguments.end(), {"-v", absl::StrCat(variable, "=x")});
  }
  arguments.insert(arguments.end(), {"-f", path, "-d", server.Url("again")});
  return Become(std::move(arguments));
}

int Main(int tables, int turns) {
  const std::unique_ptr<PostgresServer> server = StartBenchServer();
  if (server == nullptr || !LoadSchema(*server, "bench", tables)) return 1;
  // pg_dump writes a language without its functions as an extension, which is not there.
  if (!server->Run("bench", "DROP LANGUAGE \"zoo lang\"").ok()) return 1;
  const TemporaryFolder folder;
  const std::string store = folder.Path("varve.db");
  const std::string ours = folder.Path("ours.sql");
  const std::string theirs = folder.Path("theirs.sql");
  const std::string url = server->Url("bench");
  if (!Measure([&] { return Store(url, store); }).ok) return 1;
  std::printf("%d tables\n\n", tables);
  std::fflush(stdout);
  const int wrote = Compare({{"snapshot as SQL", [&] { return Write(store, ours); }},
                             {"load and open it", [&] { return Open(store); }, "opening"},
                             {"load it", [&] { return Load(store).ok() ? 0 : 1; }, "loading"},
                             {"pg_dump --schema-only",
                              [&] {
                                return Become({NewestPostgres().bin_folder + "/pg_dump",
                                               "--schema-only", "-f", theirs, url});
                              },
                              "pg_dump"}},
                            turns);
  if (wrote != 0) return wrote;
  std::printf("\n");
  return Compare(
      {{"psql, of the snapshot", [&] { return Restore(*server, ours, true); }},
       {"psql, of pg_dump", [&] { return Restore(*server, theirs, false); }, "pg_dump's"}},
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
