#include "tests/integration/postgres/dump.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace varve::testing {

bool IsDumped(int major) { return major <= NewestPostgres().major; }

void WriteDump(const PostgresServer& server, const std::string& database, const std::string& path,
               const std::string& options) {
  const std::string command =
      absl::StrCat(NewestPostgres().bin_folder, "/pg_dump --schema-only ", options, " -f '", path,
                   "' '", server.Url(database), "'");
  ASSERT_EQ(std::system(command.c_str()), 0);
}

std::string DumpOf(const PostgresServer& server, const std::string& database,
                   const std::string& options) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/", database, ".sql");
  WriteDump(server, database, path, options);
  std::ostringstream dump;
  dump << std::ifstream(path).rdbuf();
  std::remove(path.c_str());
  return dump.str();
}

std::map<std::string, size_t> DumpedTypes(const std::string& dump) {
  std::map<std::string, size_t> types;
  for (const absl::string_view line : absl::StrSplit(dump, '\n')) {
    if (!absl::StartsWith(line, "-- Name: ")) continue;
    const size_t begin = line.find("; Type: ");
    if (begin == absl::string_view::npos) continue;
    const absl::string_view type = line.substr(begin + 8);
    ++types[std::string(type.substr(0, type.find(';')))];
  }
  return types;
}

}  // namespace varve::testing
