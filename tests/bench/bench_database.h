// Databases of the generator make_schema.py on a server of one's own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/postgres_server.h"

namespace varve::testing {

// A private server, in which no process of its own works beside; null where one could not be had:
// why stands on stderr.
std::unique_ptr<PostgresServer> StartBenchServer();

// Makes a database of so many tables, analysed. False where that failed; it was said.
bool LoadSchema(PostgresServer& server, const std::string& database, int64_t tables);

}  // namespace varve::testing
