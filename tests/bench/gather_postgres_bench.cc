// How long a gather of a PostgreSQL database takes, what it costs the server, and its peak memory,
// in the same run, turn by turn, beside two peers: pg_dump --schema-only, and the floor, which is
// one psql that copies what a gather asks for. Prints a table with the ratios; no assertion on
// time. Then how long an agent takes that reads again: where nothing was written in the cluster,
// and where something was, but no catalog.
//
//   build/release/bench/gather_postgres_bench              1,000 tables of make_schema.py on a
//                                                          private server
//   build/release/bench/gather_postgres_bench 10000        as many as that
//   build/release/bench/gather_postgres_bench CONNECTION   a database of yours: a libpq keyword
//                                                          string or URL
// A second argument is the number of turns (5). Or how time and memory grow, in one table:
//   build/release/bench/gather_postgres_bench --scale           of 100, 1,000 and 10,000 tables
//   build/release/bench/gather_postgres_bench --scale 100000    and of 100,000, which takes a
//                                                               quarter of an hour to load
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/catalog_query.h"
#include "agent/source/postgres/postgres_source.h"
#include "agent/source/postgres/printings.h"
#include "agent/source/postgres/session_settings.h"
#include "tests/bench/bench_database.h"
#include "tests/bench/contest.h"

