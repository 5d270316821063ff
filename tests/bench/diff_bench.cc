// How long a diff of two stored snapshots takes, from the store's file to the classified answer,
// turn by turn beside `git diff` of the same two as exported files, in the same run. Prints a table
// with the ratios; no assertion on time.
//
//   build/release/bench/diff_bench          10,000 tables of make_schema.py on a private server
//   build/release/bench/diff_bench TABLES   as many as that
// A second argument is the number of turns (5).
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/render/files.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/changes/diff_filter.h"
#include "snapshot/diff.h"
#include "storage/diff_pair.h"
#include "storage/known_before.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/bench/bench_database.h"
#include "tests/bench/bench_snapshot.h"
#include "tests/bench/contest.h"

namespace varve::testing {
namespace {

// The file is opened anew each time, as by a collector that has just started.
int DiffStored(const std::string& path, const SnapshotAt& before, const SnapshotAt& after) {
  const auto store = OpenSqliteStore(path);
  if (!Said(store.status())) return 1;
  const auto pair = LoadForDiff(**store, before, after);
  if (!Said(pair.status())) return 1;
  auto result = Diff(pair->before, pair->after, KnownBeforeIn(**store));
  if (!Said(result.status())) return 1;
  FilterDiff({}, pair->before, pair->after, *result);
  Classify(*result);
  return result->verdict() == v1::VERDICT_DIFFERENT ? 0 : 1;
}

// As before a diff knew what it needs: every shape of both.
int DiffWhole(const std::string& path, const SnapshotAt& before, const SnapshotAt& after) {
  const auto store = OpenSqliteStore(path);
  if (!Said(store.status())) return 1;
  const auto a = LoadSnapshot(**store, before.environment, before.seq);
  const auto b = LoadSnapshot(**store, after.environment, after.seq);
  if (!Said(a.status()) || !Said(b.status())) return 1;
  return Diff(*a, *b, KnownBeforeIn(**store)).ok() ? 0 : 1;
}

int GitDiff(const std::string& before, const std::string& after) {
  const std::string command =
      absl::StrCat("git diff --no-index '", before, "' '", after, "' >/dev/null");
  return std::system(command.c_str()) == 256 ? 0 : 1;  // exit code 1: they differ
}

// Twenty tables get a column, twenty others a comment.
constexpr char kChange[] = R"(
  DO $$ DECLARE each record; number int := 0; BEGIN
    FOR each IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind = 'r' AND NOT relispartition AND nspname NOT IN ('zoo', 'pg_catalog', 'information_schema')
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE c.oid IN (inhparent, inhrelid))
      ORDER BY n.nspname, c.relname LIMIT 40
    LOOP
      number := number + 1;
      IF number % 2 = 0 THEN EXECUTE format('ALTER TABLE %s ADD COLUMN bench_added int', each.name);
      ELSE EXECUTE format('COMMENT ON TABLE %s IS ''changed by the benchmark''', each.name); END IF;
    END LOOP;
  END $$)";
constexpr char kRename[] = R"(
  DO $$ DECLARE each regclass; BEGIN
    SELECT c.oid INTO each FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind = 'r' AND NOT relispartition AND nspname NOT IN ('zoo', 'pg_catalog', 'information_schema')
      ORDER BY n.nspname, c.relname LIMIT 1;
    EXECUTE format('ALTER TABLE %s RENAME TO bench_renamed', each);
  END $$)";

int Main(int64_t tables, int turns) {
  const auto server = StartBenchServer();
  if (server == nullptr || !LoadSchema(*server, "bench", tables)) return 1;
  const TemporaryFolder folder;
  const std::string path = folder.Path("varve.db");
  {
    const auto store = OpenSqliteStore(path);
    if (!Said(store.status())) return 1;
    const auto take = [&](int64_t number, const char* change) {
      if (change != nullptr && !Said(server->Run("bench", change))) return false;
      const Snapshot snapshot = GatherDatabase(server->Url("bench"), number);
      const auto files = WriteFourFiles(snapshot, folder.Path(absl::StrCat("at", number)), {});
      if (!Said(files.status()) || !Said(Keep(**store, snapshot, "prod"))) return false;
      std::printf("prod@%s: %zu lines\n", absl::StrCat(number).c_str(),
                  snapshot.sections.front().lines.size());
      return number != 2 || Said(Keep(**store, snapshot, "test"));
    };
    if (!take(1, nullptr) || !take(2, kChange) || !take(3, kRename)) return 1;
  }
  std::fflush(stdout);
  const SnapshotAt first = {"prod", 1};
  const SnapshotAt changed = {"prod", 2};
  const SnapshotAt renamed = {"prod", 3};
  const SnapshotAt clone = {"test", 1};
  return Compare(
      {{"40 tables changed", [&] { return DiffStored(path, first, changed); }},
       {"of two environments", [&] { return DiffStored(path, first, clone); }},
       {"a table renamed", [&] { return DiffStored(path, changed, renamed); }},
       {"reading every shape", [&] { return DiffWhole(path, first, changed); }},
       {"git diff of the files",
        [&] { return GitDiff(folder.Path("at1_schema.json"), folder.Path("at2_schema.json")); },
        "git"}},
      turns);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int64_t tables = 10000;
  int turns = 5;
  const bool understood = argc <= 3 && (argc < 2 || absl::SimpleAtoi(argv[1], &tables)) &&
                          (argc < 3 || absl::SimpleAtoi(argv[2], &turns)) && turns > 0;
  if (!understood) {
    std::fprintf(stderr, "usage: diff_bench [TABLES [TURNS]]\n");
    return 2;
  }
  return varve::testing::Main(tables, turns);
}
