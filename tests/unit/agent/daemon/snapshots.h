// Small gathered snapshots, for tests of what becomes of them.
#pragma once

#include <map>
#include <string>

#include "snapshot/section.h"

namespace varve::testing {

// The id of the snapshot of that number: the same at every call.
std::string TestId(int number);

// A snapshot of environment "prod": one complete section "postgres" with a table for each of
// `tables`, which has one column of the name that stands beside it.
Snapshot TestSnapshot(int number, const std::map<std::string, std::string>& tables);

}  // namespace varve::testing