namespace varve::testing {
namespace {

Section GatherOnce(const std::string& connection, bool measures, int connections = 1) {
  PostgresConfig config;
  config.connections = connections;
  config.connection = connection;
  config.include_measures = measures;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  std::vector<Section> sections =
      MakePostgresSource(std::move(config), redactor, std::make_shared<KnownDatabases>())
          ->Gather(GatherLimits());
  return std::move(sections.front());
}

int Gather(const std::string& connection, bool measures, int connections = 1) {
  const Section section = GatherOnce(connection, measures, connections);
  return section.header.status() == v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

double Median(std::vector<double> figures) {
  std::sort(figures.begin(), figures.end());
  return figures[figures.size() / 2];
}

// Of one source that reads again and again.
int ReadAgain(const std::string& connection, int turns) {
  PostgresConfig config;
  config.connection = connection;
  config.cluster = false;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  const auto source = MakePostgresSource(config, redactor, std::make_shared<KnownDatabases>());
  const auto time = [&source] {
    const absl::Time begin = absl::Now();
    source->Gather(GatherLimits());
    return absl::ToDoubleSeconds(absl::Now() - begin);
  };
  const auto writer = PostgresSession::Open(connection);
  if (!writer.ok()) return 1;
  time();  // keeps nothing
  const double whole = time();
  std::vector<double> idle, rows;
  for (int turn = 0; turn < turns; ++turn) {
    idle.push_back(time());
    if (!(*writer)->Query("SELECT txid_current()").ok()) return 1;
    rows.push_back(time());
  }
  std::printf(
      "\n| reading again, medians of %d turns | wall s | / whole |\n| --- | ---: | ---: |\n",
      turns);
  const std::pair<const char*, double> lines[] = {{"whole, with marks and figures", whole},
                                                  {"nothing was written", Median(idle)},
                                                  {"no catalog was written", Median(rows)}};
  for (const auto& [name, seconds] : lines) {
    std::printf("| %-32s | %6.3f | %7.2f |\n", name, seconds, seconds / whole);
  }
  std::fflush(stdout);
  return 0;
}

// What there is to gather.
int Describe(const std::string& connection) {
  const Section section = GatherOnce(connection, true);
  size_t bytes = 0;
  for (const auto& [hash, shape] : section.shapes) bytes += shape.size();
  std::printf("%s: %zu lines, %zu shapes of %.1f MiB, %d entities with measures of %.1f MiB\n",
              section.header.server().c_str(), section.lines.size(), section.shapes.size(),
              static_cast<double>(bytes) / 1048576, section.measures->entities_size(),
              static_cast<double>(section.measures->ByteSizeLong()) / 1048576);
  for (const auto& error : section.header.errors()) {
    std::printf("  %s: %s\n", error.doing().c_str(), error.why().c_str());
  }
  std::fflush(stdout);
  return section.header.status() == v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

// What a gather without measures asks for, whatever it does with the answers: the rows of the
// catalogs, and the expressions that the server prints. `version` as 150018.
std::string Floor(int version) {
  std::string script = postgres::BeginReadOnly(postgres::Isolation::kRepeatableRead, {}, "UTF8");
  for (const postgres::CatalogQuery* const query : postgres::DatabaseQueries()) {
    if (query->since > version / 10000) continue;
    absl::StrAppend(&script, postgres::CopyStatement(*query, version), ";\n");
  }
  absl::StrAppend(&script, "COMMIT;\n",
                  postgres::BeginReadOnly(postgres::Isolation::kReadCommitted, {}, "UTF8"));
  for (const postgres::Printing& printing : postgres::Printings()) {
    if (printing.since > version / 10000) continue;
    absl::StrAppend(&script, "COPY (", printing.query, " AND ", printing.object,
                    " >= 16384) TO STDOUT;\n");
  }
  return script + "COMMIT;\n";
}

int ServerVersion(const std::string& connection) {
  const auto session = PostgresSession::Open(connection);
  if (!session.ok()) return 0;
  const auto answer = (*session)->Query("SHOW server_version_num");
  int version = 0;
  if (!answer.ok() || !absl::SimpleAtoi(answer->front().front(), &version)) return 0;
  return version;
}

// One that reads three times: the second and the third read keep what they read.
int GatherThrice(const std::string& connection) {
  PostgresConfig config;
  config.connection = connection;
  config.cluster = false;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  const auto source = MakePostgresSource(config, redactor, std::make_shared<KnownDatabases>());
  for (int read = 0; read < 3; ++read) {
    const std::vector<Section> sections = source->Gather(GatherLimits());
    if (sections.front().header.status() == v1::SECTION_STATUS_UNAVAILABLE) return 1;
  }
  return 0;
}

// Of databases from 100 tables up to `largest`, ten times as many each: what a first read takes,
// also for 1,000 tables of them, and the peak of an agent that reads again.
int Scale(int largest) {
  constexpr int kTurns = 3;
  const auto server = StartBenchServer();
  if (server == nullptr) return 1;
  std::string table =
      "| tables | wall s | client CPU s | peak MiB | wall s / 1,000 | peak MiB / 1,000 | peak MiB "
      "of one that reads again |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (int64_t tables = 100; tables <= largest; tables *= 10) {
    const std::string database = absl::StrCat("bench_", tables);
    if (!LoadSchema(*server, database, tables)) return 1;
    const std::string connection = server->Url(database);
    std::vector<double> wall, cpu, peak;
    for (int turn = 0; turn < kTurns; ++turn) {
      const Run run = Measure([&] { return Gather(connection, true); });
      if (!run.ok) return 1;
      wall.push_back(run.wall_s);
      cpu.push_back(run.cpu_s);
      peak.push_back(run.peak_mib);
    }
    const Run again = Measure([&] { return GatherThrice(connection); });
    if (!again.ok) return 1;
    const double thousands = static_cast<double>(tables) / 1000;
    absl::StrAppendFormat(&table, "| %6d | %6.2f | %12.2f | %8.1f | %14.3f | %16.2f | %30.1f |\n",
                          tables, Median(wall), Median(cpu), Median(peak), Median(wall) / thousands,
                          Median(peak) / thousands, again.peak_mib);
  }
  std::printf("%s", table.c_str());
  return 0;
}

int Main(const std::string& what, int turns) {
  std::string connection = what;
  std::unique_ptr<PostgresServer> server;
  if (int tables = 0; absl::SimpleAtoi(what, &tables)) {
    server = StartBenchServer();
    if (server == nullptr || !LoadSchema(*server, "bench", tables)) return 1;
    connection = server->Url("bench");
  }
  if (!Measure([&] { return Describe(connection); }).ok) return 1;
  const TemporaryFolder folder;
  const std::string floor = folder.Path("floor.sql");
  std::ofstream(floor) << Floor(ServerVersion(connection));
  const std::vector<Contender> contenders = {
      {"gather", [&] { return Gather(connection, true); }},
      {"the same, 2 connections ", [&] { return Gather(connection, true, 2); }},
      {"gather without measures", [&] { return Gather(connection, false); }},
      {"the same, 2 connections", [&] { return Gather(connection, false, 2); }},
      {"the floor: psql, COPY",
       [&] {
         return Become(
             {"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", connection, "-f", floor});
       },
       "floor"},
      {"pg_dump --schema-only",
       [&] {
         return Become({"pg_dump", "--schema-only", "--dbname", connection});
       },
       "pg_dump"}};
  std::function<double()> server_cpu;
  if (server != nullptr) server_cpu = [&] { return CpuOfChildren(server->pid()); };
  if (Compare(contenders, turns, server_cpu) != 0) return 1;
  const Run again = Measure([&] { return ReadAgain(connection, turns); });
  std::printf("peak of the agent that reads again: %.1f MiB\n", again.peak_mib);
  return again.ok ? 0 : 1;
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "1000";
  const bool scale = what == "--scale";
  int number = scale ? 10000 : 5;  // the largest database, or turns
  if (argc > 3 || (argc == 3 && (!absl::SimpleAtoi(argv[2], &number) || number < 1))) {
    std::fprintf(stderr,
                 "usage: gather_postgres_bench [TABLES | CONNECTION [TURNS]]\n"
                 "       gather_postgres_bench --scale [LARGEST]\n");
    return 2;
  }
  return scale ? varve::testing::Scale(number) : varve::testing::Main(what, number);
}
