// What pg_dump says of a test's database: the measure of complete.
#pragma once

#include <map>
#include <string>

#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {

// Whether the newest pg_dump at hand reads that server.
bool IsDumped(int major);

// `pg_dump --schema-only`, as SQL, into a file or as text. Fails the test where pg_dump does.
void WriteDump(const PostgresServer& server, const std::string& database, const std::string& path,
               const std::string& options = "");
// `options` are pg_dump's.
std::string DumpOf(const PostgresServer& server, const std::string& database,
                   const std::string& options = "");

// How often a dump has each type of object, by its heads: "-- Name: …; Type: OPERATOR CLASS; …".
std::map<std::string, size_t> DumpedTypes(const std::string& dump);

}  // namespace varve::testing
