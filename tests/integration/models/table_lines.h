// A mapped table as lines of text, for tests to compare.
#pragma once

#include <string>
#include <vector>

#include "varve/v1/models.pb.h"

namespace varve::testing {

// One line a column: "name: type not null = default identity as expression ~ what the mapper fills
// in (labels)".
std::vector<std::string> ColumnLines(const v1::ModelTable& table);

// The primary key, then one line a foreign key, unique constraint, index and check.
std::vector<std::string> KeyLines(const v1::ModelTable& table);

// Names of what a table, or a column of it ("price.type"), says that it does not know.
std::vector<std::string> UnknownOf(const v1::ModelTable& table);

}  // namespace varve::testing
