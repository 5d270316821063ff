// How long questions over time take in a store with many snapshots, turn by turn beside a peer in
// the same run: reading one of its snapshots whole. Prints a table with the ratios; no assertion on
// time.
//
//   build/release/bench/history_bench [SNAPSHOTS [TABLES]]
//
// 2,000 snapshots of 100 tables where nothing is named. Every tenth changes some tables, every
// hundredth the table that is asked about, every thousandth the type of its column `total`; every
// 97th could not be read. Each contender runs in a process of its own, which opens the file.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "collector/history.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/bench/contest.h"
#include "tests/bench/living_database.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

bool Fill(const std::string& file, const LifePlan& plan, int snapshots) {
  auto store = OpenSqliteStore(file);
  if (!store.ok()) return false;
  LivingDatabase database(plan, 0);
  for (int number = 1; number <= snapshots; ++number) {
    if (!Committed(**store, database.Next())) return false;
  }
  return true;
}

v1::HistoryRequest Request(const std::string& object) {
  v1::HistoryRequest request;
  request.set_reference("environment-0");
  request.set_object(object);
  return request;
}

bool HasVersions(const SnapshotStore& store, const std::string& object, int versions) {
  const auto history = HistoryIn(store, Request(object));
  if (history.ok() && history->versions_size() == versions) return true;
  std::fprintf(stderr, "%s: %s, %d versions\n", object.c_str(),
               std::string(history.status().message()).c_str(),
               history.ok() ? history->versions_size() : 0);
  return false;
}

bool HasLog(const SnapshotStore& store, int64_t since_us) {
  v1::LogRequest request;
  request.set_environment("environment-0");
  request.set_since_us(since_us);
  const auto log = LogOf(store, request);
  return log.ok() && log->changed_count() > 0;
}

int Main(int snapshots, int tables) {
  LifePlan plan;
  plan.tables = tables;
  const TemporaryFolder folder;
  const std::string file = folder.Path("life.db");
  if (!Fill(file, plan, snapshots)) return 1;
  const auto with_store = [&file](const std::function<bool(const SnapshotStore&)>& ask) {
    return [&file, ask] {
      const auto store = OpenSqliteStore(file);
      return store.ok() && ask(**store) ? 0 : 1;
    };
  };
  const int of_total = 1 + snapshots / plan.total_every;
  return Compare(
      {{"one snapshot, whole", with_store([](const SnapshotStore& store) {
          return LoadSnapshot(store, "environment-0", 1).ok();
        }),
        "one snapshot"},
       {"history of a column", with_store([&](const SnapshotStore& store) {
          return HasVersions(store, "public.table_0.total", of_total);
        })},
       {"history of one that stays", with_store([&](const SnapshotStore& store) {
          return HasVersions(store, "public.table_0.column_0", 1);
        })},
       {"history of its table", with_store([&](const SnapshotStore& store) {
          return HistoryIn(store, Request("public.table_0")).ok();
        })},
       {"blame of its table", with_store([&](const SnapshotStore& store) {
          return BlameIn(store, Request("public.table_0")).ok();
        })},
       {"log of the last 100", with_store([&](const SnapshotStore& store) {
          return HasLog(store, (snapshots - 100) * int64_t{3'600'000'000});
        })},
       {"log of all", with_store([&](const SnapshotStore& store) { return HasLog(store, 0); })}},
      5);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  const int snapshots = argc > 1 ? std::atoi(argv[1]) : 2000;
  const int tables = argc > 2 ? std::atoi(argv[2]) : 100;
  if (snapshots < 100 || tables < 1 || argc > 3) {
    std::fprintf(stderr, "usage: history_bench [SNAPSHOTS (100 or more) [TABLES]]\n");
    return 2;
  }
  return varve::testing::Main(snapshots, tables);
}
