// How long a gather of a PostgreSQL database takes, and its peak memory, beside pg_dump
// --schema-only of the same database in the same run: gather_postgres_bench CONNECTION [RUNS]. No
// assertion on time.
//
// A database to measure: createdb big && python3 tests/bench/make_schema.py --tables 1000 | psql -X
// -q -d big
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/postgres_source.h"

namespace {

struct Run {
  double wall_s = 0;
  double cpu_s = 0;     // of the client
  double peak_mib = 0;  // resident memory of the client
  bool ok = false;
};

// Runs `body` in a process of its own, so that its peak is its own.
template <typename Body>
Run Measure(Body body) {
  const absl::Time begin = absl::Now();
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 1;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return {};
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return {
      absl::ToDoubleSeconds(absl::Now() - begin), seconds(usage.ru_utime) + seconds(usage.ru_stime),
      static_cast<double>(usage.ru_maxrss) / 1024, WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

int Gather(const std::string& connection, bool measures, bool say) {
  varve::PostgresConfig config;
  config.connection = connection;
  config.include_measures = measures;
  const auto redactor =
      std::make_shared<const varve::Redactor>(varve::MaskKey{"bench", std::string(32, 'k')});
  const varve::Section section =
      varve::MakePostgresSource(std::move(config), redactor)->Gather(varve::GatherLimits());
  size_t bytes = 0;
  for (const auto& [hash, shape] : section.shapes) bytes += shape.size();
  if (say) {
    std::printf("%s: %zu lines, %zu shapes of %.1f MiB, %d entities with measures\n",
                section.header.server().c_str(), section.lines.size(), section.shapes.size(),
                static_cast<double>(bytes) / 1048576, section.measures.entities_size());
    for (const auto& error : section.header.errors()) {
      std::printf("  %s: %s\n", error.doing().c_str(), error.why().c_str());
    }
    std::fflush(stdout);
  }
  return section.header.status() == varve::v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

int Dump(const std::string& connection) {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) return 1;
  execlp("pg_dump", "pg_dump", "--schema-only", "--dbname", connection.c_str(), nullptr);
  return 1;
}

template <typename Body>
void Report(const char* what, int runs, Body body) {
  std::vector<double> walls;
  Run run;
  for (int i = 0; i < runs; ++i) {
    run = Measure(body);
    walls.push_back(run.wall_s);
  }
  std::sort(walls.begin(), walls.end());
  std::printf("%-28s %8.2f %8.2f %10.2f %10.0f%s\n", what, walls.front(), walls[walls.size() / 2],
              run.cpu_s, run.peak_mib, run.ok ? "" : "   did not succeed");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int runs = 3;
  if (argc < 2 || argc > 3 || (argc == 3 && (!absl::SimpleAtoi(argv[2], &runs) || runs < 1))) {
    std::fprintf(stderr, "usage: gather_postgres_bench CONNECTION [RUNS]\n");
    return 2;
  }
  const std::string connection = argv[1];
  if (Measure([&] { return Gather(connection, true, true); }).ok == false) return 1;
  std::printf("%-28s %8s %8s %10s %10s\n", "", "best s", "median s", "client s", "peak MiB");
  Report("gather", runs, [&] { return Gather(connection, true, false); });
  Report("gather without measures", runs, [&] { return Gather(connection, false, false); });
  Report("pg_dump --schema-only", runs, [&] { return Dump(connection); });
  return 0;
}
