#include "tests/bench/bench_database.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace varve::testing {

std::unique_ptr<PostgresServer> StartBenchServer() {
  PostgresServer::Options options;
  // No process of the server's own may count.
  options.settings = {"shared_buffers=256MB", "max_locks_per_transaction=20000", "autovacuum=off"};
  auto server = PostgresServer::Start(options);
  if (server.ok()) return *std::move(server);
  std::fprintf(stderr, "%s\n", std::string(server.status().message()).c_str());
  return nullptr;
}

bool LoadSchema(PostgresServer& server, const std::string& database, int64_t tables) {
  std::fprintf(stderr, "loading %s tables\n", absl::StrCat(tables).c_str());
  const absl::Status made = server.CreateDatabase(database);
  if (!made.ok()) {
    std::fprintf(stderr, "%s\n", std::string(made.message()).c_str());
    return false;
  }
  const std::string load =
      absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER, "/make_schema.py' --tables ", tables,
                   " --pg ", server.major(),
                   " | PGOPTIONS='-c client_min_messages=error' psql -X -q -v ON_ERROR_STOP=1 -d '",
                   server.Url(database), "'");
  return std::system(load.c_str()) == 0 && server.Run(database, "ANALYZE").ok();
}

}  // namespace varve::testing
