#include "tests/integration/postgres/generated.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve::testing {

void LoadGenerated(const PostgresServer& server, const std::string& database,
                   const std::string& role_prefix, const std::string& arguments) {
  const char* const source = std::getenv("VARVE_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "ctest sets it";
  const std::string load =
      absl::StrCat("/usr/bin/python3 '", source, "/tests/bench/make_schema.py' ", arguments,
                   " --pg ", server.major(), " --role-prefix ", role_prefix,
                   " | psql -X -q -v ON_ERROR_STOP=1 -d '", server.Url(database), "'");
  ASSERT_EQ(std::system(load.c_str()), 0);
}

void LoadDemo(const PostgresServer& server, const std::string& database) {
  const char* const source = std::getenv("VARVE_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "ctest sets it";
  VARVE_ASSERT_OK(server.RunFile(database, absl::StrCat(source, "/deploy/demo/schema.sql")));
}

}  // namespace varve::testing
