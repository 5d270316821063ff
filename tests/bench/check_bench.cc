// How long the rules take over the snapshot of a PostgreSQL database, turn by turn beside a peer in
// the same run: opening the same snapshot, every shape of it verified and parsed, which a check
// does too. Prints a table with the ratios, then what the slowest rules took; no assertion on
// time.
//
//   build/release/bench/check_bench              10,000 tables of make_schema.py, private server
//   build/release/bench/check_bench TABLES       as many as that
//   build/release/bench/check_bench CONNECTION   a database of yours: a libpq keyword string or URL
// A second argument is the number of turns (5).
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "snapshot/rules/rules.h"
#include "snapshot/section_view.h"
#include "tests/bench/bench_database.h"
#include "tests/bench/bench_snapshot.h"
#include "tests/bench/contest.h"

namespace varve::testing {
namespace {

int Open(const Snapshot& snapshot) {
  for (const Section& section : snapshot.sections) {
    if (!SectionView::Of(section).ok()) return 1;
  }
  return 0;
}

int CheckWith(const Snapshot& snapshot, const std::vector<std::string>& ids) {
  return Check(snapshot, ids).ok() ? 0 : 1;
}

// What all rules take, and each by itself, without opening the snapshot: the least of three times.
// Each alone pays for what it else shares with others.
void PrintSlowest(const Snapshot& snapshot, const std::vector<std::string>& ids) {
  constexpr size_t kMost = 8;
  const auto seconds_of = [&snapshot](const std::vector<std::string>& rules) {
    double least = 1e9;
    for (int turn = 0; turn < 3; ++turn) {
      const absl::Time begin = absl::Now();
      (void)CheckWith(snapshot, rules);  // an error was one before
      least = std::min(least, absl::ToDoubleSeconds(absl::Now() - begin));
    }
    return least;
  };
  const double opening = seconds_of({});
  std::vector<std::pair<double, std::string>> rules;
  for (const std::string& id : ids) rules.emplace_back(seconds_of({id}) - opening, id);
  std::sort(rules.rbegin(), rules.rend());
  std::printf("\n| without opening | s |\n| --- | ---: |\n| %-32s | %.3f |\n",
              "all rules of PostgreSQL", seconds_of(ids) - opening);
  for (size_t i = 0; i < std::min(kMost, rules.size()); ++i) {
    std::printf("| %-32s | %.3f |\n", rules[i].second.c_str(), rules[i].first);
  }
}

int Main(const std::string& what, int turns) {
  std::string connection = what;
  std::unique_ptr<PostgresServer> server;
  if (int tables = 0; absl::SimpleAtoi(what, &tables)) {
    server = StartBenchServer();
    if (server == nullptr || !LoadSchema(*server, "bench", tables)) return 1;
    connection = server->Url("bench");
  }
  const Snapshot snapshot = GatherDatabase(connection);
  const auto usual = RulesNamed({});
  const auto all = RulesNamed(std::vector<std::string>{"pg/*"});
  if (!usual.ok() || !all.ok()) return 1;
  const auto result = Check(snapshot, *all);
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", std::string(result.status().message()).c_str());
    return 1;
  }
  std::printf("%s: %zu lines; %zu findings by %zu rules, %zu could not be said\n",
              snapshot.sections.front().header.server().c_str(),
              snapshot.sections.front().lines.size(), result->findings.size(), all->size(),
              result->cannot_say.size());
  std::fflush(stdout);
  const int compared =
      Compare({{"rules asked by default", [&] { return CheckWith(snapshot, *usual); }},
               {"all rules of PostgreSQL", [&] { return CheckWith(snapshot, *all); }},
               {"opening the snapshot", [&] { return Open(snapshot); }, "opening"}},
              turns);
  PrintSlowest(snapshot, *all);
  return compared;
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int turns = 5;
  if (argc > 3 || (argc == 3 && (!absl::SimpleAtoi(argv[2], &turns) || turns < 1))) {
    std::fprintf(stderr, "usage: check_bench [TABLES | CONNECTION [TURNS]]\n");
    return 2;
  }
  return varve::testing::Main(argc > 1 ? argv[1] : "10000", turns);
}
