// Databases that scripts of the project make: that of tests/bench/make_schema.py, with a zoo of
// every kind of object, and that of the demo. Both have made-up secrets ("s3cret…") in places that
// can hold one.
#pragma once

#include <string>

#include "tests/support/postgres_server.h"

namespace varve::testing {

// Fills `database`, named in its roles as `role_prefix` says: roles are the whole server's.
// `arguments` are the script's. Fails the test where it or psql does.
void LoadGenerated(const PostgresServer& server, const std::string& database,
                   const std::string& role_prefix, const std::string& arguments);

// The demo's functions are of PostgreSQL 14 and newer.
inline bool HasDemo(int major) { return major >= 14; }

// Fills `database` with the demo. Fails the test where psql does.
void LoadDemo(const PostgresServer& server, const std::string& database);

}  // namespace varve::testing
